import type { SQL, SQLWrapper } from "drizzle-orm";
import { and, eq, isNotNull, sql } from "../drizzle.ts";
import type { PgUpdateSetSource } from "drizzle-orm/pg-core";

import { alertRow } from "../alert-row.ts";
import { historyOf, leaseSlots } from "../leased.ts";
import type { NewAlert } from "../store/alerts.ts";
import type { RefreshAttempt } from "../store/history.ts";
import type { Lease } from "../store/leases.ts";
import type { LeasedWriteStore } from "../store/writes-under-lease.ts";
import { SETTLED, UNTROUBLED } from "../untroubled.ts";
import type { Announce } from "./announcements.ts";
import type { Engine, Statement } from "./engine.ts";
import { createGroupedWrite } from "./grouped-writes.ts";
import { leaseNowValue, type LeaseClock } from "./lease-clock.ts";
import { alerts, connections, refreshAttempts } from "./schema.ts";
import { prepareSinksDueByHistory } from "./sinks-due.ts";
import { namedSlots, slot, slotsOf } from "./slots.ts";

/** What is written of an attempt beside its connection. */
type Told = { lease: Lease; history: RefreshAttempt; alerts: readonly NewAlert[] };

const HISTORY_PREFIX = "history.";
const slots = slotsOf(connections);

/** The lease is still the claim's: by its owner, and by the version the connection had then. */
export const isHeld = and(
  eq(connections.id, slots.id),
  eq(connections.leaseOwner, slots.leaseOwner),
  eq(connections.version, slots.version),
);

/**
 * What comes of an attempt. Each gives the lease back, and does nothing once it is lost. All are repeatable: the
 * row of history tells that a write was done, to whoever repeats it and to the alerts that go with it.
 */
export function createLeasedWrites(
  engine: Engine,
  announce: Announce,
  leaseClock: LeaseClock,
): LeasedWriteStore {
  const statements = prepareStatements(engine.db);
  /** The swaps of the transaction that is being sent. */
  let swaps: { historyId: string; historyConnectionId: string }[] = [];
  const write = createGroupedWrite(engine, {
    isDurable: true,
    // One statement for all swaps of a transaction: with each of them it would cost more than it does.
    last: async (run) => {
      if (swaps.length === 0) return;
      const connectionIds = swaps.map(({ historyConnectionId }) => historyConnectionId);
      const historyIds = swaps.map(({ historyId }) => historyId);
      swaps = [];
      await run(statements.sinksDue, { connectionIds, historyIds, ...leaseNowValue(leaseClock) });
    },
  });

  const writeUnderLease = async (
    statement: Statement<{ rowCount: number | null }>,
    { lease, history, alerts }: Told,
    { isSwap, ...values }: Record<string, unknown> & { isSwap: boolean },
  ): Promise<boolean> => {
    const row = historyOf(lease, history);
    const noted = { historyId: row.id, historyConnectionId: row.connectionId };
    const isDone = await write(async (run, isRepeat) => {
      if (isSwap) swaps.push(noted);
      const [written, [found]] = await Promise.all([
        run(statement, { ...leaseSlots(lease), ...values, ...underHistoryNames(row) }),
        isRepeat ? run(statements.findHistory, noted) : [],
        ...alerts.map((alert) => run(statements.insertAlert, { ...alertRow(alert), ...noted })),
      ]);
      return written.rowCount === 1 || found !== undefined;
    });
    if (isDone) announce();
    return isDone;
  };

  return {
    saveRefreshed: ({ token, previous, renewedAt, now, ...told }) =>
      writeUnderLease(statements.saveRefreshed, told, {
        isSwap: true,
        ...token,
        previous,
        renewedAt,
        provedAt: now,
        updatedAt: now,
      }),

    restorePrevious: ({ nextRefreshAt, now, ...told }) =>
      writeUnderLease(statements.restorePrevious, told, { isSwap: true, nextRefreshAt, updatedAt: now }),

    recordFailure: ({ reconnectReason, errorCode, nextRefreshAt, incidentId, now, ...told }) =>
      writeUnderLease(statements.recordFailure, told, {
        isSwap: false,
        statusReason: reconnectReason,
        lastErrorCode: errorCode,
        lastErrorAt: now,
        nextRefreshAt,
        incidentId,
        failingSinceAt: now,
        updatedAt: now,
      }),
  };
}

/** The values of a row of history, named apart from those of its connection. */
function underHistoryNames(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [`${HISTORY_PREFIX}${key}`, value]));
}

