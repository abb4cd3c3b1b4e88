import type { ApiKeyAction, ApiKeyRecord } from "@perennial/db";

import { auditEvent } from "../audit/audit-event.ts";
import { isAddressRange } from "../addresses.ts";
import type { ConnectionsDeps } from "../deps.ts";
import { ConnectionError } from "../errors.ts";
import { hashSecret, newId } from "../ids.ts";
import { createKeySecret, hintOf } from "./key-secret.ts";

/** What a key may be used for, in the order it is shown. */
export const KEY_ACTIONS: readonly ApiKeyAction[] = ["read", "token", "refresh"];

/** Keys of one user that are not revoked. */
const MOST_KEYS = 100;
/** Connections or addresses that one key names. */
const MOST_NAMED = 100;
const MOST_NAME_CHARACTERS = 80;

/** A key as its owner sees it. The secret is not in it, nor anywhere else. */
export type ApiKeyView = Omit<ApiKeyRecord, "userId">;

/** What a key is made with. */
export type CreateKeyRequest = {
  userId: string;
  name: string;
  actions: readonly ApiKeyAction[];
  /** Null means all connections of the user, later ones too. */
  connectionIds: readonly string[] | null;
  expiresAt: Date | null;
  /** Addresses and ranges it may be used from; null means anywhere. */
  allowedAddresses: readonly string[] | null;
};

/** A new key, and its secret for the only time. */
export type CreatedKey = { key: ApiKeyView; secret: string };

/**
 * Makes a key of a user.
 *
 * @throws {ConnectionError} `key_settings_invalid`; `connection_not_found` when a connection is not the
 *   user's own; `key_limit_reached`.
 */
export async function createApiKey(deps: ConnectionsDeps, request: CreateKeyRequest): Promise<CreatedKey> {
  const { store, wallNow, onEvent } = deps;
  const settings = checkedSettings(request, wallNow());
  if (settings.connectionIds !== null)
    await refuseOthersConnections(deps, request.userId, settings.connectionIds);
  const keys = await store.listApiKeys(request.userId);
  if (keys.filter((key) => key.revokedAt === null).length >= MOST_KEYS)
    throw new ConnectionError("key_limit_reached");
  const secret = createKeySecret();
  const { userId } = request;
  const row = { ...settings, id: newId("key"), userId, hint: hintOf(secret), createdAt: wallNow() };
  const { actions, connectionIds, allowedAddresses } = row;
  const detail = {
    actions,
    connections: connectionIds?.length ?? "all",
    isBoundToAddresses: allowedAddresses !== null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
  };
  const audit = auditEvent(deps, "key.created", { userId, subjectId: row.id, detail });
  await store.createApiKey({ ...row, secretHash: hashSecret(secret) }, audit);
  onEvent({ event: "key.created", keyId: row.id, userId });
  return { key: viewKey({ ...row, lastUsedAt: null, revokedAt: null }), secret };
}

/** A user's keys, newest first, revoked ones too. */
export async function listApiKeys({ store }: ConnectionsDeps, userId: string): Promise<ApiKeyView[]> {
  return (await store.listApiKeys(userId)).map(viewKey);
}

/**
 * Ends a key at once, in every process.
 *
 * @throws {ConnectionError} `key_not_found`, also for another user's
 */
export async function revokeApiKey(
  deps: ConnectionsDeps,
  input: { userId: string; id: string },
): Promise<void> {
  const audit = auditEvent(deps, "key.revoked", { userId: input.userId, subjectId: input.id });
  const isDone = await deps.store.revokeApiKey({ ...input, wallNow: deps.wallNow() }, audit);
  if (!isDone) throw new ConnectionError("key_not_found");
  deps.onEvent({ event: "key.revoked", keyId: input.id, userId: input.userId });
}

function viewKey({ userId: _userId, ...shown }: ApiKeyRecord): ApiKeyView {
  return shown;
}

function checkedSettings(request: CreateKeyRequest, wallNow: Date) {
  const { expiresAt } = request;
  const name = request.name.trim();
  if (name === "" || name.length > MOST_NAME_CHARACTERS || /[\p{Cc}\p{Cs}]/u.test(name))
    throw invalid(`A name has 1 to ${MOST_NAME_CHARACTERS} characters.`);
  const actions = KEY_ACTIONS.filter((action) => request.actions.includes(action));
  if (actions.length === 0) throw invalid("Choose at least one thing it may do.");
  if (expiresAt !== null && !(expiresAt > wallNow)) throw invalid("Its end lies in the past.");
  const allowedAddresses = namedOnce(request.allowedAddresses, "address");
  if (allowedAddresses !== null && !allowedAddresses.every(isAddressRange))
    throw invalid("An address is neither like 192.0.2.7 nor like 192.0.2.0/24.");
  return {
    name,
    actions,
    expiresAt,
    allowedAddresses,
    connectionIds: namedOnce(request.connectionIds, "connection"),
  };
}

function namedOnce(names: readonly string[] | null, what: string): string[] | null {
  if (names === null) return null;
  if (names.length === 0 || names.length > MOST_NAMED)
    throw invalid(`Name 1 to ${MOST_NAMED} of these, or leave it open: ${what}.`);
  return [...new Set(names)];
}

function invalid(detail: string): ConnectionError {
  return new ConnectionError("key_settings_invalid", { detail });
}

async function refuseOthersConnections(
  { store }: ConnectionsDeps,
  userId: string,
  connectionIds: readonly string[],
): Promise<void> {
  const own = new Set((await store.listConnections(userId)).map(({ id }) => id));
  if (!connectionIds.every((id) => own.has(id))) throw new ConnectionError("connection_not_found");
}
