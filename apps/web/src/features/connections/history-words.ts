import { durationWords } from "../../lib/time-words.ts";
import type { HistoryEntry } from "../../lib/trpc.ts";

/** What was tried and what came of it. */
export function historyTitle({ kind, outcome }: Pick<HistoryEntry, "kind" | "outcome">): string {
  if (kind === "sign_in") return outcome === "succeeded" ? "Signed in" : "Sign-in failed";
  return outcome === "succeeded" ? "Renewed" : "Renewal failed";
}

const TRIGGERS: Record<HistoryEntry["trigger"], string> = {
  person: "by you",
  worker: "on schedule",
  api: "by a program that asked for the token",
  cli: "from the command line",
};

/** Who asked for it. */
export function triggerWords(trigger: HistoryEntry["trigger"]): string {
  return TRIGGERS[trigger];
}

/** "took 340 ms", "took 2.1 s", "took 3 minutes". */
export function tookWords({ startedAt, finishedAt }: Pick<HistoryEntry, "startedAt" | "finishedAt">): string {
  const tookMs = Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt));
  if (tookMs < 1_000) return `took ${tookMs} ms`;
  if (tookMs < 60_000) return `took ${(tookMs / 1_000).toFixed(1)} s`;
  return `took ${durationWords(tookMs)}`;
}
