import { sql } from "../drizzle.ts";
import type { SinkKind } from "../store/sinks.ts";
import { instant, text } from "./column-types.ts";
import { index, integer, pgTable } from "./drizzle.ts";
import { connections } from "./schema-of-connections.ts";

/** A place where a connection's token is read, and how far its delivery there is. */
export const sinks = pgTable(
  "sinks",
  {
    id: text("id").primaryKey(),
    connectionId: text("connection_id")
      .notNull()
      .references(() => connections.id, { onDelete: "cascade" }),
    kind: text("kind").$type<SinkKind>().notNull(),
    name: text("name").notNull(),
    /** Where it is, as it may be shown: no secret. */
    target: text("target").notNull(),
    sealedSettings: text("sealed_settings").notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    /** Counts the tokens it should have been given, so that a slow delivery does not pass for the newest. */
    generation: integer("generation").notNull(),
    nextDeliveryAt: instant("next_delivery_at"),
    leaseOwner: text("lease_owner"),
    leaseUntil: instant("lease_until"),
    failedAttempts: integer("failed_attempts").notNull(),
    lastErrorCode: text("last_error_code"),
    deliveredAt: instant("delivered_at"),
    /** Issue time of the token it holds. */
    deliveredTokenIssuedAt: instant("delivered_token_issued_at"),
  },
  (table) => [
    index("sinks_connection").on(table.connectionId, table.createdAt, table.id),
    // Only those that wait have a time.
    index("sinks_waiting")
      .on(table.nextDeliveryAt)
      .where(sql`next_delivery_at is not null`),
  ],
);

/** The receipts: each attempt to deliver a token to a sink. */
export const sinkDeliveries = pgTable(
  "sink_deliveries",
  {
    id: text("id").primaryKey(),
    sinkId: text("sink_id")
      .notNull()
      .references(() => sinks.id, { onDelete: "cascade" }),
    startedAt: instant("started_at").notNull(),
    durationMs: integer("duration_ms").notNull(),
    tokenIssuedAt: instant("token_issued_at"),
    httpStatus: integer("http_status"),
    errorCode: text("error_code"),
  },
  (table) => [
    index("sink_deliveries_sink").on(table.sinkId, table.startedAt, table.id),
    index("sink_deliveries_age").on(table.startedAt),
  ],
);
