import type { SQL } from "drizzle-orm";
import { and, count, gt, lte, min, sql } from "../drizzle.ts";

import { slot } from "../slots.ts";
import type { FleetStore } from "../store/fleet-stats.ts";
import type { Engine } from "./engine.ts";
import { connections } from "./schema.ts";

/** The fleet in numbers, all of them out of two indexes, as they are at one moment. */
export function createFleetStats({ db, read }: Engine): FleetStore {
  const { tokenExpiresAt, nextRefreshAt, failedAttempts, status } = connections;
  // As text, so that the indexes are seen to fit.
  const isActive = sql`${status} = 'active'`;
  const isConnected = sql`${status} <> 'disconnected'`;
  const now = slot(tokenExpiresAt, "now");
  const countOf = (...conditions: SQL[]) => {
    const counted = db
      .select({ rows: count() })
      .from(connections)
      .where(and(...conditions));
    return sql`(${counted})`.mapWith(Number);
  };
  const nearest = db
    .select({ at: min(tokenExpiresAt) })
    .from(connections)
    .where(and(isActive, gt(tokenExpiresAt, now)));
  const statistics = db
    .select({
      connected: countOf(isConnected),
      active: countOf(isActive),
      failing: countOf(isActive, gt(failedAttempts, 0)),
      expired: countOf(isActive, lte(tokenExpiresAt, now)),
      due: countOf(isConnected, lte(nextRefreshAt, now)),
      nearestExpiryAt: sql<Date | null>`(${nearest})`.mapWith(tokenExpiresAt),
    })
    .from(sql`(select 1)`)
    .prepare();

  return {
    fleetStats: (now) =>
      read(() => {
        const row = statistics.get({ now });
        if (row === undefined) throw new Error("SQLite selected one row and did not return it.");
        const { connected, ...stats } = row;
        return { ...stats, reconnectRequired: connected - stats.active };
      }),
  };
}
