import type { NewAlert } from "./alerts.ts";
import type { AppKey } from "./connections.ts";

/** An app whose connections are left alone, but for one probe now and then. */
export type BreakerRecord = AppKey & {
  /** The failure that many connections shared. */
  errorCode: string;
  openedAt: Date;
  /** How often it was probed since. */
  probes: number;
  /** Whether the next probe may be taken, by the clock that leases go by. */
  isProbeDue: boolean;
  /** By the clock that leases go by. */
  nextProbeAt: Date;
  /** The alert that told of it; null when it was not worth one. */
  incidentId: string | null;
};

/** What opens an app's breaker. */
export type OpenBreakerInput = {
  app: AppKey;
  errorCode: string;
  /** How long to the first probe. */
  waitMs: number;
  now: Date;
  /** Null when it is not worth one. */
  alert: NewAlert | null;
};

/** Which apps are left alone. */
export type BreakerStore = {
  /** The apps that are left alone. */
  listOpenBreakers(): Promise<BreakerRecord[]>;
  /**
   * Opens an app's breaker; true when this call did. One that is open already stays as it is, but for its
   * next probe, which is never earlier than asked for here.
   */
  openBreaker(input: OpenBreakerInput): Promise<boolean>;
  /** Takes the next probe of an open breaker, of which there were `probes` so far; true for one caller. */
  takeProbe(input: { app: AppKey; probes: number; waitMs: number }): Promise<boolean>;
  /**
   * Makes connections of an app due so long before their expiry, and thereby in its order, where they are
   * overdue or wait for another attempt; those under lease are left out. Returns how many were
   * changed: fewer than the limit means that no more are left.
   */
  releaseBacklog(input: { app: AppKey; beforeExpiryMs: number; now: Date; limit: number }): Promise<number>;
  /** Closes an app's breaker; true when this call did. The alert is written only where opening was told of. */
  closeBreaker(input: { app: AppKey; alert: NewAlert }): Promise<boolean>;
};
