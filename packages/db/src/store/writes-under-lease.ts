import type { NewAlert } from "./alerts.ts";
import type { StoredToken } from "./connections.ts";
import type { RefreshAttempt } from "./history.ts";
import type { Lease } from "./leases.ts";

/** What a successful refresh writes; the lease is released by it, and any incident is over. */
export type SaveRefreshedInput = {
  lease: Lease;
  token: StoredToken;
  /**
   * `replaced`: the token that was current becomes the previous one. `kept`: the previous one stays, since
   * the new token was got by it. `none`: there is none, since Instagram gave the same string again.
   */
  previous: "replaced" | "kept" | "none";
  /** Null when no new token was brought: the one that is there was proved to work. */
  renewedAt: Date | null;
  history: RefreshAttempt;
  alerts: readonly NewAlert[];
  now: Date;
};

/** What puts the previous token back in the place of a refused one; the lease is released by it. */
export type RestorePreviousInput = {
  lease: Lease;
  nextRefreshAt: Date;
  history: RefreshAttempt;
  alerts: readonly NewAlert[];
  now: Date;
};

/** What a failed refresh writes; the lease is released by it and the sealed tokens stay as they are. */
export type RecordFailureInput = {
  lease: Lease;
  /** null leaves the status as it is. */
  reconnectReason: string | null;
  errorCode: string;
  /** null with a reason: not looked at again by itself. null without one: the time stays as it is. */
  nextRefreshAt: Date | null;
  /** The alert that tells of it from now on; null leaves what was told as it is. */
  incidentId: string | null;
  history: RefreshAttempt;
  alerts: readonly NewAlert[];
  now: Date;
};

/** What comes of an attempt. Each gives the lease back, and does nothing once it is lost. */
export type LeasedWriteStore = {
  /** True when the lease still held and the token was stored. Every sink of the connection is due with it. */
  saveRefreshed(input: SaveRefreshedInput): Promise<boolean>;
  /**
   * Puts the previous token back and ends its troubles; whether its expiry is an estimate stays as it was. True
   * when the lease still held and there was one.
   */
  restorePrevious(input: RestorePreviousInput): Promise<boolean>;
  /** True when the lease still held and the failure was stored. */
  recordFailure(input: RecordFailureInput): Promise<boolean>;
};
