import { sql } from "../drizzle.ts";
import { FLAVOURS, instant } from "./column-types.ts";
import { check, index, integer, primaryKey, sqliteTable, text } from "./drizzle.ts";

import type { AlertKind, DeliveryState } from "../store/alerts.ts";
import type { ApiKeyAction } from "../store/api-keys.ts";
import type { AttemptKind } from "../store/history.ts";
import type { SignInAttempt } from "../store/sign-in-attempts.ts";
import type { SinkKind } from "../store/sinks.ts";

export { auditEvents, erasures, metaCallbacks, sinkFarewells } from "./schema-of-the-gone.ts";

/** A person: no more than an id that the rest hangs on. */
export const users = sqliteTable("users", {
  id: text("id").primaryKey(),
  createdAt: instant("created_at").notNull(),
});

/** Who a person is. `provider_user_id` is the professional account id, or with Facebook Login the Facebook user's. */
export const identities = sqliteTable(
  "identities",
  {
    flavour: text("flavour", { enum: FLAVOURS }).notNull(),
    providerUserId: text("provider_user_id").notNull(),
    appScopedId: text("app_scoped_id").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.providerUserId, table.flavour] }),
    index("identities_user").on(table.userId),
    index("identities_app_scoped").on(table.appScopedId, table.flavour),
  ],
);

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

/** A signed-in browser, by the hash of its session id. */
export const sessions = sqliteTable(
  "sessions",
  {
    idHash: text("id_hash").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    userAgent: text("user_agent"),
    createdAt: instant("created_at").notNull(),
    lastSeenAt: instant("last_seen_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (table) => [index("sessions_user").on(table.userId), index("sessions_expiry").on(table.expiresAt)],
);

/** One run through the authorization request. Its secrets are here as hashes only; rows live for a day. */
export const signInAttempts = sqliteTable(
  "sign_in_attempts",
  {
    id: text("id").primaryKey(),
    stateHash: text("state_hash").notNull(),
    browserHash: text("browser_hash").notNull(),
    codeHash: text("code_hash"),
    flavour: text("flavour", { enum: FLAVOURS }).notNull(),
    redirectUri: text("redirect_uri").notNull(),
    returnTo: text("return_to").notNull(),
    linkUserId: text("link_user_id"),
    expectedAccountId: text("expected_account_id"),
    requestedScopes: text("requested_scopes", { mode: "json" }).$type<string[]>().notNull().default([]),
    /** What the person picks from, sealed; gone once the attempt has ended. */
    sealedChoice: text("sealed_choice"),
    status: text("status").$type<SignInAttempt["status"]>().notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    finishedAt: instant("finished_at"),
    userId: text("user_id"),
    connectionId: text("connection_id"),
    errorCode: text("error_code"),
    failedStep: text("failed_step"),
    transcript: text("transcript"),
  },
  (table) => [index("sign_in_attempts_age").on(table.createdAt)],
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

/** A key for other code, by the hash of its secret. */
export const apiKeys = sqliteTable(
  "api_keys",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    secretHash: text("secret_hash").notNull().unique("api_keys_secret"),
    /** The last characters of the secret, by which a person knows it again. */
    hint: text("hint").notNull(),
    actions: text("actions", { mode: "json" }).$type<ApiKeyAction[]>().notNull(),
    /** Null means all connections of the user, later ones too. */
    connectionIds: text("connection_ids", { mode: "json" }).$type<string[]>(),
    /** Addresses and ranges it may be used from; null means anywhere. */
    allowedAddresses: text("allowed_addresses", { mode: "json" }).$type<string[]>(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at"),
    lastUsedAt: instant("last_used_at"),
    revokedAt: instant("revoked_at"),
  },
  (table) => [index("api_keys_user").on(table.userId, table.createdAt, table.id)],
);

/** How much of a limit is used up; rows live as long as their window. */
export const rateLimits = sqliteTable(
  "rate_limits",
  {
    name: text("name").primaryKey(),
    used: integer("used").notNull(),
    windowEndsAt: instant("window_ends_at").notNull(),
  },
  (table) => [index("rate_limits_end").on(table.windowEndsAt)],
);

/** A place where a connection's token is read, and how far its delivery there is. */
export const sinks = sqliteTable(
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
export const sinkDeliveries = sqliteTable(
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

/** A sealed known text per key id. Of a key that was retired it stays: nobody seals with it again. */
export const keyChecks = sqliteTable("key_checks", {
  keyId: text("key_id").primaryKey(),
  sealed: text("sealed").notNull(),
  retiredAt: instant("retired_at"),
});

/** Servers that use this database, by their last beat. */
export const processes = sqliteTable("processes", {
  id: text("id").primaryKey(),
  kind: text("kind", { enum: ["api", "worker"] }).notNull(),
  startedAt: instant("started_at").notNull(),
  sweptAt: instant("swept_at"),
  /** The keys it has for tokens, the sealing one first; null of a version that does not say. */
  keyIds: text("key_ids", { mode: "json" }).$type<string[]>(),
  seenAt: instant("seen_at").notNull(),
});

/** Sweeps that were asked for over HTTP; rows live for a week. */
export const runs = sqliteTable(
  "runs",
  {
    id: text("id").primaryKey(),
    processId: text("process_id").notNull(),
    startedAt: instant("started_at").notNull(),
    finishedAt: instant("finished_at"),
    counts: text("counts", { mode: "json" }).$type<Record<string, number>>(),
    errorCode: text("error_code"),
  },
  (table) => [index("runs_age").on(table.startedAt)],
);

/** One row, made by the first move: which database this is, and whether a move keeps writers out of it. */
export const house = sqliteTable("house", {
  id: text("id").primaryKey(),
  guard: text("guard", { enum: ["open", "draining", "sealed", "moved", "receiving"] }).notNull(),
  moveId: text("move_id"),
  counterpartId: text("counterpart_id"),
  changedAt: instant("changed_at").notNull(),
});
