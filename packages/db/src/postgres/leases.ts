import { checked } from "../checked-limit.ts";
import { and, asc, eq, isNull, lte, or, sql } from "../drizzle.ts";
import { bySoonestExpiry, historyOf, leased, leaseSlots, uniqueOwner } from "../leased.ts";
import type { Lease, RefreshAttempt } from "../records.ts";
import type { Store } from "../store.ts";
import type { Announce } from "./announcements.ts";
import { connectionRecordColumns } from "./columns.ts";
import type { Engine, Statement } from "./engine.ts";
import { connections, refreshAttempts } from "./schema.ts";
import { slot, slotsOf } from "./slots.ts";
import { prepareWritesUnderLease, underHistoryNames } from "./writes-under-lease.ts";

type LeaseMethods = Pick<Store, "claimDue" | "claimOne" | "saveRefreshed" | "recordFailure" | "releaseLease">;

/** What a test puts in the place of the database's clock, in milliseconds since 1970. */
export type LeaseClock = (() => number) | undefined;

/**
 * Claims on connections, and the writes that need one. All are repeatable: an owner that a claim made up
 * takes its own lease again, and a history row tells that a write was done.
 */
export function createLeaseMethods(engine: Engine, announce: Announce, leaseClock: LeaseClock): LeaseMethods {
  const { write } = engine;
  const statements = prepareStatements(engine.db);
  const repeatable = { isRepeatable: true };
  const newLease = (owner: string, leaseMs: number) => ({
    leaseOwner: uniqueOwner(owner),
    leaseMs,
    leaseNow: leaseClock === undefined ? null : new Date(leaseClock()),
  });

  /** Writes under a lease; the history is written only where the lease still held. */
  const writeUnderLease = async (
    statement: Statement<{ rowCount: number | null }>,
    { lease, history }: { lease: Lease; history: RefreshAttempt },
    values: Record<string, unknown>,
  ): Promise<boolean> => {
    const row = historyOf(lease, history);
    const isDone = await write(async (run, isRepeat) => {
      const [written, noted] = await Promise.all([
        run(statement, { ...leaseSlots(lease), ...values, ...underHistoryNames(row) }),
        isRepeat ? run(statements.findHistory, { historyId: row.id, connectionId: row.connectionId }) : [],
      ]);
      return written.rowCount === 1 || noted.length > 0;
    }, repeatable);
    if (isDone) announce();
    return isDone;
  };

  return {
    claimDue: async ({ owner, now, leaseMs, limit }) => {
      const values = { ...newLease(owner, leaseMs), now, limit: checked(limit) };
      const rows = await write((run) => run(statements.claimDue, values), repeatable);
      return rows.sort(bySoonestExpiry).map((row) => leased(row, values.leaseOwner));
    },

    claimOne: async ({ connectionId, owner, leaseMs }) => {
      const values = { ...newLease(owner, leaseMs), id: connectionId };
      const [[row], [connection]] = await write(
        (run) => Promise.all([run(statements.claimOne, values), run(statements.find, values)]),
        repeatable,
      );
      if (row !== undefined) return { kind: "leased", ...leased(row, values.leaseOwner) };
      if (connection === undefined || connection.status === "disconnected") return { kind: "missing" };
      return { kind: "busy", connection };
    },

    saveRefreshed: ({ lease, token, history, now }) =>
      writeUnderLease(
        statements.saveRefreshed,
        { lease, history },
        { ...token, renewedAt: now, updatedAt: now },
      ),

    recordFailure: ({ lease, reconnectReason, errorCode, nextRefreshAt, history, now }) =>
      writeUnderLease(
        statements.recordFailure,
        { lease, history },
        {
          statusReason: reconnectReason,
          lastErrorCode: errorCode,
          lastErrorAt: now,
          nextRefreshAt,
          updatedAt: now,
        },
      ),

    releaseLease: async (lease, nextRefreshAt) => {
      const values = { ...leaseSlots(lease), nextRefreshAt };
      await write((run) => run(statements.release, values), { isDurable: false, isRepeatable: true });
      if (nextRefreshAt !== null) announce();
    },
  };
}

function prepareStatements(db: Engine["db"]) {
  const slots = slotsOf(connections);
  // A lease goes by the database's clock, so that two hosts agree; a transaction's own time is never late.
  const leaseNow = sql`coalesce(${slot(connections.leaseUntil, "leaseNow")}, now())`;
  const isFree = or(
    isNull(connections.leaseUntil),
    lte(connections.leaseUntil, leaseNow),
    eq(connections.leaseOwner, slots.leaseOwner),
  );
  const lease = sql`${sql.placeholder("leaseMs")}::double precision * interval '1 millisecond'`;
  const takeLease = { leaseOwner: slots.leaseOwner, leaseUntil: sql`${leaseNow} + ${lease}` };

  // The status as text, not as a value: the index `connections_due` is seen to fit whatever the plan.
  const due = db.$with("due").as(
    db
      .select({ id: connections.id })
      .from(connections)
      .where(
        and(
          sql`${connections.status} = 'active'`,
          lte(connections.nextRefreshAt, slot(connections.nextRefreshAt, "now")),
          isFree,
        ),
      )
      // As the index has them: an order of its own would read and sort everything due for each batch.
      .orderBy(asc(connections.nextRefreshAt))
      .limit(sql.placeholder("limit"))
      .for("update", { skipLocked: true }),
  );

  return {
    claimDue: db
      .with(due)
      .update(connections)
      .set(takeLease)
      // An array, not a join: what was found is looked up by its key, whatever the planner thinks of numbers.
      .where(sql`${connections.id} = any(array(select ${due.id} from ${due}))`)
      .returning(connectionRecordColumns)
      .prepare(""),
    claimOne: db
      .update(connections)
      .set(takeLease)
      .where(and(eq(connections.id, slots.id), sql`${connections.status} <> 'disconnected'`, isFree))
      .returning(connectionRecordColumns)
      .prepare(""),
    find: db
      .select(connectionRecordColumns)
      .from(connections)
      .where(eq(connections.id, slots.id))
      .prepare(""),
    findHistory: db
      .select({ id: refreshAttempts.id })
      .from(refreshAttempts)
      .where(
        and(
          eq(refreshAttempts.id, slot(refreshAttempts.id, "historyId")),
          eq(refreshAttempts.connectionId, slot(refreshAttempts.connectionId, "connectionId")),
        ),
      )
      .prepare(""),
    ...prepareWritesUnderLease(db),
  };
}
