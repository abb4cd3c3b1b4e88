import type { SQL } from "drizzle-orm";
import type { PgColumn, PgUpdateSetSource } from "drizzle-orm/pg-core";

import { and, eq, getTableColumns, sql } from "../drizzle.ts";
import type { Engine } from "./engine.ts";
import { connections, refreshAttempts } from "./schema.ts";
import { slot, slotsOf } from "./slots.ts";

const HISTORY_PREFIX = "history.";

/** The values of a row of history, named apart from those of its connection. */
export function underHistoryNames(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [`${HISTORY_PREFIX}${key}`, value]));
}

/** Writes that change something only while the lease is held: owner and version are those of the claim. */
export function prepareWritesUnderLease(db: Engine["db"]) {
  const slots = slotsOf(connections);
  const isHeld = and(
    eq(connections.id, slots.id),
    eq(connections.leaseOwner, slots.leaseOwner),
    eq(connections.version, slots.version),
  );
  const isReconnect = sql`${slots.statusReason} is not null`;
  const nextOrSame = sql`coalesce(${slots.nextRefreshAt}, ${connections.nextRefreshAt})`;
  const grown = sql`${connections.version} + 1`;

  return {
    saveRefreshed: withHistory(db, isHeld, {
      sealedToken: slots.sealedToken,
      tokenIssuedAt: slots.tokenIssuedAt,
      tokenExpiresAt: slots.tokenExpiresAt,
      isExpiryEstimated: slots.isExpiryEstimated,
      permissions: slots.permissions,
      nextRefreshAt: slots.nextRefreshAt,
      renewedAt: slots.renewedAt,
      status: "active",
      statusReason: null,
      failedAttempts: 0,
      lastErrorCode: null,
      lastErrorAt: null,
      version: grown,
      updatedAt: slots.updatedAt,
    }),
    recordFailure: withHistory(db, isHeld, {
      status: sql`case when ${isReconnect} then 'reconnect_required' else ${connections.status} end`,
      statusReason: sql`coalesce(${slots.statusReason}, ${connections.statusReason})`,
      failedAttempts: sql`${connections.failedAttempts} + 1`,
      lastErrorCode: slots.lastErrorCode,
      lastErrorAt: slots.lastErrorAt,
      // An active connection must not drop out of the sweeps for want of a time.
      nextRefreshAt: sql`case when ${isReconnect} then ${slots.nextRefreshAt} else ${nextOrSame} end`,
      version: grown,
      updatedAt: slots.updatedAt,
    }),
    release: db
      .update(connections)
      .set({
        nextRefreshAt: nextOrSame,
        // A lease given back unused is no change; another time for the next look is one.
        version: sql`${connections.version} + (${nextOrSame} is distinct from ${connections.nextRefreshAt})::int`,
        leaseOwner: null,
        leaseUntil: null,
      })
      .where(isHeld)
      .prepare(""),
  };
}

/** One statement that changes the connection, gives the lease back, and writes history where it did. */
function withHistory(
  db: Engine["db"],
  isHeld: SQL | undefined,
  change: PgUpdateSetSource<typeof connections>,
) {
  const held = db.$with("held").as(
    db
      .update(connections)
      .set({ ...change, leaseOwner: null, leaseUntil: null })
      .where(isHeld)
      .returning({ id: connections.id }),
  );
  const columns = Object.entries(getTableColumns(refreshAttempts)) as [string, PgColumn][];
  const row = columns.map(([key, column]) => [key, slot(column, `${HISTORY_PREFIX}${key}`).as(column.name)]);
  return db
    .with(held)
    .insert(refreshAttempts)
    .select(db.select(Object.fromEntries(row) as never).from(held))
    .prepare("");
}
