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
  flavour?: Connection["flavour"];
  nextRefreshAt?: number | null;
}): Connection {
  const { ageDays, state = "healthy", nextRefreshAt = at(30 - ageDays) } = options;
  const { flavour = "instagram" } = options;
  const isPage = flavour === "facebook";
  const iso = (days: number): string => new Date(at(days)).toISOString();
  return {
    id: `con_${"a".repeat(22)}`,
    flavour,
    accountId: "17841401234567891",
    username: "acme.shop",
    name: null,
    accountType: "BUSINESS",
    pictureUrl: null,
    followersCount: null,
    mediaCount: null,
    permissions: null,
    requestedScopes: null,
    missingScopes: [],
    renewal: isPage ? "person" : "automatic",
    deadlines: {
      tokenExpiry: isPage ? { at: null, basis: "none" } : { at: iso(60 - ageDays), basis: "told" },
      earliestRefresh: isPage ? { at: null, basis: "none" } : { at: iso(1 - ageDays), basis: "told" },
      dataAccessEnd: isPage ? { at: iso(90 - ageDays), basis: "told" } : { at: null, basis: "none" },
      lastProof: { at: iso(Math.max(-ageDays, -1)), basis: "told" },
    },
    page: isPage ? { id: "1234", name: "Acme" } : null,
    state,
    problem: null,
    life: {
      issuedAt: iso(-ageDays),
      refreshableAt: iso((isPage ? 0 : 1) - ageDays),
      dueAt: iso((isPage ? 76 : 30) - ageDays),
      urgentAt: iso((isPage ? 83 : 53) - ageDays),
      expiresAt: iso((isPage ? 90 : 60) - ageDays),
      isExpiryEstimated: false,
      nextRefreshAt: nextRefreshAt === null ? null : new Date(nextRefreshAt).toISOString(),
      chancesLeft: isPage ? 0 : Math.max(0, Math.round((60 - Math.max(30, ageDays)) * 96)),
    },
    failedAttempts: 0,
    renewedAt: iso(-ageDays),
    connectedAt: iso(-100),
    version: 1,
  };
}
