import { randomBytes } from "node:crypto";

import type { ConnectionRecord } from "./store/connections.ts";
import type { RefreshAttempt } from "./store/history.ts";
import type { Lease, LeasedConnection } from "./store/leases.ts";

/**
 * What is stored as a lease's owner: unique per claim, so that one caller's lapsed lease cannot be taken for
 * its next one.
 */
export function uniqueOwner(owner: string): string {
  return `${owner}#${randomBytes(9).toString("base64url")}`;
}

/** A connection as its claimant gets it. */
export function leased(connection: ConnectionRecord, owner: string): LeasedConnection {
  return { lease: { connectionId: connection.id, owner, version: connection.version }, connection };
}

/** A lease as the statements ask for it. */
export function leaseSlots(lease: Lease) {
  return { id: lease.connectionId, leaseOwner: lease.owner, version: lease.version };
}

/** The row of history that is written under a lease. */
export function historyOf(lease: Lease, history: RefreshAttempt) {
  return { ...history, connectionId: lease.connectionId };
}

/** Soonest expiry first, and then by id. */
export function bySoonestExpiry(left: ConnectionRecord, right: ConnectionRecord): number {
  const earlierMs = (left.tokenExpiresAt?.getTime() ?? 0) - (right.tokenExpiresAt?.getTime() ?? 0);
  return earlierMs === 0 ? Number(left.id > right.id) - Number(left.id < right.id) : earlierMs;
}
