import { and, desc, eq, isNull, lt, or, sql } from "../drizzle.ts";
import type { Store } from "../store.ts";
import { apiKeyColumns, connectionRecordColumns } from "./columns.ts";
import type { Engine } from "./engine.ts";
import { apiKeys, connections } from "./schema.ts";
import { slot, slotsOf } from "./slots.ts";

type ApiKeyMethods = Pick<
  Store,
  "createApiKey" | "listApiKeys" | "revokeApiKey" | "findApiKey" | "findApiKeyWithConnection" | "touchApiKey"
>;

/** Keys for other code, by the hash of their secret. */
export function createApiKeyMethods({ db, read, write }: Engine): ApiKeyMethods {
  const { insert, list, revoke, find, findWithConnection, touch } = prepareStatements(db);
  const repeatable = { isRepeatable: true };

  return {
    createApiKey: async (key) => {
      await write((run) => run(insert, key));
    },
    listApiKeys: (userId) => read((run) => run(list, { userId })),
    revokeApiKey: async (input) => {
      const { rowCount } = await write((run) => run(revoke, input), repeatable);
      return rowCount === 1;
    },
    findApiKey: async (secretHash) => {
      const [found] = await read((run) => run(find, { secretHash }));
      return found ?? null;
    },
    findApiKeyWithConnection: async (input) => {
      const [found] = await read((run) => run(findWithConnection, input));
      return found ?? null;
    },
    touchApiKey: async (id, wallNow) => {
      await write((run) => run(touch, { id, wallNow }), { isDurable: false, isRepeatable: true });
    },
  };
}

function prepareStatements(db: Engine["db"]) {
  const slots = slotsOf(apiKeys);
  const wallNow = slot(apiKeys.lastUsedAt, "wallNow");
  const isOwn = and(eq(apiKeys.id, slots.id), eq(apiKeys.userId, slots.userId));
  const isAsked = and(
    eq(connections.id, slot(connections.id, "connectionId")),
    eq(connections.userId, apiKeys.userId),
  );

  return {
    insert: db
      .insert(apiKeys)
      .values({ ...slots, lastUsedAt: null, revokedAt: null })
      .prepare(""),
    list: db
      .select(apiKeyColumns)
      .from(apiKeys)
      .where(eq(apiKeys.userId, slots.userId))
      .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
      .prepare(""),
    revoke: db
      .update(apiKeys)
      .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, ${wallNow})` })
      .where(isOwn)
      .prepare(""),
    find: db.select(apiKeyColumns).from(apiKeys).where(eq(apiKeys.secretHash, slots.secretHash)).prepare(""),
    findWithConnection: db
      .select({ key: apiKeyColumns, connection: connectionRecordColumns })
      .from(apiKeys)
      .leftJoin(connections, isAsked)
      .where(eq(apiKeys.secretHash, slots.secretHash))
      .prepare(""),
    touch: db
      .update(apiKeys)
      .set({ lastUsedAt: wallNow })
      .where(and(eq(apiKeys.id, slots.id), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, wallNow))))
      .prepare(""),
  };
}
