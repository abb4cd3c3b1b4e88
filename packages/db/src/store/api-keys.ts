import type { AuditEvent } from "./audit-events.ts";
import type { ConnectionRecord } from "./connections.ts";

/** What a key may be used for: look at connections, fetch their tokens, have them refreshed. */
export type ApiKeyAction = "read" | "token" | "refresh";

/** A key of a user for other code. The key itself is stored nowhere, only its hash. */
export type ApiKeyRecord = {
  id: string;
  userId: string;
  name: string;
  /** The last characters of the secret, by which a person knows it again. */
  hint: string;
  actions: ApiKeyAction[];
  /** Null means all connections of the user, later ones too. */
  connectionIds: string[] | null;
  /** Addresses and ranges it may be used from; null means anywhere. */
  allowedAddresses: string[] | null;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  /** A revoked key is kept for 90 days, so that whoever still uses it is told since when. */
  revokedAt: Date | null;
};

/** A key as it is made: its secret arrives hashed. */
export type NewApiKey = Omit<ApiKeyRecord, "lastUsedAt" | "revokedAt"> & { secretHash: string };

/** What a key opens: itself, and the connection that was asked for where it is the same user's. */
export type ApiKeyMatch = { key: ApiKeyRecord; connection: ConnectionRecord | null };

/** Keys for other code, by the hash of their secret. */
export type ApiKeyStore = {
  /** Writes a new key, and the event that says so. */
  createApiKey(key: NewApiKey, audit?: AuditEvent): Promise<void>;
  /** A user's keys, newest first, revoked ones too. */
  listApiKeys(userId: string): Promise<ApiKeyRecord[]>;
  /**
   * Ends a key at once, in every process. False when the user has none of that id; a revoked one stays as it is, and
   * the event is not written.
   */
  revokeApiKey(input: { userId: string; id: string; wallNow: Date }, audit?: AuditEvent): Promise<boolean>;
  /** The key with this hash, whatever its state, or null. */
  findApiKey(secretHash: string): Promise<ApiKeyRecord | null>;
  /**
   * The same together with one connection of its user, in one call: another user's and a missing one are null
   * alike. What the key may do with it is for the caller to judge.
   */
  findApiKeyWithConnection(input: { secretHash: string; connectionId: string }): Promise<ApiKeyMatch | null>;
  /** Notes that a key was used; never backwards. Costs no sync of the disk. */
  touchApiKey(id: string, wallNow: Date): Promise<void>;
};
