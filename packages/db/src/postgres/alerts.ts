import { asc, desc, eq, lte, sql } from "../drizzle.ts";
import type { PgInsertSelectQueryBuilder } from "drizzle-orm/pg-core";

import { byAge } from "../alert-row.ts";
import { checked } from "../checked-limit.ts";
import { deliveryOutcome } from "../delivery-outcome.ts";
import type { AlertStore } from "../store/alerts.ts";
import type { Engine } from "./engine.ts";
import { alertDeliveries, alerts } from "./schema.ts";
import { namedSlots, slot, slotsOf } from "./slots.ts";

/** Writes an alert, of which `alertRow` gives the values; one that is there already stays as it is. */
export function prepareInsertAlert(db: Engine["db"]) {
  return db.insert(alerts).values(slotsOf(alerts)).onConflictDoNothing({ target: alerts.id }).prepare("");
}

/** The same as a part of a statement that goes on: for each row of a query that selects an alert's values. */
export function alertsOf(db: Engine["db"], rows: PgInsertSelectQueryBuilder<typeof alerts>) {
  return db
    .$with("told")
    .as(
      db.insert(alerts).select(rows).onConflictDoNothing({ target: alerts.id }).returning({ id: alerts.id }),
    );
}

/** What people are told, and how it is sent. */
export function createAlertMethods({ db, read, write }: Engine): AlertStore {
  const { list, listAll, listDeliveries, claim, noteDelivery } = prepareStatements(db);

  return {
    listAlerts: async ({ userId, limit }) => {
      const values = { userId, limit: checked(limit) };
      return read((run) => run(list, values));
    },
    listAllAlerts: async ({ limit }) => {
      const values = { limit: checked(limit) };
      return read((run) => run(listAll, values));
    },
    listAlertDeliveries: (alertId) => read((run) => run(listDeliveries, { alertId })),
    // Done twice it takes others: those of the first time are sent once that lease has lapsed.
    claimAlerts: async ({ wallNow, leaseMs, limit }) => {
      const until = new Date(wallNow.getTime() + leaseMs);
      const values = { wallNow, nextDeliveryAt: until, limit: checked(limit) };
      const rows = await write((run) => run(claim, values), { isDurable: false, isRepeatable: true });
      return rows.sort(byAge);
    },
    recordAlertDelivery: async (input) => {
      const named = Object.entries(input.delivery).map(([key, value]) => [`delivery_${key}`, value]);
      const values = {
        ...(Object.fromEntries(named) as object),
        id: input.delivery.alertId,
        ...deliveryOutcome(input),
      };
      await write((run) => run(noteDelivery, values), { isRepeatable: true });
    },
  };
}

function prepareStatements(db: Engine["db"]) {
  const slots = slotsOf(alerts);
  const delivery = slotsOf(alertDeliveries);
  // Whoever was given up on, and sends late, does not take a delivery back.
  const unlessDelivered = (value: unknown, kept: unknown) =>
    sql`case when ${alerts.deliveryState} = 'delivered' then ${kept} else ${value} end`;
  const waiting = db
    .select({ id: alerts.id })
    .from(alerts)
    .where(lte(alerts.nextDeliveryAt, slot(alerts.nextDeliveryAt, "wallNow")))
    .orderBy(asc(alerts.nextDeliveryAt))
    .limit(sql.placeholder("limit"))
    .for("update", { skipLocked: true });
  const noted = db.$with("noted").as(
    db
      .insert(alertDeliveries)
      .select(
        // Of an alert that was erased while it was sent nothing is kept.
        db
          .select(namedSlots(alertDeliveries, "delivery_"))
          .from(alerts)
          .where(eq(alerts.id, slots.id))
          .for("key share"),
      )
      .onConflictDoNothing({ target: alertDeliveries.id })
      .returning({ alertId: alertDeliveries.alertId }),
  );

  return {
    list: db
      .select()
      .from(alerts)
      .where(eq(alerts.userId, slots.userId))
      .orderBy(desc(alerts.createdAt), desc(alerts.id))
      .limit(sql.placeholder("limit"))
      .prepare(""),
    listAll: db
      .select()
      .from(alerts)
      .orderBy(desc(alerts.createdAt), desc(alerts.id))
      .limit(sql.placeholder("limit"))
      .prepare(""),
    listDeliveries: db
      .select()
      .from(alertDeliveries)
      .where(eq(alertDeliveries.alertId, delivery.alertId))
      .orderBy(asc(alertDeliveries.startedAt), asc(alertDeliveries.id))
      .prepare(""),
    claim: db
      .update(alerts)
      .set({ nextDeliveryAt: slots.nextDeliveryAt })
      // An array, not a join: what was found is looked up by its key, whatever the planner thinks of numbers.
      .where(sql`${alerts.id} = any(array(${waiting}))`)
      .returning()
      .prepare(""),
    noteDelivery: db
      .with(noted)
      .update(alerts)
      .set({
        deliveryAttempts: sql`${alerts.deliveryAttempts} + 1`,
        deliveryState: unlessDelivered(slots.deliveryState, alerts.deliveryState),
        nextDeliveryAt: unlessDelivered(slots.nextDeliveryAt, alerts.nextDeliveryAt),
        deliveredAt: unlessDelivered(slots.deliveredAt, alerts.deliveredAt),
      })
      .where(eq(alerts.id, sql`(select ${noted.alertId} from ${noted})`))
      .prepare(""),
  };
}
