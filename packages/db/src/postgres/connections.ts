import { checked } from "../checked-limit.ts";
import { and, asc, desc, eq, gt, lt, ne, sql } from "../drizzle.ts";
import { WITHOUT_TOKENS } from "../judge-gone.ts";
import type { ConnectionStore } from "../store/connections.ts";
import { versionsByUser } from "../versions-by-user.ts";
import type { Announce } from "./announcements.ts";
import { prepareAuditOf, underAuditNames } from "./audit-events.ts";
import { connectionRecordColumns, connectionSummaryColumns, refreshAttemptColumns } from "./columns.ts";
import type { Engine } from "./engine.ts";
import { connections, refreshAttempts, sinks } from "./schema.ts";
import { slot, slotsOf } from "./slots.ts";

/** Later than anything that happens. */
const END_OF_TIME = new Date("9999-12-31T23:59:59.999Z");

/** Connections as people and operators see them. */
export function createConnectionMethods(engine: Engine, announce: Announce): ConnectionStore {
  const { read, write } = engine;
  const statements = prepareStatements(engine.db);
  const { findIdByAccount, list, find, findById, byUsername, page, history, versions, disconnect } =
    statements;

  return {
    findConnectionIdByAccount: async (accountId) => {
      const [found] = await read((run) => run(findIdByAccount, { accountId }));
      return found?.id ?? null;
    },
    listConnections: (userId) => read((run) => run(list, { userId })),
    findConnection: async (userId, id) => {
      const [found] = await read((run) => run(find, { userId, id }));
      return found ?? null;
    },
    findConnectionById: async (id) => {
      const [found] = await read((run) => run(findById, { id }));
      return found ?? null;
    },
    findConnectionsByUsername: async ({ username, limit }) => {
      const values = { username, limit: checked(limit) };
      return read((run) => run(byUsername, values));
    },
    pageConnections: async ({ after, limit }) => {
      const values = { after: after ?? "", limit: checked(limit) };
      return read((run) => run(page, values));
    },
    listHistory: async ({ userId, connectionId, limit, before }) => {
      const values = { userId, connectionId, limit: checked(limit), before: before ?? END_OF_TIME };
      return read((run) => run(history, values));
    },
    connectionVersions: async (userIds) => {
      const rows = await read((run) => run(versions, { userIds: [...userIds] }));
      return versionsByUser(userIds, rows);
    },
    disconnect: async ({ userId, connectionId, now }, audit) => {
      const values = { userId, id: connectionId, updatedAt: now };
      const [, , found] = await write(
        (run) =>
          Promise.all([
            audit === undefined
              ? run(disconnect, values)
              : run(statements.disconnectAudited, { ...values, ...underAuditNames(audit) }),
            run(statements.stopSinks, values),
            run(find, values),
          ]),
        { isRepeatable: true },
      );
      announce();
      return found.length > 0;
    },
  };
}

function prepareStatements(db: Engine["db"]) {
  const slots = slotsOf(connections);
  const isOwn = and(eq(connections.id, slots.id), eq(connections.userId, slots.userId));
  const isConnected = ne(connections.status, "disconnected");
  const summaries = () => db.select(connectionSummaryColumns).from(connections);
  const disconnection = () =>
    db
      .update(connections)
      .set({
        ...WITHOUT_TOKENS,
        status: "disconnected",
        statusReason: null,
        failingSinceAt: null,
        incidentId: null,
        warnedDays: null,
        version: sql`${connections.version} + 1`,
        updatedAt: slots.updatedAt,
      })
      .where(and(isOwn, isConnected));
  const disconnected = db.$with("disconnected").as(disconnection().returning({ id: connections.id }));

  return {
    findIdByAccount: db
      .select({ id: connections.id })
      .from(connections)
      .where(eq(connections.accountId, slots.accountId))
      .prepare(""),
    list: summaries()
      .where(and(eq(connections.userId, slots.userId), isConnected))
      .orderBy(asc(connections.createdAt), asc(connections.id))
      .prepare(""),
    find: summaries().where(isOwn).prepare(""),
    findById: db
      .select(connectionRecordColumns)
      .from(connections)
      .where(eq(connections.id, slots.id))
      .prepare(""),
    byUsername: summaries()
      .where(and(eq(sql`lower(${connections.username})`, sql`lower(${slots.username})`), isConnected))
      .orderBy(asc(connections.id))
      .limit(sql.placeholder("limit"))
      .prepare(""),
    page: summaries()
      .where(gt(connections.id, slot(connections.id, "after")))
      .orderBy(asc(connections.id))
      .limit(sql.placeholder("limit"))
      .prepare(""),
    history: db
      .select(refreshAttemptColumns)
      .from(refreshAttempts)
      .innerJoin(connections, eq(connections.id, refreshAttempts.connectionId))
      .where(
        and(
          eq(refreshAttempts.connectionId, slot(refreshAttempts.connectionId, "connectionId")),
          eq(connections.userId, slots.userId),
          lt(refreshAttempts.startedAt, slot(refreshAttempts.startedAt, "before")),
        ),
      )
      .orderBy(desc(refreshAttempts.startedAt), desc(refreshAttempts.id))
      .limit(sql.placeholder("limit"))
      .prepare(""),
    versions: db
      .select({ userId: connections.userId, id: connections.id, version: connections.version })
      .from(connections)
      .where(sql`${connections.userId} = any(${sql.placeholder("userIds")}::text[])`)
      .prepare(""),
    /** What is under way to them counts no more. */
    stopSinks: db
      .update(sinks)
      .set({ nextDeliveryAt: null, leaseOwner: null, leaseUntil: null })
      .where(
        sql`${sinks.connectionId} in (select ${connections.id} from ${connections}
          where ${isOwn} and ${connections.status} = 'disconnected')`,
      )
      .prepare(""),
    disconnect: disconnection().prepare(""),
    disconnectAudited: prepareAuditOf(db, disconnected),
  };
}
