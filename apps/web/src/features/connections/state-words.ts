import {
  AlarmClock,
  CirclePause,
  CircleX,
  Clock,
  CloudAlert,
  Hourglass,
  Leaf,
  Sprout,
  Unplug,
  Wrench,
  type LucideIcon,
} from "lucide-react";

import type { LifelineTone } from "../../components/lifeline/lifeline.tsx";
import { attemptsWords, chancesWords } from "../../components/lifeline/words.ts";
import { COMPANIES } from "../../lib/flavours.ts";
import { calendarWords, countWords, dayWords, durationWords, relativeWords } from "../../lib/time-words.ts";
import type { Connection, PausedLogin, TokenLife } from "../../lib/trpc.ts";
import type { Sentence } from "./sentence.ts";

const DAY_MS = 86_400_000;

/** A state as a word, a sign and a colour: never the colour alone. */
export type StateLook = { word: string; icon: LucideIcon; tone: LifelineTone };

const LOOKS: Record<Connection["state"], StateLook> = {
  healthy: { word: "Healthy", icon: Leaf, tone: "healthy" },
  due: { word: "Due for renewal", icon: Clock, tone: "attention" },
  urgent: { word: "Renewal urgent", icon: AlarmClock, tone: "attention" },
  ending: { word: "Ends soon", icon: Hourglass, tone: "attention" },
  failing: { word: "Renewal failing", icon: CloudAlert, tone: "attention" },
  reconnect_required: { word: "Needs you", icon: Unplug, tone: "needs_person" },
  expired: { word: "Expired", icon: CircleX, tone: "needs_person" },
};
const FRESH: StateLook = { word: "Healthy", icon: Sprout, tone: "fresh" };

const HELD_BACK: StateLook = { word: "Renewal waits", icon: CirclePause, tone: "unknown" };

/** Neither time nor the person ends it. */
const NEEDS_OPERATOR: StateLook = { word: "Needs the operator", icon: Wrench, tone: "unknown" };

/**
 * How the state of a connection looks. A token too young to be renewed is a fresh leaf, and healthy; one whose
 * renewal is held back looks calm until it becomes urgent. What whoever runs the site has to mend looks like neither
 * what passes nor what the person can end.
 */
export function lookOf(
  connection: Pick<Connection, "state" | "life" | "renewal" | "problem">,
  now: number,
  heldBackBy: Pick<PausedLogin, "problem"> | null = null,
): StateLook {
  const { state, life, problem } = connection;
  if (state === "healthy" && life !== null && now < freshUntil(connection, life)) return FRESH;
  const standsInTheWay = heldBackBy?.problem ?? (state === "failing" ? problem : null);
  if (standsInTheWay?.class === "operator") return NEEDS_OPERATOR;
  if (heldBackBy !== null && life !== null && now < Date.parse(life.urgentAt)) return HELD_BACK;
  return LOOKS[state];
}

/** A token that nobody can renew is as fresh in its first day. */
function freshUntil({ renewal }: Pick<Connection, "renewal">, life: TokenLife): number {
  return renewal === "person" ? Date.parse(life.issuedAt) + DAY_MS : Date.parse(life.refreshableAt);
}

/** Whether it works no more until the person helps. */
export function isOver({ state }: Pick<Connection, "state">): boolean {
  return state === "reconnect_required" || state === "expired";
}

/** Whether only the person can help: it is over, or it will be. */
export function needsPerson({ state }: Pick<Connection, "state">): boolean {
  return isOver({ state }) || state === "ending";
}

