import { sql } from "../drizzle.ts";
import type { AlertKind, DeliveryState } from "../store/alerts.ts";
import { FLAVOURS, instant } from "./column-types.ts";
import { index, integer, primaryKey, sqliteTable, text } from "./drizzle.ts";
import { connections } from "./schema-of-connections.ts";
import { users } from "./schema-of-people.ts";

/** What a person or operator has to be told once, and how far its webhook is. */
export const alerts = sqliteTable(
  "alerts",
  {
    id: text("id").primaryKey(),
    kind: text("kind").$type<AlertKind>().notNull(),
    userId: text("user_id").references(() => users.id, { onDelete: "cascade" }),
    connectionId: text("connection_id").references(() => connections.id, { onDelete: "cascade" }),
    flavour: text("flavour", { enum: FLAVOURS }).notNull(),
    appId: text("app_id").notNull(),
    errorCode: text("error_code"),
    daysLeft: integer("days_left"),
    tokenExpiresAt: instant("token_expires_at"),
    createdAt: instant("created_at").notNull(),
    deliveryState: text("delivery_state").$type<DeliveryState>().notNull(),
    deliveryAttempts: integer("delivery_attempts").notNull(),
    nextDeliveryAt: instant("next_delivery_at"),
    deliveredAt: instant("delivered_at"),
  },
  (table) => [
    index("alerts_user").on(table.userId, table.createdAt, table.id),
    index("alerts_connection").on(table.connectionId),
    index("alerts_age").on(table.createdAt, table.id),
    // Only those that wait have a time.
    index("alerts_waiting")
      .on(table.nextDeliveryAt)
      .where(sql`next_delivery_at is not null`),
  ],
);

/** Each attempt to send an alert's webhook. */
export const alertDeliveries = sqliteTable(
  "alert_deliveries",
  {
    id: text("id").primaryKey(),
    alertId: text("alert_id")
      .notNull()
      .references(() => alerts.id, { onDelete: "cascade" }),
    startedAt: instant("started_at").notNull(),
    durationMs: integer("duration_ms").notNull(),
    httpStatus: integer("http_status"),
    errorCode: text("error_code"),
  },
  (table) => [index("alert_deliveries_alert").on(table.alertId, table.startedAt, table.id)],
);

/** The apps whose connections are left alone; a breaker that closes is deleted. */
export const appBreakers = sqliteTable(
  "app_breakers",
  {
    flavour: text("flavour", { enum: FLAVOURS }).notNull(),
    appId: text("app_id").notNull(),
    errorCode: text("error_code").notNull(),
    openedAt: instant("opened_at").notNull(),
    probes: integer("probes").notNull(),
    nextProbeAt: instant("next_probe_at").notNull(),
    incidentId: text("incident_id"),
  },
  (table) => [primaryKey({ columns: [table.flavour, table.appId] })],
);
