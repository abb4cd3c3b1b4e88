import { and, eq, desc, isNull, lt, or } from "../drizzle.ts";
import { slot, slotsOf } from "../slots.ts";
import type { ApiKeyStore } from "../store/api-keys.ts";
import { createWriteAudit } from "./audit-events.ts";
import { apiKeyColumns, connectionRecordColumns } from "./columns.ts";
import type { Engine } from "./engine.ts";
import { apiKeys, connections } from "./schema.ts";

/** Keys for other code, by the hash of their secret. */
export function createApiKeyMethods(engine: Engine): ApiKeyStore {
  const { db, read, write, writeWithoutSync } = engine;
  const slots = slotsOf(apiKeys);
  const writeAudit = createWriteAudit(db);
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
  const findOwn = db.select({ revokedAt: apiKeys.revokedAt }).from(apiKeys).where(isOwn).prepare();
  const revoke = db.update(apiKeys).set({ revokedAt: wallNow }).where(isOwn).prepare();
  const find = db
    .select(apiKeyColumns)
    .from(apiKeys)
    .where(eq(apiKeys.secretHash, slots.secretHash))
    .prepare();
  const isAsked = and(
    eq(connections.id, slot(connections.id, "connectionId")),
    eq(connections.userId, slot(connections.userId, "userId")),
  );
  const findConnection = db.select(connectionRecordColumns).from(connections).where(isAsked).prepare();
  const touch = db
    .update(apiKeys)
    .set({ lastUsedAt: wallNow })
    .where(and(eq(apiKeys.id, slots.id), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, wallNow))))
    .prepare();

  return {
    createApiKey: (key, audit) =>
      write(() => {
        insert.run(key);
        writeAudit(audit);
      }),
    listApiKeys: (userId) => read(() => list.all({ userId })),
    revokeApiKey: (input, audit) =>
      write(() => {
        const found = findOwn.get(input);
        if (found?.revokedAt !== null) return found !== undefined;
        revoke.run(input);
        writeAudit(audit);
        return true;
      }),
    findApiKey: (secretHash) => read(() => find.get({ secretHash }) ?? null),
    // Not one statement with a join: SQLite plans that one anew for each value that it is given, which costs
    // three times as much as both of these.
    findApiKeyWithConnection: ({ secretHash, connectionId }) =>
      read(() => {
        const key = find.get({ secretHash });
        if (key === undefined) return null;
        return { key, connection: findConnection.get({ connectionId, userId: key.userId }) ?? null };
      }),
    touchApiKey: (id, wallNow) => writeWithoutSync(() => void touch.run({ id, wallNow })),
  };
}
