import type { Connection } from "../../lib/trpc.ts";

const DAY_MS = 86_400_000;

/** Noon here, so that a few hours do not change the day. */
const NOW_MS = new Date(2027, 2, 12, 12, 0).getTime();

/** An instant some days from now, in milliseconds. */
export function at(days: number): number {
  return NOW_MS + days * DAY_MS;
}

/** A connection whose token has the given age, for tests. */
export function connectionOf(options: {
  ageDays: number;
  state?: Connection["state"];
  nextRefreshAt?: number | null;
}): Connection {
  const { ageDays, state = "healthy", nextRefreshAt = at(30 - ageDays) } = options;
  const iso = (days: number): string => new Date(at(days)).toISOString();
  return {
    id: `con_${"a".repeat(22)}`,
    flavour: "instagram",
    accountId: "17841401234567891",
    username: "acme.shop",
    name: null,
    accountType: "BUSINESS",
    pictureUrl: null,
    followersCount: null,
    mediaCount: null,
    permissions: null,
    state,
    problem: null,
    life: {
      issuedAt: iso(-ageDays),
      refreshableAt: iso(1 - ageDays),
      dueAt: iso(30 - ageDays),
      urgentAt: iso(53 - ageDays),
      expiresAt: iso(60 - ageDays),
      isExpiryEstimated: false,
      nextRefreshAt: nextRefreshAt === null ? null : new Date(nextRefreshAt).toISOString(),
      chancesLeft: Math.max(0, Math.round((60 - Math.max(30, ageDays)) * 96)),
    },
    failedAttempts: 0,
    renewedAt: iso(-ageDays),
    connectedAt: iso(-100),
    version: 1,
  };
}
