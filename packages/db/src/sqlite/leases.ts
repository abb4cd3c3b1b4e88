import { checked } from "../checked-limit.ts";
import { and, asc, eq, inArray, isNull, lte, or, sql } from "../drizzle.ts";
import { bySoonestExpiry, historyOf, leased, leaseSlots, uniqueOwner } from "../leased.ts";
import type { Lease, RefreshAttempt } from "../records.ts";
import { slot, slotsOf } from "../slots.ts";
import type { Store } from "../store.ts";
import { connectionRecordColumns } from "./columns.ts";
import type { Engine } from "./engine.ts";
import { connections, refreshAttempts } from "./schema.ts";

type LeaseMethods = Pick<Store, "claimDue" | "claimOne" | "saveRefreshed" | "recordFailure" | "releaseLease">;

/** Claims on connections, and the writes that need one. */
export function createLeaseMethods(engine: Engine, leaseNow: () => number): LeaseMethods {
  const { write, writeWithoutSync } = engine;
  const statements = prepareStatements(engine);

  /** Writes under a lease; the history is written only where the lease still held. */
  const writeUnderLease = (lease: Lease, history: RefreshAttempt, update: () => { changes: number }) =>
    write(() => {
      const held = update().changes === 1;
      if (held) statements.insertHistory.run(historyOf(lease, history));
      return held;
    });

  return {
    claimDue: ({ owner, now, leaseMs, limit }) =>
      writeWithoutSync(() => {
        const values = { ...newLease(owner, leaseNow(), leaseMs), now, limit: checked(limit) };
        const rows = statements.claimDue.all(values).sort(bySoonestExpiry);
        return rows.map((row) => leased(row, values.leaseOwner));
      }),

    claimOne: ({ connectionId, owner, leaseMs }) =>
      writeWithoutSync(() => {
        const values = { ...newLease(owner, leaseNow(), leaseMs), id: connectionId };
        const row = statements.claimOne.get(values);
        if (row !== undefined) return { kind: "leased", ...leased(row, values.leaseOwner) };
        const connection = statements.find.get({ id: connectionId });
        if (connection === undefined || connection.status === "disconnected") return { kind: "missing" };
        return { kind: "busy", connection };
      }),

    saveRefreshed: ({ lease, token, history, now }) =>
      writeUnderLease(lease, history, () =>
        statements.saveRefreshed.run({ ...leaseSlots(lease), ...token, renewedAt: now, updatedAt: now }),
      ),

    recordFailure: ({ lease, reconnectReason, errorCode, nextRefreshAt, history, now }) =>
      writeUnderLease(lease, history, () =>
        statements.recordFailure.run({
          ...leaseSlots(lease),
          statusReason: reconnectReason,
          lastErrorCode: errorCode,
          lastErrorAt: now,
          nextRefreshAt,
          updatedAt: now,
        }),
      ),

    releaseLease: (lease, nextRefreshAt) =>
      writeWithoutSync(() => void statements.release.run({ ...leaseSlots(lease), nextRefreshAt })),
  };
}

/** A lease from now on. */
function newLease(owner: string, leaseNow: number, leaseMs: number) {
  return {
    leaseOwner: uniqueOwner(owner),
    leaseUntil: new Date(leaseNow + leaseMs),
    leaseNow: new Date(leaseNow),
  };
}

function prepareStatements({ db }: Engine) {
  const slots = slotsOf(connections);
  const isFree = or(
    isNull(connections.leaseUntil),
    lte(connections.leaseUntil, slot(connections.leaseUntil, "leaseNow")),
  );
  // The status as text, not as a value: SQLite must see that the index `connections_due` fits.
  const due = db
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(
        sql`${connections.status} = 'active'`,
        lte(connections.nextRefreshAt, slot(connections.nextRefreshAt, "now")),
        isFree,
      ),
    )
    // As the index has them: an order of its own would visit and sort everything due for each batch.
    .orderBy(asc(connections.nextRefreshAt))
    .limit(sql.placeholder("limit"));
  const takeLease = { leaseOwner: slots.leaseOwner, leaseUntil: slots.leaseUntil };

  return {
    claimDue: db
      .update(connections)
      .set(takeLease)
      .where(inArray(connections.id, due))
      .returning(connectionRecordColumns)
      .prepare(),
    claimOne: db
      .update(connections)
      .set(takeLease)
      .where(and(eq(connections.id, slots.id), sql`${connections.status} <> 'disconnected'`, isFree))
      .returning(connectionRecordColumns)
      .prepare(),
    find: db.select(connectionRecordColumns).from(connections).where(eq(connections.id, slots.id)).prepare(),
    insertHistory: db.insert(refreshAttempts).values(slotsOf(refreshAttempts)).prepare(),
    ...prepareWritesUnderLease({ db }),
  };
}

function prepareWritesUnderLease({ db }: Pick<Engine, "db">) {
  const slots = slotsOf(connections);
  const isHeld = and(
    eq(connections.id, slots.id),
    eq(connections.leaseOwner, slots.leaseOwner),
    eq(connections.version, slots.version),
  );
  const noLease = { leaseOwner: null, leaseUntil: null };
  const isReconnect = sql`${slots.statusReason} is not null`;
  const nextOrSame = sql`coalesce(${slots.nextRefreshAt}, ${connections.nextRefreshAt})`;

  return {
    saveRefreshed: db
      .update(connections)
      .set({
        sealedToken: slots.sealedToken,
        tokenIssuedAt: slots.tokenIssuedAt,
        tokenExpiresAt: slots.tokenExpiresAt,
        isExpiryEstimated: slots.isExpiryEstimated,
        permissions: slots.permissions,
        nextRefreshAt: slots.nextRefreshAt,
        renewedAt: slots.renewedAt,
        status: "active",
        statusReason: null,
        failedAttempts: 0,
        lastErrorCode: null,
        lastErrorAt: null,
        version: sql`${connections.version} + 1`,
        updatedAt: slots.updatedAt,
        ...noLease,
      })
      .where(isHeld)
      .prepare(),
    recordFailure: db
      .update(connections)
      .set({
        status: sql`case when ${isReconnect} then 'reconnect_required' else ${connections.status} end`,
        statusReason: sql`coalesce(${slots.statusReason}, ${connections.statusReason})`,
        failedAttempts: sql`${connections.failedAttempts} + 1`,
        lastErrorCode: slots.lastErrorCode,
        lastErrorAt: slots.lastErrorAt,
        // An active connection must not drop out of the sweeps for want of a time.
        nextRefreshAt: sql`case when ${isReconnect} then ${slots.nextRefreshAt} else ${nextOrSame} end`,
        version: sql`${connections.version} + 1`,
        updatedAt: slots.updatedAt,
        ...noLease,
      })
      .where(isHeld)
      .prepare(),
    release: db
      .update(connections)
      .set({
        nextRefreshAt: nextOrSame,
        // A lease given back unused is no change; another time for the next look is one.
        version: sql`${connections.version} + (${nextOrSame} is not ${connections.nextRefreshAt})`,
        ...noLease,
      })
      .where(isHeld)
      .prepare(),
  };
}