function prepareStatements(db: Engine["db"]) {
  const findHistory = db
    .select({ id: refreshAttempts.id })
    .from(refreshAttempts)
    .where(
      and(
        eq(refreshAttempts.id, slot(refreshAttempts.id, "historyId")),
        eq(refreshAttempts.connectionId, slot(refreshAttempts.connectionId, "historyConnectionId")),
      ),
    );
  return {
    sinksDue: prepareSinksDueByHistory(db),
    findHistory: findHistory.prepare(""),
    insertAlert: db
      .insert(alerts)
      .select(db.select(namedSlots(alerts)).from(findHistory.as("noted")))
      .onConflictDoNothing({ target: alerts.id })
      .prepare(""),
    ...prepareUpdates(db),
  };
}

function prepareUpdates(db: Engine["db"]) {
  const { previousSealedToken, previousTokenIssuedAt, previousTokenExpiresAt } = connections;
  const previous = sql`${sql.placeholder("previous")}::text`;
  const previousOf = (current: SQLWrapper, kept: SQLWrapper) =>
    sql`case ${previous} when 'replaced' then ${current} when 'kept' then ${kept} end`;
  // Who was warned of an end that has not moved is not warned of it again.
  const isStill = sql`${slots.renewedAt} is null and ${slots.tokenExpiresAt} <= ${connections.tokenExpiresAt}`;
  const unlessMoved = (kept: SQLWrapper) =>
    sql`case when ${connections.warnedDays} is not null and ${isStill} then ${kept} end`;
  const isReconnect = sql`${slots.statusReason} is not null`;
  const nextOrSame = sql`coalesce(${slots.nextRefreshAt}, ${connections.nextRefreshAt})`;

  return {
    saveRefreshed: withHistory(db, isHeld, {
      sealedToken: slots.sealedToken,
      tokenIssuedAt: slots.tokenIssuedAt,
      tokenExpiresAt: slots.tokenExpiresAt,
      isExpiryEstimated: slots.isExpiryEstimated,
      hasNoExpiry: slots.hasNoExpiry,
      dataAccessExpiresAt: slots.dataAccessExpiresAt,
      permissions: slots.permissions,
      previousSealedToken: previousOf(connections.sealedToken, previousSealedToken),
      previousTokenIssuedAt: previousOf(connections.tokenIssuedAt, previousTokenIssuedAt),
      previousTokenExpiresAt: previousOf(connections.tokenExpiresAt, previousTokenExpiresAt),
      nextRefreshAt: slots.nextRefreshAt,
      renewedAt: sql`coalesce(${slots.renewedAt}, ${connections.renewedAt})`,
      provedAt: slots.provedAt,
      ...UNTROUBLED,
      warnedDays: unlessMoved(connections.warnedDays),
      incidentId: unlessMoved(connections.incidentId),
    }),
    restorePrevious: withHistory(db, and(isHeld, isNotNull(previousSealedToken)), {
      sealedToken: sql`${previousSealedToken}`,
      tokenIssuedAt: sql`${previousTokenIssuedAt}`,
      tokenExpiresAt: sql`${previousTokenExpiresAt}`,
      previousSealedToken: null,
      previousTokenIssuedAt: null,
      previousTokenExpiresAt: null,
      nextRefreshAt: slots.nextRefreshAt,
      ...UNTROUBLED,
    }),
    recordFailure: withHistory(db, isHeld, {
      status: sql`case when ${isReconnect} then 'reconnect_required' else ${connections.status} end`,
      statusReason: sql`coalesce(${slots.statusReason}, ${connections.statusReason})`,
      failedAttempts: sql`${connections.failedAttempts} + 1`,
      lastErrorCode: slots.lastErrorCode,
      lastErrorAt: slots.lastErrorAt,
      failingSinceAt: sql`coalesce(${connections.failingSinceAt}, ${slots.failingSinceAt})`,
      incidentId: sql`coalesce(${slots.incidentId}, ${connections.incidentId})`,
      // An active connection must not drop out of the sweeps for want of a time.
      nextRefreshAt: sql`case when ${isReconnect} then ${slots.nextRefreshAt} else ${nextOrSame} end`,
    }),
  };
}

/** One statement that changes the connection, gives the lease back, and writes history where it did. */
function withHistory(
  db: Engine["db"],
  condition: SQL | undefined,
  change: PgUpdateSetSource<typeof connections>,
) {
  const settled = {
    ...SETTLED,
    version: sql`${connections.version} + 1`,
    updatedAt: slots.updatedAt,
  };
  const held = db.$with("held").as(
    db
      .update(connections)
      .set({ ...change, ...settled })
      .where(condition)
      .returning({ id: connections.id }),
  );
  return db
    .with(held)
    .insert(refreshAttempts)
    .select(db.select(namedSlots(refreshAttempts, HISTORY_PREFIX)).from(held))
    .prepare("");
}
