import { parseHttpDate } from "./http-date.ts";
import { headerOf } from "./usage.ts";

/** A clock of ours within this of the server's counts as right: the margin of every expiry covers it. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

/**
 * Certificates live for 398 days at most, so a clock that is further off could not have connected: a header
 * that says so is wrong, not the clock.
 */
const LARGEST_CREDIBLE_SKEW_MS = 400 * 86_400_000;

/** One call by our clock. `elapsedMs` is what a clock that nobody sets counted meanwhile. */
export type CallTimes = { sentAt: Date; receivedAt: Date; elapsedMs: number };

/** `asOf` is when the request was sent, early rather than late. `skewMs` is above 0 where our clock is ahead. */
export type ClockComparison = { asOf: Date; skewMs: number };

/**
 * Compares our clock with the server's `Date` header. The header was written somewhere between sending and
 * receiving, so whatever lies in between, by our clock, is no skew: that holds for a slow answer, for a clock
 * that runs fast, and for one that is moved while the call is under way.
 *
 * The server's date minus the length of the call is the earliest the request can have been sent, whatever our
 * clock says. `asOf` is that where our own reading is later by more than the tolerance, or where our clock is
 * behind; else it is our own. Without a `Date` header that makes sense there is nothing to compare with.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1
 */
export function compareClocks(
  headers: Readonly<Record<string, string>>,
  { sentAt, receivedAt, elapsedMs }: CallTimes,
): ClockComparison {
  const header = headerOf(headers, "date");
  const serverMs = header === undefined ? undefined : parseHttpDate(header);
  if (serverMs === undefined) return { asOf: sentAt, skewMs: 0 };

  const sentMs = sentAt.getTime();
  const receivedMs = receivedAt.getTime();
  const skewMs = distance(serverMs, Math.min(sentMs, receivedMs), Math.max(sentMs, receivedMs));
  if (Math.abs(skewMs) > LARGEST_CREDIBLE_SKEW_MS) return { asOf: sentAt, skewMs: 0 };

  const earliestMs = serverMs - Math.max(elapsedMs, receivedMs - sentMs);
  // also where a clock that is ahead was set back before the answer came, or is by less than a long call lasts
  const isAhead = sentMs - earliestMs > CLOCK_TOLERANCE_MS;
  const isBehind = skewMs < -CLOCK_TOLERANCE_MS;
  return {
    asOf: isAhead || isBehind ? new Date(earliestMs) : sentAt,
    skewMs: Math.abs(skewMs) > CLOCK_TOLERANCE_MS ? skewMs : 0,
  };
}

/** How far a span lies after an instant: 0 when the instant is within. */
function distance(instant: number, from: number, to: number): number {
  if (instant < from) return from - instant;
  return instant > to ? to - instant : 0;
}
