import { checked } from "../checked-limit.ts";
import { and, asc, desc, eq, gt, lt, ne, sql } from "../drizzle.ts";
import { WITHOUT_TOKENS } from "../judge-gone.ts";
import { slot, slotsOf } from "../slots.ts";
import type { ConnectionStore } from "../store/connections.ts";
import { versionsByUser } from "../versions-by-user.ts";
import { createWriteAudit } from "./audit-events.ts";
import { connectionRecordColumns, connectionSummaryColumns, refreshAttemptColumns } from "./columns.ts";
import type { Engine } from "./engine.ts";
import { connections, refreshAttempts, sinks } from "./schema.ts";

/** Later than any instant a Date can hold. */
const END_OF_TIME = new Date(8.64e15);

/** Connections as people and operators see them. */
export function createConnectionMethods(engine: Engine): ConnectionStore {
  const { read, write } = engine;
  const statements = prepareStatements(engine);
  const writeAudit = createWriteAudit(engine.db);
  const { findIdByAccount, list, find, findById, byUsername, page, history, versions, disconnect } =
    statements;

  return {
    findConnectionIdByAccount: (accountId) => read(() => findIdByAccount.get({ accountId })?.id ?? null),
    listConnections: (userId) => read(() => list.all({ userId })),
    findConnection: (userId, id) => read(() => find.get({ userId, id }) ?? null),
    findConnectionById: (id) => read(() => findById.get({ id }) ?? null),
    findConnectionsByUsername: ({ username, limit }) =>
      read(() => byUsername.all({ username, limit: checked(limit) })),
    pageConnections: ({ after, limit }) =>
      read(() => page.all({ after: after ?? "", limit: checked(limit) })),
    listHistory: ({ userId, connectionId, limit, before }) =>
      read(() => history.all({ userId, connectionId, limit: checked(limit), before: before ?? END_OF_TIME })),
    connectionVersions: (userIds) =>
      read(() => versionsByUser(userIds, versions.all({ userIds: JSON.stringify(userIds) }))),
    disconnect: ({ userId, connectionId, now }, audit) =>
      write(() => {
        const changed = disconnect.run({ userId, id: connectionId, updatedAt: now }).changes > 0;
        if (changed) {
          statements.stopSinks.run({ id: connectionId });
          writeAudit(audit);
        }
        return changed || find.get({ userId, id: connectionId }) !== undefined;
      }),
  };
}

function prepareStatements({ db }: Engine) {
  const slots = slotsOf(connections);
  const isOwn = and(eq(connections.id, slots.id), eq(connections.userId, slots.userId));
  const isConnected = ne(connections.status, "disconnected");
  const summaries = () => db.select(connectionSummaryColumns).from(connections);

  return {
    findIdByAccount: db
      .select({ id: connections.id })
      .from(connections)
      .where(eq(connections.accountId, slots.accountId))
      .prepare(),
    list: summaries()
      .where(and(eq(connections.userId, slots.userId), isConnected))
      .orderBy(asc(connections.createdAt), asc(connections.id))
      .prepare(),
    find: summaries().where(isOwn).prepare(),
    findById: db
      .select(connectionRecordColumns)
      .from(connections)
      .where(eq(connections.id, slots.id))
      .prepare(),
    byUsername: summaries()
      .where(and(eq(sql`lower(${connections.username})`, sql`lower(${slots.username})`), isConnected))
      .orderBy(asc(connections.id))
      .limit(sql.placeholder("limit"))
      .prepare(),
    page: summaries()
      .where(gt(connections.id, slot(connections.id, "after")))
      .orderBy(asc(connections.id))
      .limit(sql.placeholder("limit"))
      .prepare(),
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
      .prepare(),
    versions: db
      .select({ userId: connections.userId, id: connections.id, version: connections.version })
      .from(connections)
      .where(sql`${connections.userId} in (select value from json_each(${sql.placeholder("userIds")}))`)
      .prepare(),
    /** What is under way to them counts no more. */
    stopSinks: db
      .update(sinks)
      .set({ nextDeliveryAt: null, leaseOwner: null, leaseUntil: null })
      .where(eq(sinks.connectionId, slots.id))
      .prepare(),
    disconnect: db
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
      .where(and(isOwn, isConnected))
      .prepare(),
  };
}
