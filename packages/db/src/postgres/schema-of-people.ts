import type { ApiKeyAction } from "../store/api-keys.ts";
import type { Flavour } from "../store/connections.ts";
import type { SignInAttempt } from "../store/sign-in-attempts.ts";
import { instant, text } from "./column-types.ts";
import { index, jsonb, pgTable, primaryKey } from "./drizzle.ts";

/** A person: no more than an id that the rest hangs on. */
export const users = pgTable("users", {
  id: text("id").primaryKey(),
  createdAt: instant("created_at").notNull(),
});

/** Who a person is. `provider_user_id` is the professional account id, or with Facebook Login the Facebook user's. */
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
    primaryKey({ columns: [table.providerUserId, table.flavour] }),
    index("identities_user").on(table.userId),
    index("identities_app_scoped").on(table.appScopedId, table.flavour),
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
    expectedAccountId: text("expected_account_id"),
    requestedScopes: jsonb("requested_scopes").$type<string[]>().notNull().default([]),
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

/** A key for other code, by the hash of its secret. */
export const apiKeys = pgTable(
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
    actions: jsonb("actions").$type<ApiKeyAction[]>().notNull(),
    /** Null means all connections of the user, later ones too. */
    connectionIds: jsonb("connection_ids").$type<string[]>(),
    /** Addresses and ranges it may be used from; null means anywhere. */
    allowedAddresses: jsonb("allowed_addresses").$type<string[]>(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at"),
    lastUsedAt: instant("last_used_at"),
    revokedAt: instant("revoked_at"),
  },
  (table) => [index("api_keys_user").on(table.userId, table.createdAt, table.id)],
);
