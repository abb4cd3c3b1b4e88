import { and, eq, desc, isNull, lt, or, sql } from "../drizzle.ts";
import { slot, slotsOf } from "../slots.ts";
import type { Store } from "../store.ts";
import { apiKeyColumns, connectionRecordColumns } from "./columns.ts";
import type { Engine } from "./engine.ts";
import { apiKeys, connections } from "./schema.ts";

type ApiKeyMethods = Pick<
  Store,
  "createApiKey" | "listApiKeys" | "revokeApiKey" | "findApiKey" | "findApiKeyWithConnection" | "touchApiKey"
>;

/** Keys for other code, by the hash of their secret. */
export function createApiKeyMethods({ db, read, write, writeWithoutSync }: Engine): ApiKeyMethods {
  const slots = slotsOf(apiKeys);
  const wallNow = slot(apiKeys.lastUsedAt, "wallNow");
  const isOwn = and(eq(apiKeys.id, slots.id), eq(apiKeys.userId, slots.userId));

  const insert = db
    .insert(apiKeys)
    .values({ ...slots, lastUsedAt: null, revokedAt: null })
    .prepare();
  const list = db
    .select(apiKeyColumns)
    .from(apiKeys)
    .where(eq(apiKeys.userId, slots.userId))
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
    .prepare();
  const revoke = db
    .update(apiKeys)
    .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, ${wallNow})` })
    .where(isOwn)
    .prepare();
  const find = db
    .select(apiKeyColumns)
    .from(apiKeys)
    .where(eq(apiKeys.secretHash, slots.secretHash))
    .prepare();
  const findWithConnection = db
    .select({ key: apiKeyColumns, connection: connectionRecordColumns })
    .from(apiKeys)
    .leftJoin(
      connections,
      and(eq(connections.id, slot(connections.id, "connectionId")), eq(connections.userId, apiKeys.userId)),
    )
    .where(eq(apiKeys.secretHash, slots.secretHash))
    .prepare();
  const touch = db
    .update(apiKeys)
    .set({ lastUsedAt: wallNow })
    .where(and(eq(apiKeys.id, slots.id), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, wallNow))))
    .prepare();

  return {
    createApiKey: (key) => write(() => void insert.run(key)),
    listApiKeys: (userId) => read(() => list.all({ userId })),
    revokeApiKey: (input) => write(() => revoke.run(input).changes === 1),
    findApiKey: (secretHash) => read(() => find.get({ secretHash }) ?? null),
    findApiKeyWithConnection: (input) => read(() => findWithConnection.get(input) ?? null),
    touchApiKey: (id, wallNow) => writeWithoutSync(() => void touch.run({ id, wallNow })),
  };
}
