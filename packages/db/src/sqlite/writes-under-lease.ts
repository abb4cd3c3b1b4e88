import type { SQLWrapper } from "drizzle-orm";
import { and, eq, isNotNull, sql } from "../drizzle.ts";

import { alertRow } from "../alert-row.ts";
import { historyOf, leaseSlots } from "../leased.ts";
import { slotsOf } from "../slots.ts";
import type { NewAlert } from "../store/alerts.ts";
import type { RefreshAttempt } from "../store/history.ts";
import type { Lease } from "../store/leases.ts";
import type { LeasedWriteStore } from "../store/writes-under-lease.ts";
import { SETTLED, UNTROUBLED } from "../untroubled.ts";
import { prepareInsertAlert } from "./alerts.ts";
import type { Engine } from "./engine.ts";
import { connections, refreshAttempts } from "./schema.ts";
import { prepareSinksDue } from "./sinks.ts";

/** What is written of an attempt beside its connection. */
type Told = { lease: Lease; history: RefreshAttempt; alerts: readonly NewAlert[] };

const slots = slotsOf(connections);

/** The lease is still the claim's: by its owner, and by the version the connection had then. */
export const isHeld = and(
  eq(connections.id, slots.id),
  eq(connections.leaseOwner, slots.leaseOwner),
  eq(connections.version, slots.version),
);

/** What comes of an attempt. Each gives the lease back, and does nothing once it is lost. */
export function createLeasedWrites(engine: Engine, leaseNow: () => number): LeasedWriteStore {
  const statements = prepareStatements(engine.db);
  /** Another token is due in every sink, by the same write. */
  const swap = ({ connectionId }: Lease, { changes }: { changes: number }) => {
    if (changes === 1) statements.sinksDue.run({ connectionId, nextDeliveryAt: new Date(leaseNow()) });
    return { changes };
  };
  const writeUnderLease = ({ lease, history, alerts }: Told, update: () => { changes: number }) =>
    engine.write(() => {
      if (update().changes === 0) return false;
      statements.insertHistory.run(historyOf(lease, history));
      for (const alert of alerts) statements.insertAlert.run(alertRow(alert));
      return true;
    });

  return {
    saveRefreshed: ({ token, previous, renewedAt, now, ...told }) =>
      writeUnderLease(told, () => {
        const values = { ...token, previous, renewedAt, provedAt: now, updatedAt: now };
        return swap(told.lease, statements.saveRefreshed.run({ ...leaseSlots(told.lease), ...values }));
      }),

    restorePrevious: ({ nextRefreshAt, now, ...told }) =>
      writeUnderLease(told, () => {
        const values = { ...leaseSlots(told.lease), nextRefreshAt, updatedAt: now };
        return swap(told.lease, statements.restorePrevious.run(values));
      }),

    recordFailure: ({ reconnectReason, errorCode, nextRefreshAt, incidentId, now, ...told }) =>
      writeUnderLease(told, () =>
        statements.recordFailure.run({
          ...leaseSlots(told.lease),
          statusReason: reconnectReason,
          lastErrorCode: errorCode,
          lastErrorAt: now,
          nextRefreshAt,
          incidentId,
          failingSinceAt: now,
          updatedAt: now,
        }),
      ),
  };
}

function prepareStatements(db: Engine["db"]) {
  /** The version grows, the lease is given back, and nothing is under way any more. */
  const settled = {
    ...SETTLED,
    version: sql`${connections.version} + 1`,
    updatedAt: slots.updatedAt,
  };
  const { previousSealedToken, previousTokenIssuedAt, previousTokenExpiresAt } = connections;
  const isReplaced = sql`${sql.placeholder("previous")} = 'replaced'`;
  const isKept = sql`${sql.placeholder("previous")} = 'kept'`;
  const previousOf = (current: SQLWrapper, kept: SQLWrapper) =>
    sql`case when ${isReplaced} then ${current} when ${isKept} then ${kept} end`;
  // Who was warned of an end that has not moved is not warned of it again.
  const isStill = sql`${slots.renewedAt} is null and ${slots.tokenExpiresAt} <= ${connections.tokenExpiresAt}`;
  const unlessMoved = (kept: SQLWrapper) =>
    sql`case when ${connections.warnedDays} is not null and ${isStill} then ${kept} end`;
  const isReconnect = sql`${slots.statusReason} is not null`;
  const nextOrSame = sql`coalesce(${slots.nextRefreshAt}, ${connections.nextRefreshAt})`;

  return {
    insertHistory: db.insert(refreshAttempts).values(slotsOf(refreshAttempts)).prepare(),
    insertAlert: prepareInsertAlert(db),
    sinksDue: prepareSinksDue(db),
    saveRefreshed: db
      .update(connections)
      .set({
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
        ...settled,
      })
      .where(isHeld)
      .prepare(),
    restorePrevious: db
      .update(connections)
      .set({
        sealedToken: sql`${previousSealedToken}`,
        tokenIssuedAt: sql`${previousTokenIssuedAt}`,
        tokenExpiresAt: sql`${previousTokenExpiresAt}`,
        previousSealedToken: null,
        previousTokenIssuedAt: null,
        previousTokenExpiresAt: null,
        nextRefreshAt: slots.nextRefreshAt,
        ...UNTROUBLED,
        ...settled,
      })
      .where(and(isHeld, isNotNull(previousSealedToken)))
      .prepare(),
    recordFailure: db
      .update(connections)
      .set({
        status: sql`case when ${isReconnect} then 'reconnect_required' else ${connections.status} end`,
        statusReason: sql`coalesce(${slots.statusReason}, ${connections.statusReason})`,
        failedAttempts: sql`${connections.failedAttempts} + 1`,
        lastErrorCode: slots.lastErrorCode,
        lastErrorAt: slots.lastErrorAt,
        failingSinceAt: sql`coalesce(${connections.failingSinceAt}, ${slots.failingSinceAt})`,
        incidentId: sql`coalesce(${slots.incidentId}, ${connections.incidentId})`,
        // An active connection must not drop out of the sweeps for want of a time.
        nextRefreshAt: sql`case when ${isReconnect} then ${slots.nextRefreshAt} else ${nextOrSame} end`,
        ...settled,
      })
      .where(isHeld)
      .prepare(),
  };
}
