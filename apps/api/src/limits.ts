import { networkOf, type RateLimit, type RateLimiter } from "@perennial/connections";

const WINDOW_MS = 60_000;

/** Somebody asks too often. */
export class TooManyRequests extends Error {
  override readonly name = "TooManyRequests";
  readonly retryAfterSeconds: number;

  constructor(waitMs: number) {
    super("Too many requests.");
    this.retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1_000));
  }
}

/** A limit for a minute. */
export function perMinute(name: string, limit: number): RateLimit {
  return { name, limit, windowMs: WINDOW_MS };
}

/** What an address counts as; IPv6 by the half that one customer has. */
export function placeOf(address: string | null): string {
  return address === null ? "nowhere" : networkOf(address);
}

/**
 * Takes one permit of each limit, the narrowest first: null when all had one. Answers at once where this process
 * holds permits of all of them.
 */
export function admit(
  limiter: RateLimiter,
  limits: readonly RateLimit[],
  from = 0,
): TooManyRequests | null | Promise<TooManyRequests | null> {
  for (let index = from; index < limits.length; index += 1) {
    const limit = limits[index];
    const waitMs = limit === undefined ? 0 : limiter.take(limit);
    if (typeof waitMs !== "number")
      return waitMs.then((ms) => (ms > 0 ? new TooManyRequests(ms) : admit(limiter, limits, index + 1)));
    if (waitMs > 0) return new TooManyRequests(waitMs);
  }
  return null;
}
