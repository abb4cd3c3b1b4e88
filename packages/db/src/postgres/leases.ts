import type { SQL } from "drizzle-orm";
import { and, asc, eq, gt, isNotNull, isNull, lte, or, sql } from "../drizzle.ts";

import { appName } from "../app-name.ts";
import { checked } from "../checked-limit.ts";
import { bySoonestExpiry, leased, leaseSlots, uniqueOwner } from "../leased.ts";
import type { ClaimDueInput, LeaseStore } from "../store/leases.ts";
import type { Announce } from "./announcements.ts";
import { connectionRecordColumns } from "./columns.ts";
import type { Engine } from "./engine.ts";
import { createGroupedWrite } from "./grouped-writes.ts";
import { leaseNowOf, leaseNowValue, span, type LeaseClock } from "./lease-clock.ts";
import { connections } from "./schema.ts";
import { slot, slotsOf } from "./slots.ts";
import { isHeld } from "./writes-under-lease.ts";

/**
 * How connections are claimed, and what is noted while a lease is held. All are repeatable: an owner that a
 * claim made up takes its own lease again.
 */
export function createLeaseMethods(engine: Engine, announce: Announce, leaseClock: LeaseClock): LeaseStore {
  const { write } = engine;
  const writeIntent = createGroupedWrite(engine, { isDurable: false });
  const statements = prepareStatements(engine.db);
  const repeatable = { isRepeatable: true };
  const cheap = { isDurable: false, isRepeatable: true };
  const newLease = (owner: string, leaseMs: number) => ({
    leaseOwner: uniqueOwner(owner),
    leaseMs,
    ...leaseNowValue(leaseClock),
  });

  return {
    claimDue: async ({ owner, now, leaseMs, limit, of }) => {
      const values = { ...newLease(owner, leaseMs), now, limit: checked(limit), ...valuesOf(of) };
      const rows = await write((run) => run(statements[claimOf(of)], values), repeatable);
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

    recordIntent: async ({ lease, leaseMs, now }) => {
      const values = { ...leaseSlots(lease), leaseMs, now, ...leaseNowValue(leaseClock) };
      const noted = await writeIntent((run) => run(statements.recordIntent, values));
      return noted.rowCount === 1;
    },

    releaseLease: async (lease, nextRefreshAt) => {
      const values = { ...leaseSlots(lease), nextRefreshAt };
      await write((run) => run(statements.release, values), cheap);
      if (nextRefreshAt !== null) announce();
    },
  };
}

type ClaimName = "claimDue" | "claimDueNotPaused" | "claimAbandoned" | "claimOfApp";

function claimOf(of: ClaimDueInput["of"]): ClaimName {
  if (of.kind === "app") return "claimOfApp";
  if (of.kind === "abandoned") return "claimAbandoned";
  return of.pausedApps.length === 0 ? "claimDue" : "claimDueNotPaused";
}

function valuesOf(of: ClaimDueInput["of"]): Record<string, unknown> {
  return of.kind === "app" ? of.app : { pausedApps: of.pausedApps.map(appName) };
}

function prepareStatements(db: Engine["db"]) {
  const slots = slotsOf(connections);
  const leaseNow = leaseNowOf(connections.leaseUntil);
  const isOwn = eq(connections.leaseOwner, slots.leaseOwner);
  const isLapsed = or(lte(connections.leaseUntil, leaseNow), isOwn);
  const isFree = or(isNull(connections.leaseUntil), isLapsed);
  const isNotPaused = sql`${connections.flavour} || ':' || ${connections.appId}
    <> all(${sql.placeholder("pausedApps")}::text[])`;
  // A dead token's verdict says nothing about the app: it is probed with one that is kept alive.
  const isOfApp = and(
    eq(connections.appId, slots.appId),
    eq(connections.flavour, slots.flavour),
    sql`${connections.status} = 'active'`,
  );
  const takeLease = { leaseOwner: slots.leaseOwner, leaseUntil: sql`${leaseNow} + ${span("leaseMs")}` };

  const prepareClaim = (...conditions: (SQL | undefined)[]) => {
    // The status as text, not as a value: the index `connections_due` is seen to fit whatever the plan.
    const due = db.$with("due").as(
      db
        .select({ id: connections.id })
        .from(connections)
        .where(
          and(
            sql`${connections.status} <> 'disconnected'`,
            lte(connections.nextRefreshAt, slot(connections.nextRefreshAt, "now")),
            ...conditions,
          ),
        )
        // As the index has them: an order of its own would read and sort everything due for each batch.
        .orderBy(asc(connections.nextRefreshAt))
        .limit(sql.placeholder("limit"))
        .for("update", { skipLocked: true }),
    );
    return (
      db
        .with(due)
        .update(connections)
        .set(takeLease)
        // An array, not a join: what was found is looked up by its key, whatever the planner thinks of numbers.
        .where(sql`${connections.id} = any(array(select ${due.id} from ${due}))`)
        .returning(connectionRecordColumns)
        .prepare("")
    );
  };

  return {
    claimDue: prepareClaim(isFree),
    claimDueNotPaused: prepareClaim(isFree, isNotPaused),
    claimAbandoned: prepareClaim(isNotNull(connections.leaseOwner), isLapsed, isNotPaused),
    claimOfApp: prepareClaim(isFree, isOfApp),
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
    recordIntent: db
      .update(connections)
      .set({
        attemptSentAt: slot(connections.attemptSentAt, "now"),
        leaseUntil: takeLease.leaseUntil,
        // Not `least`, which would make a time out of none. For what is due it stays, and no index is touched.
        nextRefreshAt: sql`case when ${connections.nextRefreshAt} > ${slot(connections.nextRefreshAt, "now")}
          then ${slot(connections.nextRefreshAt, "now")} else ${connections.nextRefreshAt} end`,
      })
      .where(and(isHeld, gt(connections.leaseUntil, leaseNow)))
      .prepare(""),
    release: prepareRelease(db),
  };
}

function prepareRelease(db: Engine["db"]) {
  const nextOrSame = sql`coalesce(${slotsOf(connections).nextRefreshAt}, ${connections.nextRefreshAt})`;
  return db
    .update(connections)
    .set({
      nextRefreshAt: nextOrSame,
      // A lease given back unused is no change; another time for the next look is one.
      version: sql`${connections.version} + (${nextOrSame} is distinct from ${connections.nextRefreshAt})::int`,
      leaseOwner: null,
      leaseUntil: null,
    })
    .where(isHeld)
    .prepare("");
}
