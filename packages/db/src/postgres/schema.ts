import { sql } from "../drizzle.ts";
import {
  bigint,
  boolean,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  timestamp,
} from "./drizzle.ts";

type Flavour = "instagram" | "facebook";

/**
 * A text that compares by its bytes, as in SQLite, whatever the database was created with: both engines page
 * alike, and an update of the system's collations breaks no index. Postgres holds no NUL; it becomes U+FFFD.
 */
const text = customType<{ data: string; driverData: string }>({
  dataType: () => 'text COLLATE "C"',
  toDriver: (value) => value.replaceAll("\u0000", "\uFFFD"),
});

/** An instant, in whole milliseconds as a Date has them. */
const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: "date" });

/** How many there are of something out of our hands, such as followers. */
const count = (name: string) => bigint(name, { mode: "number" });

/** A person: no more than an id that the rest hangs on. */
export const users = pgTable("users", {
  id: text("id").primaryKey(),
  createdAt: instant("created_at").notNull(),
});

/** Who a person is to Instagram. `provider_user_id` is the professional account id. */
export const identities = pgTable(
  "identities",
  {
    flavour: text("flavour").$type<Flavour>().notNull(),
    providerUserId: text("provider_user_id").notNull(),
    appScopedId: text("app_scoped_id").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    // The account leads: it is looked up in both flavours at once.
    primaryKey({ columns: [table.providerUserId, table.flavour] }),
    index("identities_user").on(table.userId),
  ],
);

/** One Instagram account kept for one user, with the lease of whoever refreshes it. */
export const connections = pgTable(
  "connections",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    accountId: text("account_id").notNull().unique("connections_account"),
    appScopedId: text("app_scoped_id").notNull(),
    flavour: text("flavour").$type<Flavour>().notNull(),
    appId: text("app_id").notNull(),
    status: text("status").$type<"active" | "reconnect_required" | "disconnected">().notNull(),
    statusReason: text("status_reason"),
    username: text("username").notNull(),
    name: text("name"),
    accountType: text("account_type").notNull(),
    pictureUrl: text("picture_url"),
    followersCount: count("followers_count"),
    followsCount: count("follows_count"),
    mediaCount: count("media_count"),
    sealedToken: text("sealed_token"),
    tokenIssuedAt: instant("token_issued_at"),
    tokenExpiresAt: instant("token_expires_at"),
    isExpiryEstimated: boolean("is_expiry_estimated").notNull(),
    permissions: jsonb("permissions").$type<string[]>(),
    nextRefreshAt: instant("next_refresh_at"),
    renewedAt: instant("renewed_at"),
    failedAttempts: integer("failed_attempts").notNull(),
    lastErrorCode: text("last_error_code"),
    lastErrorAt: instant("last_error_at"),
    version: integer("version").notNull(),
    leaseOwner: text("lease_owner"),
    leaseUntil: instant("lease_until"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    index("connections_user").on(table.userId, table.createdAt),
    // An active connection has a token: the due query may go by the status alone.
    check("connections_active_is_sealed", sql`status <> 'active' or sealed_token is not null`),
    // In the order of the due query. The lease is not in it: so taking one and giving it back touches no index
    // at all. A claim has to read the rows it locks anyway.
    index("connections_due")
      .on(table.nextRefreshAt)
      .where(sql`status = 'active'`),
  ],
);

/** A signed-in browser, by the hash of its session id. */
export const sessions = pgTable(
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
export const signInAttempts = pgTable(
  "sign_in_attempts",
  {
    id: text("id").primaryKey(),
    stateHash: text("state_hash").notNull(),
    browserHash: text("browser_hash").notNull(),
    codeHash: text("code_hash"),
    flavour: text("flavour").$type<Flavour>().notNull(),
    redirectUri: text("redirect_uri").notNull(),
    returnTo: text("return_to").notNull(),
    linkUserId: text("link_user_id"),
    status: text("status").$type<"started" | "exchanging" | "completed" | "failed">().notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    finishedAt: instant("finished_at"),
    userId: text("user_id"),
    connectionId: text("connection_id"),
    errorCode: text("error_code"),
    failedStep: text("failed_step"),
  },
  (table) => [index("sign_in_attempts_age").on(table.createdAt)],
);

/** The history of a connection: sign-ins and refreshes, those that failed too. */
export const refreshAttempts = pgTable(
  "refresh_attempts",
  {
    id: text("id").primaryKey(),
    connectionId: text("connection_id")
      .notNull()
      .references(() => connections.id, { onDelete: "cascade" }),
    kind: text("kind").$type<"sign_in" | "refresh">().notNull(),
    trigger: text("trigger").$type<"person" | "worker" | "api" | "cli">().notNull(),
    startedAt: instant("started_at").notNull(),
    finishedAt: instant("finished_at").notNull(),
    outcome: text("outcome").$type<"succeeded" | "failed">().notNull(),
    errorCode: text("error_code"),
    traceId: text("trace_id"),
    tokenExpiresAt: instant("token_expires_at"),
  },
  (table) => [index("refresh_attempts_history").on(table.connectionId, table.startedAt, table.id)],
);

/** A sealed known text per key id. */
export const keyChecks = pgTable("key_checks", {
  keyId: text("key_id").primaryKey(),
  sealed: text("sealed").notNull(),
});

/** Servers that use this database, by their last beat. */
export const processes = pgTable("processes", {
  id: text("id").primaryKey(),
  kind: text("kind").$type<"api" | "worker">().notNull(),
  startedAt: instant("started_at").notNull(),
  seenAt: instant("seen_at").notNull(),
});

/** One row, made by the first move: which database this is, and whether a move keeps writers out of it. */
export const house = pgTable("house", {
  id: text("id").primaryKey(),
  guard: text("guard").$type<"open" | "draining" | "sealed" | "moved" | "receiving">().notNull(),
  moveId: text("move_id"),
  counterpartId: text("counterpart_id"),
  changedAt: instant("changed_at").notNull(),
});
