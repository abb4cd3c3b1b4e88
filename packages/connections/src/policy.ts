import { REFRESHABLE_AFTER_MS } from "@perennial/instagram";
import { hash } from "node:crypto";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A schedule must survive an outage at least this long. */
export const REQUIRED_OUTAGE_MS = 7 * DAY_MS;

/** Rounds last whole hours, so that lives that differ by seconds have rounds of one length. */
const ROUND_STEP_MS = HOUR_MS;

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

/** Who can renew a token: `automatic` is us; a Facebook Page's token only the person can, by coming back. */
export type Renewal = "automatic" | "person";

/** A life with the instant from which the token is to be renewed, as `planDueAt` gave it. */
export type PlannedLife = TokenLife & { dueAt: Date; renewal: Renewal };

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
 * From when on a token is to be renewed: never later than the lead before its expiry, and then at the
 * connection's own place in the round. A round is as long as a token can be renewed before it has to be, so
 * that each token has its connection's place once in that time. The place follows from the connection
 * (`spreadOf`) and the calendar, not from when the token came: a crowd of one day, from an import or when what
 * an outage held up was caught up with, is spread over a whole round by its next renewal, and everybody else
 * stays where they are. It costs a day of each life.
 */
export function planDueAt(life: TokenLife, schedule: RefreshSchedule, spread: number): Date {
  const refreshable = life.issuedAt.getTime() + REFRESHABLE_AFTER_MS;
  const latest = life.expiresAt.getTime() - schedule.leadMs;
  const roundMs = Math.floor((latest - refreshable) / ROUND_STEP_MS) * ROUND_STEP_MS;
  if (roundMs <= 0) return new Date(Math.max(refreshable, latest));
  const sincePlaceMs = (latest - Math.floor(spread * roundMs)) % roundMs;
  return new Date(latest - sincePlaceMs);
}

/** How often a token that nobody but the person can renew is looked at. */
const PROOF_PERIOD_MS = DAY_MS;
/** From this long before its end on, the person is asked to come back. */
const ASKED_BEFORE_MS = 14 * DAY_MS;

/** When a token that was proved to live is looked at next: at the connection's own hour, within a day or so. */
export function planProofAt(provedAt: Date, spread: number): Date {
  const provedMs = provedAt.getTime();
  const dayStart = Math.floor(provedMs / PROOF_PERIOD_MS) * PROOF_PERIOD_MS;
  const place = dayStart + Math.floor(spread * PROOF_PERIOD_MS);
  // Not twice within a few hours of each other.
  const soonest = provedMs + PROOF_PERIOD_MS / 2;
  return new Date(place + Math.ceil(Math.max(0, soonest - place) / PROOF_PERIOD_MS) * PROOF_PERIOD_MS);
}

/** From when on the person is asked to come back before the token ends. */
export function askedFrom(expiresAt: Date): Date {
  return new Date(expiresAt.getTime() - ASKED_BEFORE_MS);
}

/** The instants of a token's life: when it may, should and must be refreshed. */
export function milestones(life: PlannedLife, schedule: RefreshSchedule): TokenMilestones {
  const refreshable = life.issuedAt.getTime() + (life.renewal === "person" ? 0 : REFRESHABLE_AFTER_MS);
  const due = Math.max(refreshable, life.dueAt.getTime());
  const urgent = Math.max(due, life.expiresAt.getTime() - schedule.urgentMs);
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

const SOONEST_HEALING_MS = 10 * 60_000;

/**
 * How long until a token that Instagram called dead is looked at again: as long as it has been dead, but not
 * less than ten minutes and not more than a day.
 */
export function healingWaitMs(deadForMs: number): number {
  return Math.min(DAY_MS, Math.max(SOONEST_HEALING_MS, deadForMs));
}