/** What is, then what happens next. */
export function stateSentence(connection: Connection, now: number, isHeldBack = false): Sentence {
  const { state, life, problem, flavour } = connection;
  const company = COMPANIES[flavour];
  if (isHeldBack) return [...leftSentence(life, now), "Renewed after the pause."];
  switch (state) {
    case "healthy":
      if (connection.renewal === "person")
        return [...renewalSentence(connection, now), ...goodUntilSentence(life, now)];
      return [...renewalSentence(connection, now), ...nextSentence(life, "renewal", now)];
    case "due":
      return [
        ...sinceSentence(life, now),
        ...lastDaysSentence(life, now),
        ...nextSentence(life, "attempt", now),
      ];
    case "ending":
      return [...leftSentence(life, now), "Only you can extend it, with one click."];
    case "urgent":
      return [...leftSentence(life, now), ...nextSentence(life, "attempt", now)];
    case "failing":
      return [
        `${attemptsWords(connection.failedAttempts)} failed. `,
        ...(problem === null ? [] : [`${problem.message} `]),
        ...lastDaysSentence(life, now),
        ...nextSentence(life, "attempt", now),
      ];
    case "reconnect_required":
      return [problem?.message ?? `${company} asks for a new sign-in before this connection works again.`];
    case "expired":
      return life === null
        ? ["No token is held any more."]
        : [
            "Expired ",
            { at: life.expiresAt, words: relativeWords(Date.parse(life.expiresAt), now) },
            connection.renewal === "person"
              ? ". Facebook asks for a new sign-in."
              : ". Instagram cannot renew an expired token.",
          ];
  }
}

/** Within this of each other, the last renewal is the first sign-in itself. */
const SAME_MOMENT_MS = 60_000;

/** "Renewed today. ", or "Connected today. " while the first token lasts. */
export function renewalSentence({ renewedAt, connectedAt }: Connection, now: number): Sentence {
  const at = renewedAt ?? connectedAt;
  const isFirst = Math.abs(Date.parse(at) - Date.parse(connectedAt)) < SAME_MOMENT_MS;
  const words = calendarWords(Date.parse(at), now);
  return [isFirst ? "Connected " : "Renewed ", { at, words }, ". "];
}

/** "Looked at every day, good until 9 June." */
function goodUntilSentence(life: TokenLife | null, now: number): Sentence {
  if (life === null) return ["Looked at every day."];
  const { expiresAt: at } = life;
  return ["Looked at every day, good until ", { at, words: dayWords(Date.parse(at), now) }, "."];
}

function nextSentence(life: TokenLife | null, what: "renewal" | "attempt", now: number): Sentence {
  if (life === null || life.nextRefreshAt === null) return ["No renewal is scheduled."];
  const at = life.nextRefreshAt;
  return Date.parse(at) <= now
    ? [`The next ${what} is due now.`]
    : [`Next ${what} `, { at, words: relativeWords(Date.parse(at), now) }, "."];
}

function sinceSentence(life: TokenLife | null, now: number): Sentence {
  if (life === null) return [];
  return ["Due since ", { at: life.dueAt, words: calendarWords(Date.parse(life.dueAt), now) }, ". "];
}

function leftSentence(life: TokenLife | null, now: number): Sentence {
  if (life === null) return [];
  const words = durationWords(Date.parse(life.expiresAt) - now);
  return [{ at: life.expiresAt, words: `${words} left` }, ". "];
}

/** From here on a person is warned of a token's end: a row says it, too. */
const WARNED_FROM_MS = 14 * DAY_MS;

function lastDaysSentence(life: TokenLife | null, now: number): Sentence {
  const isNear = life !== null && Date.parse(life.expiresAt) - now <= WARNED_FROM_MS;
  return isNear ? leftSentence(life, now) : [];
}

/** Failures that pass by themselves: the next attempts are planned, and nobody has to do anything. */
const PASSING = new Set<string>(["transient", "rate_limited", "token_too_young", "unknown"]);

/** What to do about a problem; nothing where it passes by itself. */
export function cureFor({ code, cure }: NonNullable<Connection["problem"]>): string | null {
  return PASSING.has(code) ? null : cure;
}

/** What to do, in a few words; nothing most of the time. */
export function adviceFor({
  state,
  problem,
  life,
  missingScopes,
}: Pick<Connection, "state" | "problem" | "life" | "missingScopes">): string {
  if (state === "ending") return "Reconnect whenever it suits you; nothing else changes.";
  if (isOver({ state })) return problem?.cure ?? "Reconnect the account.";
  if (state !== "failing" || problem === null)
    return missingScopes.length === 0 ? "Nothing to do." : missingAdvice(missingScopes.length);
  const isCounted = life !== null && life.chancesLeft > 0;
  const left = isCounted ? `: ${chancesWords(life.chancesLeft)} are left` : "";
  return cureFor(problem) ?? `Nothing to do yet${left}.`;
}

function missingAdvice(count: number): string {
  return count === 1
    ? "One permission is missing; you can ask for it again below."
    : `${countWords(count)} permissions are missing; you can ask for them again below.`;
}
