import { and, asc, eq, gt, isNotNull, isNull, lte, or, sql } from "../drizzle.ts";

import { alertRow } from "../alert-row.ts";
import { checked } from "../checked-limit.ts";
import type { BreakerStore } from "../store/breakers.ts";
import { alertsOf } from "./alerts.ts";
import type { Announce } from "./announcements.ts";
import type { Engine } from "./engine.ts";
import { leaseNowOf, leaseNowValue, span, type LeaseClock } from "./lease-clock.ts";
import { alerts, appBreakers, connections } from "./schema.ts";
import { namedSlots, slot, slotsOf } from "./slots.ts";

/**
 * Which apps are left alone. What they wait for goes by the clock of the leases. Opening, probing and closing
 * are not repeatable: once an answer is lost, nobody could tell whose doing it was.
 */
export function createBreakerMethods(
  { db, read, write }: Engine,
  announce: Announce,
  leaseClock: LeaseClock,
): BreakerStore {
  const { list, open, postpone, insertAlert, takeProbe, close } = prepareBreakerStatements(db);
  const releaseBacklog = prepareReleaseBacklog(db);

  return {
    listOpenBreakers: () => read((run) => run(list, leaseNowValue(leaseClock))),

    openBreaker: async ({ app, errorCode, waitMs, now, alert }) => {
      const values = {
        ...app,
        errorCode,
        openedAt: now,
        probes: 0,
        incidentId: alert?.id ?? null,
        waitMs,
        ...leaseNowValue(leaseClock),
      };
      const [opened] = await write((run) =>
        Promise.all([
          run(open, values),
          run(postpone, values),
          alert === null ? null : run(insertAlert, { ...alertRow(alert), incidentId: alert.id }),
        ]),
      );
      if (opened.rowCount === 1) announce();
      return opened.rowCount === 1;
    },

    takeProbe: async ({ app, probes, waitMs }) => {
      const values = { ...app, probes, waitMs, ...leaseNowValue(leaseClock) };
      const taken = await write((run) => run(takeProbe, values), { isDurable: false });
      return taken.rowCount === 1;
    },

    releaseBacklog: async ({ app, beforeExpiryMs, now, limit }) => {
      const values = { ...app, beforeExpiryMs, now, limit: checked(limit), ...leaseNowValue(leaseClock) };
      const { rowCount } = await write((run) => run(releaseBacklog, values), { isRepeatable: true });
      if (rowCount !== 0) announce();
      return rowCount ?? 0;
    },

    closeBreaker: async ({ app, alert }) => {
      const values = { ...alertRow(alert), closedFlavour: app.flavour, closedAppId: app.appId };
      const closed = await write((run) => run(close, values));
      if (closed.length > 0) announce();
      return closed.length > 0;
    },
  };
}

function prepareBreakerStatements(db: Engine["db"]) {
  const slots = slotsOf(appBreakers);
  const isOfApp = and(eq(appBreakers.flavour, slots.flavour), eq(appBreakers.appId, slots.appId));
  const clock = leaseNowOf(appBreakers.nextProbeAt);
  const nextProbeAt = sql`${clock} + ${span("waitMs")}`;
  const closed = db.$with("closed").as(
    db
      .delete(appBreakers)
      .where(
        and(
          eq(appBreakers.flavour, slot(appBreakers.flavour, "closedFlavour")),
          eq(appBreakers.appId, slot(appBreakers.appId, "closedAppId")),
        ),
      )
      .returning({ incidentId: appBreakers.incidentId }),
  );
  const told = alertsOf(db, db.select(namedSlots(alerts)).from(closed).where(isNotNull(closed.incidentId)));
  const openedByIt = db
    .select(namedSlots(alerts))
    .from(appBreakers)
    .where(eq(appBreakers.incidentId, slots.incidentId));

  return {
    list: db
      .select({
        flavour: appBreakers.flavour,
        appId: appBreakers.appId,
        errorCode: appBreakers.errorCode,
        openedAt: appBreakers.openedAt,
        probes: appBreakers.probes,
        isProbeDue: sql<boolean>`${appBreakers.nextProbeAt} <= ${clock}`,
        nextProbeAt: appBreakers.nextProbeAt,
        incidentId: appBreakers.incidentId,
      })
      .from(appBreakers)
      .orderBy(asc(appBreakers.flavour), asc(appBreakers.appId))
      .prepare(""),
    open: db
      .insert(appBreakers)
      .values({ ...slots, nextProbeAt })
      .onConflictDoNothing()
      .prepare(""),
    postpone: db
      .update(appBreakers)
      .set({ nextProbeAt: sql`greatest(${appBreakers.nextProbeAt}, ${nextProbeAt})` })
      .where(isOfApp)
      .prepare(""),
    // Of two that open it at once only one has its alert's id in there.
    insertAlert: db.insert(alerts).select(openedByIt).onConflictDoNothing({ target: alerts.id }).prepare(""),
    takeProbe: db
      .update(appBreakers)
      .set({ probes: sql`${appBreakers.probes} + 1`, nextProbeAt })
      .where(and(isOfApp, eq(appBreakers.probes, slots.probes), lte(appBreakers.nextProbeAt, clock)))
      .prepare(""),
    close: db.with(closed, told).select({ incidentId: closed.incidentId }).from(closed).prepare(""),
  };
}

function prepareReleaseBacklog(db: Engine["db"]) {
  const { nextRefreshAt, tokenExpiresAt, leaseUntil } = connections;
  const slots = slotsOf(connections);
  const now = slot(nextRefreshAt, "now");
  const dueAt = sql`(${tokenExpiresAt} - ${span("beforeExpiryMs")})::${sql.raw(nextRefreshAt.getSQLType())}`;
  const held = db
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(
        sql`${connections.status} = 'active'`, // as text, so that the index is seen to fit
        isNotNull(tokenExpiresAt),
        eq(connections.flavour, slots.flavour),
        eq(connections.appId, slots.appId),
        or(isNull(leaseUntil), lte(leaseUntil, leaseNowOf(leaseUntil))),
        or(gt(connections.failedAttempts, 0), lte(nextRefreshAt, now)),
        sql`${nextRefreshAt} is distinct from ${dueAt}`,
      ),
    )
    .orderBy(asc(tokenExpiresAt))
    .limit(sql.placeholder("limit"))
    .for("update", { skipLocked: true });
  return db
    .update(connections)
    .set({
      nextRefreshAt: dueAt,
      version: sql`${connections.version} + 1`,
      updatedAt: slot(connections.updatedAt, "now"),
    })
    .where(sql`${connections.id} = any(array(${held}))`)
    .prepare("");
}
