import {
  InstagramError,
  REFRESHABLE_AFTER_MS,
  type InstagramLogin,
  type LongLivedToken,
} from "@perennial/instagram";

import type { VirtualClock } from "./virtual-clock.ts";

const DAY_MS = 86_400_000;
/** What a long-lived token lives. */
export const TOKEN_LIFE_MS = 60 * DAY_MS;
/** The client takes some minutes off each life, for clocks that run slow. */
const CLIENT_MARGIN_MS = 5 * 60_000;
/** So long after a call nobody waits for its answer any more. */
const TIMEOUT_MS = 10_000;
/** All answers take the same time, so that those of calls begun together are stored together. */
const ANSWER_MS = 250;
/** How the calls fail that fail: a fault of Instagram's, no answer, or one that nobody knows. */
const [FAULTS_SHARE, TIMEOUTS_SHARE] = [0.6, 0.3] as const;

/** What Instagram was asked, in numbers. */
export type CallCounts = { refreshes: number; failedRefreshes: number; tokenProbes: number };

/** Instagram as far as a worker knows it. */
export type PretendedInstagram = {
  login: InstagramLogin;
  counts: Readonly<CallCounts>;
  /** A token from a sign-in, for the account of this number. */
  issue(account: number, issuedAt: Date): LongLivedToken;
  /** When the newest token of an account ends. */
  endsAtMs(account: number): number;
};

/** What it answers by. */
export type PretendedInstagramOptions = {
  clock: VirtualClock;
  random: () => number;
  /** The share of the calls that fail. */
  errorShare: number;
  isDown: (nowMs: number) => boolean;
  /** Hears of each renewal with what the token that was renewed had left. */
  onRenewal: (msLeft: number) => void;
};

/**
 * Makes an Instagram that renews tokens between 24 hours and 60 days old, each call taking its time by the
 * virtual clock. It revokes none: whoever is asked to sign in again while a token lives is asked needlessly.
 */
export function pretendInstagram(options: PretendedInstagramOptions): PretendedInstagram {
  const { clock, random, errorShare, isDown, onRenewal } = options;
  const counts: CallCounts = { refreshes: 0, failedRefreshes: 0, tokenProbes: 0 };
  const newestIssuedAtMs: number[] = [];

  const issue = (account: number, issuedAt: Date): LongLivedToken => {
    const issuedAtMs = issuedAt.getTime();
    newestIssuedAtMs[account] = issuedAtMs;
    return {
      value: `SIMULATED.${account}.${issuedAtMs}`,
      permissions: null,
      issuedAt,
      expiresAt: new Date(issuedAtMs + TOKEN_LIFE_MS - CLIENT_MARGIN_MS),
      isExpiryEstimated: false,
      dataAccessExpiresAt: null,
      hasNoExpiry: false,
    };
  };

  /** The account and age of a token, once the answer is there. */
  const answer = async (operation: Operation, value: string): Promise<{ account: number; ageMs: number }> => {
    const fault = random();
    const isFaulty = isDown(clock.nowMs()) || random() < errorShare;
    const isLost = isFaulty && fault >= FAULTS_SHARE && fault < FAULTS_SHARE + TIMEOUTS_SHARE;
    await clock.sleep(isLost ? TIMEOUT_MS : ANSWER_MS);
    if (isLost) throw new InstagramError({ code: "transient", reason: "answer_lost", operation });
    if (isFaulty && fault < FAULTS_SHARE)
      throw new InstagramError({ code: "transient", operation, httpStatus: 503 });
    if (isFaulty) throw new InstagramError({ code: "unknown", operation, httpStatus: 500 });
    const [, account, issuedAtMs] = value.split(".");
    const ageMs = clock.nowMs() - Number(issuedAtMs);
    if (ageMs >= TOKEN_LIFE_MS)
      throw new InstagramError({ code: "token_expired", operation, httpStatus: 400 });
    return { account: Number(account), ageMs };
  };

  const refresh = async (value: string): Promise<LongLivedToken> => {
    const operation = "refresh_long_lived_token";
    const { account, ageMs } = await answer(operation, value);
    if (ageMs < REFRESHABLE_AFTER_MS) throw new InstagramError({ code: "token_too_young", operation });
    onRenewal(TOKEN_LIFE_MS - ageMs);
    return issue(account, clock.now());
  };

  return {
    counts,
    issue,
    endsAtMs: (account) => (newestIssuedAtMs[account] ?? 0) + TOKEN_LIFE_MS,
    login: {
      ...SIGNS_NOBODY_IN,
      flavour: "instagram",
      clientId: "990000000000001",
      refreshLongLivedToken: async ({ value }) => {
        counts.refreshes += 1;
        try {
          return await refresh(value);
        } catch (error) {
          counts.failedRefreshes += 1;
          throw error;
        }
      },
      probeToken: async ({ value }) => {
        counts.tokenProbes += 1;
        return String((await answer("probe_token", value)).account);
      },
    },
  };
}

type Operation = "refresh_long_lived_token" | "probe_token";

const refuse = (): never => {
  throw new Error("A simulation signs nobody in.");
};

const SIGNS_NOBODY_IN = {
  authorizationUrl: refuse,
  exchangeCode: refuse,
  exchangeForLongLivedToken: refuse,
  checkCredentials: refuse,
  fetchProfile: refuse,
  fetchRecentMedia: refuse,
  fetchPublishingQuota: refuse,
};
