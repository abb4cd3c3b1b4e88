import { and, asc, eq, gt, inArray, isNotNull, isNull, lte, or, sql } from "../drizzle.ts";

import { alertRow } from "../alert-row.ts";
import { checked } from "../checked-limit.ts";
import { slot, slotsOf } from "../slots.ts";
import type { BreakerStore } from "../store/breakers.ts";
import { prepareInsertAlert } from "./alerts.ts";
import type { Engine } from "./engine.ts";
import { appBreakers, connections } from "./schema.ts";

/** Which apps are left alone. What they wait for goes by the clock of the leases. */
export function createBreakerMethods(engine: Engine, leaseNow: () => number): BreakerStore {
  const { db, read, write, writeWithoutSync } = engine;
  const { list, open, postpone, takeProbe, close } = prepareBreakerStatements(db);
  const releaseBacklog = prepareReleaseBacklog(db);
  const insertAlert = prepareInsertAlert(db);
  const timesFor = (waitMs: number) => {
    const nowMs = leaseNow();
    return { leaseNow: new Date(nowMs), nextProbeAt: new Date(nowMs + waitMs) };
  };

  return {
    listOpenBreakers: () =>
      read(() => {
        const nowMs = leaseNow();
        return list.all().map((row) => ({ ...row, isProbeDue: row.nextProbeAt.getTime() <= nowMs }));
      }),

    openBreaker: ({ app, errorCode, waitMs, now, alert }) =>
      write(() => {
        const { nextProbeAt } = timesFor(waitMs);
        const opened = { ...app, errorCode, openedAt: now, probes: 0, nextProbeAt };
        if (open.run({ ...opened, incidentId: alert?.id ?? null }).changes === 0) {
          postpone.run({ ...app, nextProbeAt });
          return false;
        }
        if (alert !== null) insertAlert.run(alertRow(alert));
        return true;
      }),

    takeProbe: ({ app, probes, waitMs }) =>
      writeWithoutSync(() => takeProbe.run({ ...app, probes, ...timesFor(waitMs) }).changes === 1),

    releaseBacklog: ({ app, beforeExpiryMs, now, limit }) =>
      write(() => {
        const values = { ...app, beforeExpiryMs, now, leaseNow: new Date(leaseNow()), limit: checked(limit) };
        return releaseBacklog.run(values).changes;
      }),

    closeBreaker: ({ app, alert }) =>
      write(() => {
        const closed = close.get({ ...app });
        if (closed === undefined) return false;
        if (closed.incidentId !== null) insertAlert.run(alertRow(alert));
        return true;
      }),
  };
}

function prepareBreakerStatements(db: Engine["db"]) {
  const slots = slotsOf(appBreakers);
  const isOfApp = and(eq(appBreakers.flavour, slots.flavour), eq(appBreakers.appId, slots.appId));
  return {
    list: db.select().from(appBreakers).orderBy(asc(appBreakers.flavour), asc(appBreakers.appId)).prepare(),
    open: db.insert(appBreakers).values(slots).onConflictDoNothing().prepare(),
    postpone: db
      .update(appBreakers)
      .set({ nextProbeAt: sql`max(${appBreakers.nextProbeAt}, ${slots.nextProbeAt})` })
      .where(isOfApp)
      .prepare(),
    takeProbe: db
      .update(appBreakers)
      .set({ probes: sql`${appBreakers.probes} + 1`, nextProbeAt: slots.nextProbeAt })
      .where(
        and(
          isOfApp,
          eq(appBreakers.probes, slots.probes),
          lte(appBreakers.nextProbeAt, slot(appBreakers.nextProbeAt, "leaseNow")),
        ),
      )
      .prepare(),
    close: db.delete(appBreakers).where(isOfApp).returning({ incidentId: appBreakers.incidentId }).prepare(),
  };
}

function prepareReleaseBacklog(db: Engine["db"]) {
  const { nextRefreshAt, tokenExpiresAt, leaseUntil } = connections;
  const slots = slotsOf(connections);
  const now = slot(nextRefreshAt, "now");
  const dueAt = sql`${tokenExpiresAt} - cast(${sql.placeholder("beforeExpiryMs")} as integer)`;
  const held = db
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(
        sql`${connections.status} = 'active'`, // as text, so that the index is seen to fit
        isNotNull(tokenExpiresAt),
        eq(connections.flavour, slots.flavour),
        eq(connections.appId, slots.appId),
        or(isNull(leaseUntil), lte(leaseUntil, slot(leaseUntil, "leaseNow"))),
        or(gt(connections.failedAttempts, 0), lte(nextRefreshAt, now)),
        sql`${nextRefreshAt} is not ${dueAt}`,
      ),
    )
    .orderBy(asc(tokenExpiresAt))
    .limit(sql.placeholder("limit"));
  return db
    .update(connections)
    .set({
      nextRefreshAt: dueAt,
      version: sql`${connections.version} + 1`,
      updatedAt: slot(connections.updatedAt, "now"),
    })
    .where(inArray(connections.id, held))
    .prepare();
}
