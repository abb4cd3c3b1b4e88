import { InstagramError, type Login } from "@perennial/instagram";

import { APP_THROTTLE_WAIT_MS } from "../breaker-policy.ts";

/** What Meta may make of an app's id and secret when asked without a person. `unclear`: it answered something else, or was not asked. */
export const CREDENTIALS_VERDICTS = ["accepted", "refused", "unclear", "not_reached"] as const;

/** One of {@link CREDENTIALS_VERDICTS}. */
export type CredentialsVerdict = (typeof CREDENTIALS_VERDICTS)[number];

/** An answer is kept for so long: a page that is loaded again costs Meta nothing. */
const KEPT_MS = 60_000;
/** However many failures somebody provokes, a process asks the same question this often in a minute. */
const MOST_A_MINUTE = 4;
const MINUTE_MS = 60_000;

/** One question to Meta, whether it accepts the app of a login at the login's host; only ever one call at a time. */
export type AppQuestion = {
  /**
   * The answer, not older than the failure where it can be had: whoever comes while a call is under way shares it.
   * `unclear` where it was asked too often, or the app rests. Rejects with a fault of ours only.
   */
  answer(login: Login, failedAt: Date | null): Promise<CredentialsVerdict>;
};

/** The apps that Meta throttles, by their ids: nobody asks about them until they have rested. */
export type RestingApps = {
  /** Meta said so at this moment, and perhaps for how long. */
  note(appId: string, saidAt: Date, forMs?: number): void;
  isResting(appId: string): boolean;
};

/** Makes the memory of one process. */
export function createRestingApps(now: () => Date): RestingApps {
  const untilMs = new Map<string, number>();
  return {
    note: (appId, saidAt, forMs = APP_THROTTLE_WAIT_MS) => {
      untilMs.set(appId, Math.max(untilMs.get(appId) ?? 0, saidAt.getTime() + forMs));
    },
    isResting: (appId) => now().getTime() < (untilMs.get(appId) ?? 0),
  };
}

/** Makes the question of one process. */
export function createAppQuestion(now: () => Date, resting: RestingApps): AppQuestion {
  let kept: { verdict: Promise<CredentialsVerdict>; askedAtMs: number; isUnderWay: boolean } | null = null;
  let askedAtMs: number[] = [];

  function ask(login: Login, nowMs: number): Promise<CredentialsVerdict> {
    const onThrottled = (forMs?: number) => resting.note(login.clientId, now(), forMs);
    const asked = { verdict: verdictOf(login, onThrottled), askedAtMs: nowMs, isUnderWay: true };
    kept = asked;
    askedAtMs.push(nowMs);
    asked.verdict.then(
      () => (asked.isUnderWay = false),
      () => (kept = null), // a fault of ours is not kept
    );
    return asked.verdict;
  }

  return {
    answer: async (login, failedAt) => {
      const nowMs = now().getTime();
      if (kept !== null && (kept.isUnderWay || isFresh(kept.askedAtMs, nowMs, failedAt))) return kept.verdict;
      if (resting.isResting(login.clientId)) return "unclear";
      askedAtMs = askedAtMs.filter((ms) => isWithin(MINUTE_MS, ms, nowMs));
      return askedAtMs.length < MOST_A_MINUTE ? ask(login, nowMs) : "unclear";
    },
  };
}

/** What was found out before a failure says nothing about it: the secret may have been changed since, and the outage begun. */
function isFresh(askedAtMs: number, nowMs: number, failedAt: Date | null): boolean {
  return isWithin(KEPT_MS, askedAtMs, nowMs) && (failedAt === null || failedAt.getTime() <= askedAtMs);
}

/** A clock that was set back makes nothing last longer. */
function isWithin(lengthMs: number, sinceMs: number, nowMs: number): boolean {
  return sinceMs <= nowMs && nowMs - sinceMs < lengthMs;
}

async function verdictOf(
  login: Login,
  onThrottled: (forMs: number | undefined) => void,
): Promise<CredentialsVerdict> {
  try {
    await login.checkCredentials();
    return "accepted";
  } catch (error) {
    if (!(error instanceof InstagramError)) throw error;
    if (error.code === "rate_limited") onThrottled(error.retryAfterMs);
    if (error.code === "invalid_client") return "refused";
    return error.reason === "not_reached" ? "not_reached" : "unclear";
  }
}
