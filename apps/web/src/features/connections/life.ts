import type { LifelineEvent } from "../../components/lifeline/geometry.ts";
import type { DescribedLife } from "../../components/lifeline/words.ts";
import type { Connection, HistoryEntry, TokenLife } from "../../lib/trpc.ts";

/** A life as the lifeline measures it: in milliseconds. */
export function lifelineLifeOf(
  life: TokenLife,
  { state, renewal }: Pick<Connection, "state" | "renewal">,
): DescribedLife {
  return {
    renewal,
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
  return entries.filter(isOnLine).map(({ finishedAt, kind, outcome, problem }) => ({
    at: Date.parse(finishedAt),
    // A token that was put back has grown here before; one brought by hand is rooted as one that was signed for.
    kind: kind === "sign_in" || kind === "import" ? "sign_in" : "refresh",
    outcome,
    reason: problem?.message ?? null,
  }));
}

/** A look at a token gives no new one: only one that failed leaves a mark, and none that somebody asked for. */
function isOnLine({ kind, outcome }: HistoryEntry): boolean {
  if (kind === "validate") return false;
  return kind !== "proof" || outcome === "failed";
}
