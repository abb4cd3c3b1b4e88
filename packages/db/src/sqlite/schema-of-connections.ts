import { sql } from "../drizzle.ts";
import type { AttemptKind } from "../store/history.ts";
import { FLAVOURS, instant } from "./column-types.ts";
import { check, index, integer, sqliteTable, text } from "./drizzle.ts";
import { users } from "./schema-of-people.ts";

/** One Instagram account kept for one user, with the lease of whoever refreshes it. */
export const connections = sqliteTable(
  "connections",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    accountId: text("account_id").notNull().unique("connections_account"),
    appScopedId: text("app_scoped_id").notNull(),
    flavour: text("flavour", { enum: FLAVOURS }).notNull(),
    appId: text("app_id").notNull(),
    status: text("status", { enum: ["active", "reconnect_required", "disconnected"] }).notNull(),
    statusReason: text("status_reason"),
    username: text("username").notNull(),
    name: text("name"),
    accountType: text("account_type").notNull(),
    pictureUrl: text("picture_url"),
    followersCount: integer("followers_count"),
    followsCount: integer("follows_count"),
    mediaCount: integer("media_count"),
    sealedToken: text("sealed_token"),
    tokenIssuedAt: instant("token_issued_at"),
    tokenExpiresAt: instant("token_expires_at"),
    isExpiryEstimated: integer("is_expiry_estimated", { mode: "boolean" }).notNull(),
    hasNoExpiry: integer("has_no_expiry", { mode: "boolean" }).notNull().default(false),
    dataAccessExpiresAt: instant("data_access_expires_at"),
    permissions: text("permissions", { mode: "json" }).$type<string[]>(),
    requestedScopes: text("requested_scopes", { mode: "json" }).$type<string[]>(),
    pageId: text("page_id"),
    pageName: text("page_name"),
    previousSealedToken: text("previous_sealed_token"),
    previousTokenIssuedAt: instant("previous_token_issued_at"),
    previousTokenExpiresAt: instant("previous_token_expires_at"),
    nextRefreshAt: instant("next_refresh_at"),
    attemptSentAt: instant("attempt_sent_at"),
    /** When the person last allowed it; null of connections that are older than this column. */
    authorizedAt: instant("authorized_at"),
    renewedAt: instant("renewed_at"),
    provedAt: instant("proved_at"),
    failedAttempts: integer("failed_attempts").notNull(),
    lastErrorCode: text("last_error_code"),
    lastErrorAt: instant("last_error_at"),
    failingSinceAt: instant("failing_since_at"),
    incidentId: text("incident_id"),
    warnedDays: integer("warned_days"),
    version: integer("version").notNull(),
    leaseOwner: text("lease_owner"),
    leaseUntil: instant("lease_until"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    index("connections_user").on(table.userId, table.createdAt),
    index("connections_app_scoped").on(table.appScopedId, table.flavour),
    // An active connection has a token: queries for those may go by the status alone.
    check("connections_active_is_sealed", sql`status <> 'active' or sealed_token is not null`),
    // In the order of the due query, with all that it asks, so that a claim reads no row but those it takes. Only
    // of a status that is equal to something would SQLite know from the index's condition.
    index("connections_due")
      .on(table.nextRefreshAt, table.leaseUntil, table.appId, table.flavour, table.status, table.id)
      .where(sql`status <> 'disconnected'`),
    // With the failures, so that the fleet is counted without a look at its rows.
    index("connections_expiry")
      .on(table.tokenExpiresAt, table.failedAttempts)
      .where(sql`status = 'active'`),
  ],
);

/** The history of a connection: sign-ins and refreshes, those that failed too. */
export const refreshAttempts = sqliteTable(
  "refresh_attempts",
  {
    id: text("id").primaryKey(),
    connectionId: text("connection_id")
      .notNull()
      .references(() => connections.id, { onDelete: "cascade" }),
    kind: text("kind").$type<AttemptKind>().notNull(),
    trigger: text("trigger", { enum: ["person", "worker", "api", "cli", "cron"] }).notNull(),
    startedAt: instant("started_at").notNull(),
    finishedAt: instant("finished_at").notNull(),
    outcome: text("outcome", { enum: ["succeeded", "failed"] }).notNull(),
    errorCode: text("error_code"),
    traceId: text("trace_id"),
    tokenExpiresAt: instant("token_expires_at"),
    transcript: text("transcript"),
  },
  (table) => [index("refresh_attempts_history").on(table.connectionId, table.startedAt, table.id)],
);
