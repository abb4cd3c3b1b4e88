import type { SQL } from "drizzle-orm";
import { and, asc, eq, gt, inArray, isNull, lte, or, sql } from "../drizzle.ts";

import { appName } from "../app-name.ts";
import { checked } from "../checked-limit.ts";
import { bySoonestExpiry, leased, leaseSlots, uniqueOwner } from "../leased.ts";
import { slot, slotsOf } from "../slots.ts";
import type { ClaimDueInput, LeaseStore } from "../store/leases.ts";
import { connectionRecordColumns } from "./columns.ts";
import type { Engine } from "./engine.ts";
import { connections } from "./schema.ts";
import { isHeld } from "./writes-under-lease.ts";

/** How connections are claimed, and what is noted while a lease is held. None of it needs a sync of the disk. */
export function createLeaseMethods(engine: Engine, leaseNow: () => number): LeaseStore {
  const { writeWithoutSync } = engine;
  const statements = prepareStatements(engine);

  return {
    claimDue: ({ owner, now, leaseMs, limit, of }) =>
      writeWithoutSync(() => {
        const values = { ...newLease(owner, leaseNow(), leaseMs), now, limit: checked(limit) };
        const rows = statements[claimOf(of)].all({ ...values, ...valuesOf(of) });
        return rows.sort(bySoonestExpiry).map((row) => leased(row, values.leaseOwner));
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

    recordIntent: ({ lease, leaseMs, now }) =>
      writeWithoutSync(() => {
        const nowMs = leaseNow();
        const times = { now, leaseNow: new Date(nowMs), leaseUntil: new Date(nowMs + leaseMs) };
        return statements.recordIntent.run({ ...leaseSlots(lease), ...times }).changes === 1;
      }),

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

type ClaimName = "claimDue" | "claimDueNotPaused" | "claimAbandoned" | "claimOfApp";

function claimOf(of: ClaimDueInput["of"]): ClaimName {
  if (of.kind === "app") return "claimOfApp";
  if (of.kind === "abandoned") return "claimAbandoned";
  return of.pausedApps.length === 0 ? "claimDue" : "claimDueNotPaused";
}

function valuesOf(of: ClaimDueInput["of"]): Record<string, unknown> {
  if (of.kind === "app") return of.app;
  return { pausedApps: JSON.stringify(of.pausedApps.map(appName)) };
}

function prepareStatements({ db }: Engine) {
  const slots = slotsOf(connections);
  const leaseNow = slot(connections.leaseUntil, "leaseNow");
  const isFree = or(isNull(connections.leaseUntil), lte(connections.leaseUntil, leaseNow));
  const isNotPaused = sql`${connections.flavour} || ':' || ${connections.appId} not in
    (select value from json_each(${sql.placeholder("pausedApps")}))`;
  // A dead token's verdict says nothing about the app: it is probed with one that is kept alive.
  const isOfApp = and(
    eq(connections.appId, slots.appId),
    eq(connections.flavour, slots.flavour),
    sql`${connections.status} = 'active'`,
  );
  const takeLease = { leaseOwner: slots.leaseOwner, leaseUntil: slots.leaseUntil };

  const prepareClaim = (...conditions: (SQL | undefined)[]) => {
    // The status as text, not as a value: SQLite must see that the index `connections_due` fits.
    const due = db
      .select({ id: connections.id })
      .from(connections)
      .where(
        and(
          sql`${connections.status} <> 'disconnected'`,
          lte(connections.nextRefreshAt, slot(connections.nextRefreshAt, "now")),
          ...conditions,
        ),
      )
      // As the index has them: an order of its own would visit and sort everything due for each batch.
      .orderBy(asc(connections.nextRefreshAt))
      .limit(sql.placeholder("limit"));
    return db
      .update(connections)
      .set(takeLease)
      .where(inArray(connections.id, due))
      .returning(connectionRecordColumns)
      .prepare();
  };

  return {
    claimDue: prepareClaim(isFree),
    claimDueNotPaused: prepareClaim(isFree, isNotPaused),
    // A lease has an end as long as it has an owner, and the end is in the index.
    claimAbandoned: prepareClaim(lte(connections.leaseUntil, leaseNow), isNotPaused),
    claimOfApp: prepareClaim(isFree, isOfApp),
    claimOne: db
      .update(connections)
      .set(takeLease)
      .where(and(eq(connections.id, slots.id), sql`${connections.status} <> 'disconnected'`, isFree))
      .returning(connectionRecordColumns)
      .prepare(),
    find: db.select(connectionRecordColumns).from(connections).where(eq(connections.id, slots.id)).prepare(),
    recordIntent: db
      .update(connections)
      .set({
        attemptSentAt: slot(connections.attemptSentAt, "now"),
        leaseUntil: slots.leaseUntil,
        nextRefreshAt: sql`min(${connections.nextRefreshAt}, ${slot(connections.nextRefreshAt, "now")})`,
      })
      .where(and(isHeld, gt(connections.leaseUntil, leaseNow)))
      .prepare(),
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
      version: sql`${connections.version} + (${nextOrSame} is not ${connections.nextRefreshAt})`,
      leaseOwner: null,
      leaseUntil: null,
    })
    .where(isHeld)
    .prepare();
}
