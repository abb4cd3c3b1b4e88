import { and, desc, eq, isNull, lt, or } from "../drizzle.ts";
import { auditRow } from "../audit-row.ts";
import type { ApiKeyStore } from "../store/api-keys.ts";
import { prepareAuditOf, prepareInsertAuditEvent, underAuditNames } from "./audit-events.ts";
import { apiKeyColumns, connectionRecordColumns } from "./columns.ts";
import type { Engine } from "./engine.ts";
import { createGroupedWrite } from "./grouped-writes.ts";
import { apiKeys, connections } from "./schema.ts";
import { slot, slotsOf } from "./slots.ts";

/** Keys for other code, by the hash of their secret. */
export function createApiKeyMethods(engine: Engine): ApiKeyStore {
  const { db, read, write } = engine;
  const { insert, insertAudit, list, revoke, revokeAudited, isOwn, find, findWithConnection, touch } =
    prepareStatements(db);
  const repeatable = { isRepeatable: true };
  const writeUse = createGroupedWrite(engine, { isDurable: false });

  return {
    createApiKey: async (key, audit) => {
      await write((run) =>
        Promise.all([run(insert, key), audit === undefined ? null : run(insertAudit, auditRow(audit))]),
      );
    },
    listApiKeys: (userId) => read((run) => run(list, { userId })),
    revokeApiKey: async (input, audit) => {
      const [, found] = await write(
        (run) =>
          Promise.all([
            audit === undefined
              ? run(revoke, input)
              : run(revokeAudited, { ...input, ...underAuditNames(audit) }),
            run(isOwn, input),
          ]),
        repeatable,
      );
      return found.length === 1;
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
      await writeUse((run) => run(touch, { id, wallNow }));
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
  const revocation = () =>
    db
      .update(apiKeys)
      .set({ revokedAt: wallNow })
      .where(and(isOwn, isNull(apiKeys.revokedAt)));
  const revoked = db.$with("revoked").as(revocation().returning({ id: apiKeys.id }));

  return {
    insertAudit: prepareInsertAuditEvent(db),
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
    revoke: revocation().prepare(""),
    revokeAudited: prepareAuditOf(db, revoked),
    isOwn: db.select({ id: apiKeys.id }).from(apiKeys).where(isOwn).prepare(""),
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
