import { CLOCK_TOLERANCE_MS } from "./clock-skew.ts";

/** What short-lived tokens live; Instagram's answer never says so, and Facebook's often does not. */
const SHORT_LIVED_SECONDS = 3600;

/**
 * The life assumed when `expires_in` is missing or makes no sense. Short, because a wrong guess must not
 * let a token die unseen; but above 24 hours, because a token can be renewed only after that, and the
 * renewal brings a figure that is known. 48 hours leave a whole day of attempts in between.
 */
export const SHORTEST_CREDIBLE_SECONDS = 48 * 3600;

/** Long-lived tokens live about 60 days. A figure above this is a mistake or another unit. */
const LONGEST_CREDIBLE_SECONDS = 90 * 86_400;

/** A long-lived token can be refreshed from this age on. */
export const REFRESHABLE_AFTER_MS = 24 * 3_600_000;

/**
 * Taken off every life, so that a clock that runs slow by this much still never hands out a dead token.
 * Never more than a twentieth of the life, so that a short one is not lost to it.
 */
const LARGEST_MARGIN_MS = CLOCK_TOLERANCE_MS;
const MARGIN_SHARE = 1 / 20;

/** When a token expires, and whether that is a guess. */
type Expiry = { expiresAt: Date; isExpiryEstimated: boolean };

/** The end of a short-lived token asked for at `issuedAt`, from whatever `expires_in` held. */
export function shortLivedExpiry(issuedAt: Date, expiresIn?: unknown): Date {
  return endOf(issuedAt, readSeconds(expiresIn) ?? SHORT_LIVED_SECONDS);
}

/**
 * The end of a long-lived token asked for at `issuedAt`, from whatever `expires_in` held: a number or its
 * string. Missing, zero, negative, text and absurd values give a short life marked as estimated; never
 * "does not expire".
 */
export function longLivedExpiry(issuedAt: Date, expiresIn: unknown): Expiry {
  const seconds = readSeconds(expiresIn);
  return seconds === null
    ? { expiresAt: endOf(issuedAt, SHORTEST_CREDIBLE_SECONDS), isExpiryEstimated: true }
    : { expiresAt: endOf(issuedAt, seconds), isExpiryEstimated: false };
}

/** An end to come that was told as an instant, less the margin. */
export function toldEnd(issuedAt: Date, end: Date): Date {
  return endOf(issuedAt, (end.getTime() - issuedAt.getTime()) / 1000);
}

function readSeconds(value: unknown): number | null {
  const seconds = typeof value === "string" && /^\d{1,10}$/.test(value.trim()) ? Number(value) : value;
  if (typeof seconds !== "number" || !(seconds >= 1) || seconds > LONGEST_CREDIBLE_SECONDS) return null;
  return Math.floor(seconds);
}

function endOf(issuedAt: Date, lifeSeconds: number): Date {
  const lifeMs = lifeSeconds * 1000;
  return new Date(issuedAt.getTime() + lifeMs - Math.min(LARGEST_MARGIN_MS, lifeMs * MARGIN_SHARE));
}
