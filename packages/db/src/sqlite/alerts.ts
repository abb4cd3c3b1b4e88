import { asc, desc, eq, inArray, lte, sql } from "../drizzle.ts";

import { byAge } from "../alert-row.ts";
import { checked } from "../checked-limit.ts";
import { deliveryOutcome } from "../delivery-outcome.ts";
import { slot, slotsOf } from "../slots.ts";
import type { AlertStore } from "../store/alerts.ts";
import type { Engine } from "./engine.ts";
import { alertDeliveries, alerts } from "./schema.ts";

/** Writes an alert, of which `alertRow` gives the values; one that is there already stays as it is. */
export function prepareInsertAlert(db: Engine["db"]) {
  return db.insert(alerts).values(slotsOf(alerts)).onConflictDoNothing({ target: alerts.id }).prepare();
}

/** What people are told, and how it is sent. */
export function createAlertMethods({ db, read, write, writeWithoutSync }: Engine): AlertStore {
  const { find, list, listAll, listDeliveries, claim, insertDelivery, noteDelivery } = prepareStatements(db);

  return {
    listAlerts: ({ userId, limit }) => read(() => list.all({ userId, limit: checked(limit) })),
    listAllAlerts: ({ limit }) => read(() => listAll.all({ limit: checked(limit) })),
    listAlertDeliveries: (alertId) => read(() => listDeliveries.all({ alertId })),
    claimAlerts: ({ wallNow, leaseMs, limit }) =>
      writeWithoutSync(() => {
        const until = new Date(wallNow.getTime() + leaseMs);
        return claim.all({ wallNow, nextDeliveryAt: until, limit: checked(limit) }).sort(byAge);
      }),
    recordAlertDelivery: (input) =>
      write(() => {
        if (find.get({ id: input.delivery.alertId }) === undefined) return; // erased while it was sent
        if (insertDelivery.run(input.delivery).changes === 0) return;
        noteDelivery.run({ ...deliveryOutcome(input), id: input.delivery.alertId });
      }),
  };
}

function prepareStatements(db: Engine["db"]) {
  const slots = slotsOf(alerts);
  // Whoever was given up on, and sends late, does not take a delivery back.
  const unlessDelivered = (value: unknown, kept: unknown) =>
    sql`case when ${alerts.deliveryState} = 'delivered' then ${kept} else ${value} end`;
  const waiting = db
    .select({ id: alerts.id })
    .from(alerts)
    .where(lte(alerts.nextDeliveryAt, slot(alerts.nextDeliveryAt, "wallNow")))
    .orderBy(asc(alerts.nextDeliveryAt))
    .limit(sql.placeholder("limit"));

  return {
    find: db.select({ id: alerts.id }).from(alerts).where(eq(alerts.id, slots.id)).prepare(),
    list: db
      .select()
      .from(alerts)
      .where(eq(alerts.userId, slots.userId))
      .orderBy(desc(alerts.createdAt), desc(alerts.id))
      .limit(sql.placeholder("limit"))
      .prepare(),
    listAll: db
      .select()
      .from(alerts)
      .orderBy(desc(alerts.createdAt), desc(alerts.id))
      .limit(sql.placeholder("limit"))
      .prepare(),
    listDeliveries: db
      .select()
      .from(alertDeliveries)
      .where(eq(alertDeliveries.alertId, slot(alertDeliveries.alertId, "alertId")))
      .orderBy(asc(alertDeliveries.startedAt), asc(alertDeliveries.id))
      .prepare(),
    claim: db
      .update(alerts)
      .set({ nextDeliveryAt: slots.nextDeliveryAt })
      .where(inArray(alerts.id, waiting))
      .returning()
      .prepare(),
    insertDelivery: db
      .insert(alertDeliveries)
      .values(slotsOf(alertDeliveries))
      .onConflictDoNothing({ target: alertDeliveries.id })
      .prepare(),
    noteDelivery: db
      .update(alerts)
      .set({
        deliveryAttempts: sql`${alerts.deliveryAttempts} + 1`,
        deliveryState: unlessDelivered(slots.deliveryState, alerts.deliveryState),
        nextDeliveryAt: unlessDelivered(slots.nextDeliveryAt, alerts.nextDeliveryAt),
        deliveredAt: unlessDelivered(slots.deliveredAt, alerts.deliveredAt),
      })
      .where(eq(alerts.id, slots.id))
      .prepare(),
  };
}
