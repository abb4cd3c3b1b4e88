import type { AppKey, ConnectionRecord } from "./connections.ts";

/**
 * A time-bound right to refresh one connection. Every write made under it names owner and version. The store
 * makes the owner unique per claim: it begins with the name the claimant gave, then `#`.
 */
export type Lease = { connectionId: string; owner: string; version: number };

/** A connection with the lease that was just taken on it. */
export type LeasedConnection = { lease: Lease; connection: ConnectionRecord };

/** A claim on due connections. */
export type ClaimDueInput = {
  owner: string;
  /** Connections whose `nextRefreshAt` is not later than this are due. */
  now: Date;
  leaseMs: number;
  limit: number;
  /**
   * `due`: all but those of `pausedApps`. `abandoned`: of these only what somebody else has begun and left,
   * its lease having lapsed. `app`: only active ones of one app, paused or not.
   */
  of: { kind: "due" | "abandoned"; pausedApps: readonly AppKey[] } | { kind: "app"; app: AppKey };
};

/** A claim on one connection, due or not. */
export type ClaimOneInput = { connectionId: string; owner: string; leaseMs: number };

/** `busy`: somebody else holds the lease. `missing`: no such connection, or it is disconnected. */
export type ClaimOneResult =
  | ({ kind: "leased" } & LeasedConnection)
  | { kind: "busy"; connection: ConnectionRecord }
  | { kind: "missing" };

/** How connections are claimed, and what is noted while a lease is held. */
export type LeaseStore = {
  /**
   * Leases what has been due for longest; the answer has the soonest expiry first. Costs what it takes, and a
   * little for whatever is due but passed over: leased, of a paused app, or not of the kind that is asked for.
   * What only a person can help is due too where its last failure said when to look again.
   */
  claimDue(input: ClaimDueInput): Promise<LeasedConnection[]>;
  /** Leases one connection, unless it is disconnected. */
  claimOne(input: ClaimOneInput): Promise<ClaimOneResult>;
  /**
   * Notes that a call is about to be sent, makes the lease last from now on, and the connection due at once
   * should its holder not come back. False when the lease has lapsed or was lost: nothing may be sent.
   */
  recordIntent(input: { lease: Lease; leaseMs: number; now: Date }): Promise<boolean>;
  /** Gives a lease back unused, with the time the connection is looked at next; null leaves that time. */
  releaseLease(lease: Lease, nextRefreshAt: Date | null): Promise<void>;
};
