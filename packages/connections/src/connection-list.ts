import type { HistoryQuery } from "@perennial/db";

import type { ConnectionsDeps } from "./deps.ts";
import { ConnectionError } from "./errors.ts";
import { viewAttempt, viewConnection, type ConnectionView, type HistoryEntry } from "./views.ts";

const URGENCY = {
  expired: 0,
  reconnect_required: 1,
  urgent: 2,
  failing: 3,
  ending: 4,
  due: 5,
  healthy: 6,
} as const;

/** A user's connections, those that need them first. */
export async function listConnections(deps: ConnectionsDeps, userId: string): Promise<ConnectionView[]> {
  const now = deps.now();
  const views = (await deps.store.listConnections(userId)).map((row) => viewConnection(deps, row, now));
  return views.sort(byNeed);
}

/** One connection. @throws {ConnectionError} `connection_not_found`, also for another user's */
export async function getConnection(
  deps: ConnectionsDeps,
  userId: string,
  connectionId: string,
): Promise<ConnectionView> {
  const row = await deps.store.findConnection(userId, connectionId);
  if (row === null || row.status === "disconnected") throw new ConnectionError("connection_not_found");
  return viewConnection(deps, row, deps.now());
}

/** History, newest first. @throws {ConnectionError} `connection_not_found` */
export async function listHistory(deps: ConnectionsDeps, input: HistoryQuery): Promise<HistoryEntry[]> {
  if ((await deps.store.findConnection(input.userId, input.connectionId)) === null) {
    throw new ConnectionError("connection_not_found");
  }
  return (await deps.store.listHistory(input)).map(viewAttempt);
}

function byNeed(a: ConnectionView, b: ConnectionView): number {
  return URGENCY[a.state] - URGENCY[b.state] || (a.username < b.username ? -1 : 1);
}
