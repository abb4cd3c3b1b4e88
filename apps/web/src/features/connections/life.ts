import type { LifelineEvent } from "../../components/lifeline/geometry.ts";
import type { DescribedLife } from "../../components/lifeline/words.ts";
import type { Connection, HistoryEntry, TokenLife } from "../../lib/trpc.ts";

/** A life as the lifeline measures it: in milliseconds. */
export function lifelineLifeOf(life: TokenLife, state: Connection["state"]): DescribedLife {
  return {
    issuedAt: Date.parse(life.issuedAt),
    refreshableAt: Date.parse(life.refreshableAt),
    dueAt: Date.parse(life.dueAt),
    urgentAt: Date.parse(life.urgentAt),
    expiresAt: Date.parse(life.expiresAt),
    nextRefreshAt: life.nextRefreshAt === null ? null : Date.parse(life.nextRefreshAt),
    chancesLeft: life.chancesLeft,
    isExpiryEstimated: life.isExpiryEstimated,
    isRefused: state === "reconnect_required",
  };
}

/** A history as the lifeline draws it. */
export function lifelineEventsOf(entries: readonly HistoryEntry[]): LifelineEvent[] {
  return entries.map(({ finishedAt, kind, outcome, problem }) => ({
    at: Date.parse(finishedAt),
    kind: kind === "sign_in" ? "sign_in" : "refresh", // a token that was put back has grown here before
    outcome,
    reason: problem?.message ?? null,
  }));
}
