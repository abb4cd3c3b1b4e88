import { CircleCheck, CircleHelp, CircleX, TriangleAlert, type LucideIcon } from "lucide-react";

import { countWords } from "../../lib/time-words.ts";
import type { Check, Report } from "../../lib/trpc.ts";

type Level = Check["level"];

/** A level as a sign, a word and a colour. */
export type LevelLook = { icon: LucideIcon; word: string; colour: string; wash: string };

const LOOKS: Record<Level, LevelLook> = {
  red: { icon: CircleX, word: "Does not work", colour: "text-clay", wash: "bg-clay-wash" },
  amber: { icon: TriangleAlert, word: "Worth a look", colour: "text-amber", wash: "bg-amber-wash" },
  unchecked: { icon: CircleHelp, word: "Not checked", colour: "text-slate", wash: "bg-slate-wash" },
  green: { icon: CircleCheck, word: "Fine", colour: "text-evergreen", wash: "bg-evergreen-wash" },
};

/** How a level looks. */
export function levelLook(level: Level): LevelLook {
  return LOOKS[level];
}

const GROUPS: Record<Check["group"], string> = {
  settings: "Settings",
  secrets: "Secrets",
  database: "Database",
  keys: "Keys of the tokens",
  instagram: "What Meta says of the app",
  scopes: "Permissions asked for",
  clock: "Clock",
  redirects: "Redirect addresses",
  callbacks: "Meta’s callbacks",
  schedule: "Schedule",
  workers: "Workers",
  connections: "Connections",
};

/** What a check is about. */
export function groupWords(group: Check["group"]): string {
  return GROUPS[group];
}

/** Those that need somebody before those that do not, as a list of connections has it. */
const ORDER: readonly Level[] = ["red", "amber", "unchecked", "green"];

/** The checks of a group, with the worst of their levels. */
export type CheckGroup = { group: Check["group"]; worst: Level; checks: readonly Check[] };

/** Checks by what they are about: who needs somebody first, and in each the same. */
export function checkGroups(checks: Report["checks"]): CheckGroup[] {
  const byGroup = Map.groupBy(checks, ({ group }) => group);
  const groups = [...byGroup].map(([group, ofGroup]): CheckGroup => {
    const sorted = ofGroup.toSorted((left, right) => rankOf(left.level) - rankOf(right.level));
    return { group, checks: sorted, worst: sorted[0]?.level ?? "green" };
  });
  return groups.toSorted((left, right) => rankOf(left.worst) - rankOf(right.worst));
}

function rankOf(level: Level): number {
  return ORDER.indexOf(level);
}

const VERBS: Record<Exclude<Level, "green">, [one: string, many: string]> = {
  red: ["does not work", "do not work"],
  amber: ["is worth a look", "are worth a look"],
  unchecked: ["could not be checked", "could not be checked"],
};

/** What it comes to, in a sentence: "1 thing does not work and 2 are worth a look." */
export function summaryWords(checks: Report["checks"]): string {
  const parts = (["red", "amber", "unchecked"] as const)
    .map((level) => ({ level, count: checks.filter((check) => check.level === level).length }))
    .filter(({ count }) => count > 0)
    .map(({ level, count }, index) => {
      const [one, many] = VERBS[level];
      const noun = count === 1 ? " thing" : " things";
      return `${countWords(count)}${index === 0 ? noun : ""} ${count === 1 ? one : many}`;
    });
  if (parts.length === 0) return "Everything that can be seen from here is fine.";
  const last = parts.pop() ?? "";
  return parts.length === 0 ? `${last}.` : `${parts.join(", ")} and ${last}.`;
}

/** The worst level of all. */
export function worstOf(checks: Report["checks"]): Level {
  return ORDER.find((level) => checks.some((check) => check.level === level)) ?? "green";
}
