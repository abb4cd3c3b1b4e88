import { sql } from "../drizzle.ts";
import type { Flavour } from "../store/connections.ts";
import type { MetaCallbackKind, MetaCallbackOutcome } from "../store/meta-callbacks.ts";
import { instant, text } from "./column-types.ts";
import { index, integer, pgTable } from "./drizzle.ts";

/** What Meta told of a person: that they removed the app, or want their data deleted. Rows live for 400 days. */
export const metaCallbacks = pgTable(
  "meta_callbacks",
  {
    /** Follows from the request: the same one, sent again, is the same row. */
    id: text("id").primaryKey(),
    kind: text("kind").$type<MetaCallbackKind>().notNull(),
    flavour: text("flavour").$type<Flavour>().notNull(),
    /** Whom it is about; gone once it is worked off. */
    providerUserId: text("provider_user_id"),
    issuedAt: instant("issued_at").notNull(),
    /** Opens the page that says how far a deletion is, and nothing else; null of a deauthorization. */
    confirmationCode: text("confirmation_code").unique("meta_callbacks_code"),
    acceptedAt: instant("accepted_at").notNull(),
    completedAt: instant("completed_at"),
    outcome: text("outcome").$type<MetaCallbackOutcome>(),
  },
  (table) => [
    index("meta_callbacks_age").on(table.acceptedAt),
    // Only those that have yet to be worked off.
    index("meta_callbacks_open")
      .on(table.acceptedAt, table.id)
      .where(sql`completed_at is null`),
  ],
);

/** The ids of people and connections that were erased, so that no backup brings them back. They lead to nobody. */
export const erasures = pgTable("erasures", {
  id: text("id").primaryKey(),
  erasedAt: instant("erased_at").notNull(),
});

/** Webhooks of connections that were erased, until they have been told of it; for a day at most. */
export const sinkFarewells = pgTable(
  "sink_farewells",
  {
    id: text("id").primaryKey(),
    connectionId: text("connection_id").notNull(),
    sealedSettings: text("sealed_settings").notNull(),
    erasedAt: instant("erased_at").notNull(),
    attempts: integer("attempts").notNull(),
    nextDeliveryAt: instant("next_delivery_at").notNull(),
  },
  (table) => [index("sink_farewells_waiting").on(table.nextDeliveryAt)],
);

/**
 * What was done, by whom and to whom. Triggers refuse to change a row, and to delete one that is younger than a year.
 * It belongs to nobody, so that it outlives those it is about.
 */
export const auditEvents = pgTable(
  "audit_events",
  {
    id: text("id").primaryKey(),
    at: instant("at").notNull(),
    kind: text("kind").notNull(),
    actor: text("actor").notNull(),
    userId: text("user_id"),
    subjectId: text("subject_id"),
    requestId: text("request_id"),
    clientNetwork: text("client_network"),
    /** JSON. */
    detail: text("detail").notNull(),
  },
  (table) => [
    index("audit_events_age").on(table.at, table.id),
    index("audit_events_user").on(table.userId, table.at, table.id),
  ],
);
