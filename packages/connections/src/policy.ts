import { REFRESHABLE_AFTER_MS } from "@perennial/instagram";
import { hash } from "node:crypto";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A schedule must survive an outage at least this long. */
export const REQUIRED_OUTAGE_MS = 7 * DAY_MS;

/** The share of the refresh lead by which the spread may bring a renewal forward. */
const SPREAD_SHARE = 0.1;

/** When tokens are renewed. */
export type RefreshSchedule = {
  /** Due from this long before expiry. */
  leadMs: number;
  /** Urgent from this long before expiry: a hand-out then refreshes first. */
  urgentMs: number;
  /** The longest time between two sweeps. */
  periodMs: number;
};

/** The life of one token, as far as the policy needs it. */
export type TokenLife = { issuedAt: Date; expiresAt: Date };

/** Where in its life a token is. */
export type TokenPhase = "too_young" | "not_due" | "due" | "urgent" | "expired";

/** The instants of a token's life, in order. */
export type TokenMilestones = {
  issuedAt: Date;
  /** Instagram refuses a refresh before this. */
  refreshableAt: Date;
  dueAt: Date;
  urgentAt: Date;
  expiresAt: Date;
};

/**
 * When a token may, should and must be refreshed. A spread between 0 and 1, stable per connection, brings
 * the due time forward by at most a tenth of the lead, so that a crowd that arrived on one day does not
 * stay a crowd; it never puts it back.
 */
export function milestones(life: TokenLife, schedule: RefreshSchedule, spread: number): TokenMilestones {
  const issued = life.issuedAt.getTime();
  const expires = life.expiresAt.getTime();
  const refreshable = issued + REFRESHABLE_AFTER_MS;
  const due = Math.max(refreshable, expires - schedule.leadMs - spread * SPREAD_SHARE * schedule.leadMs);
  const urgent = Math.max(due, expires - schedule.urgentMs);
  return {
    issuedAt: life.issuedAt,
    refreshableAt: new Date(refreshable),
    dueAt: new Date(due),
    urgentAt: new Date(urgent),
    expiresAt: life.expiresAt,
  };
}

/** Too young, not due, due, urgent or expired. */
export function phaseAt(at: TokenMilestones, now: Date): TokenPhase {
  if (now >= at.expiresAt) return "expired";
  if (now < at.refreshableAt) return "too_young";
  if (now < at.dueAt) return "not_due";
  return now < at.urgentAt ? "due" : "urgent";
}

/** How many scheduled attempts remain between now and the expiry. */
export function chancesLeft(at: TokenMilestones, schedule: RefreshSchedule, now: Date): number {
  const from = Math.max(now.getTime(), at.dueAt.getTime());
  return Math.max(0, Math.floor((at.expiresAt.getTime() - from) / schedule.periodMs));
}

/** The longest outage that is survived for certain, in milliseconds: the lead less one period. */
export function outageSurvivedMs(schedule: RefreshSchedule): number {
  return schedule.leadMs - schedule.periodMs;
}

/** A number in [0, 1) that is always the same for one connection. */
export function spreadOf(connectionId: string): number {
  return hash("sha256", connectionId, "buffer").readUInt32BE(0) / 2 ** 32;
}

const BACK_OFF_BASE_MS = 60_000;
const BACK_OFF_CAP_MS = 6 * HOUR_MS;
/** However often it failed, this many attempts stay possible before the token expires. */
const CHANCES_KEPT = 8;

/**
 * How long to wait after a failure: exponential with full jitter, capped at six hours, and never so long
 * that the last chances before the expiry are spent.
 */
export function backOffMs(input: {
  failedAttempts: number;
  expiresAt: Date;
  now: Date;
  random: () => number;
}): number {
  const grown = BACK_OFF_BASE_MS * 2 ** Math.min(input.failedAttempts, 20);
  const remaining = Math.max(0, input.expiresAt.getTime() - input.now.getTime());
  const ceiling = Math.min(grown, BACK_OFF_CAP_MS, Math.max(BACK_OFF_BASE_MS, remaining / CHANCES_KEPT));
  return Math.round(BACK_OFF_BASE_MS / 2 + input.random() * (ceiling - BACK_OFF_BASE_MS / 2));
}
