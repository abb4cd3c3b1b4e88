import { countWords, durationWords } from "../../lib/time-words.ts";
import type { HistoryEntry } from "../../lib/trpc.ts";

/** A line of the log: an entry, and how many older ones say the same and stand for nothing more. */
export type HistoryLine = { entry: HistoryEntry; count: number; firstAt: string };

/** A token is looked at every day: looks in a row that found nothing new become one line. */
export function foldLooks(entries: readonly HistoryEntry[]): HistoryLine[] {
  const lines: HistoryLine[] = [];
  for (const entry of entries) {
    const last = lines.at(-1);
    if (last !== undefined && isQuietLook(entry) && isQuietLook(last.entry)) {
      last.count += 1;
      last.firstAt = entry.startedAt;
    } else lines.push({ entry, count: 1, firstAt: entry.startedAt });
  }
  return lines;
}

function isQuietLook({ kind, outcome, trigger }: HistoryEntry): boolean {
  return kind === "proof" && outcome === "succeeded" && trigger === "worker";
}

/** What was tried and what came of it. */
export function historyTitle({ kind, outcome }: Pick<HistoryEntry, "kind" | "outcome">, count = 1): string {
  const [done, failed] = TITLES[kind];
  if (count > 1) return `Looked at ${countWords(count)} times: it works`;
  return outcome === "succeeded" ? done : failed;
}

const TITLES: Record<HistoryEntry["kind"], [done: string, failed: string]> = {
  sign_in: ["Signed in", "Sign-in failed"],
  refresh: ["Renewed", "Renewal failed"],
  restore: ["Previous token put back", "Previous token not put back"],
  proof: ["Looked at: it works", "Looked at: it did not work"],
  import: ["Token brought by hand", "Token brought by hand, not kept"],
  validate: ["Validated: it works", "Validated: it did not work"],
};

/** What a line does not say by itself; nothing most of the time. */
export function historyNote({ kind, outcome }: Pick<HistoryEntry, "kind" | "outcome">): string | null {
  return kind === "restore" && outcome === "succeeded"
    ? "Instagram refused the current token. The one before it still works and took its place."
    : null;
}

const TRIGGERS: Record<HistoryEntry["trigger"], string> = {
  person: "by you",
  worker: "on schedule",
  api: "by a program that asked for the token",
  cli: "from the command line",
  cron: "by an outside schedule",
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
