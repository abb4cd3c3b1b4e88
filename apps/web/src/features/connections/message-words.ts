import { AlarmClock, CloudAlert, Leaf, Unplug, Wrench, type LucideIcon } from "lucide-react";

import { attemptsWords } from "../../components/lifeline/words.ts";
import { COMPANIES } from "../../lib/flavours.ts";
import { dayWords } from "../../lib/time-words.ts";
import type { Alert } from "../../lib/trpc.ts";
import type { Sentence } from "./sentence.ts";

/**
 * Whose matter a message is: something only the person can help with, something for whoever runs the site, something
 * to keep an eye on, good news.
 */
export type MessageTone = "needs_person" | "needs_operator" | "attention" | "good";

type Told = Pick<Alert, "kind"> & { problem: Pick<NonNullable<Alert["problem"]>, "class"> | null };

/** How a message looks: a sign and a tone, beside its words. */
export type MessageLook = { icon: LucideIcon; tone: MessageTone };

const LOOKS: Record<Alert["kind"], MessageLook> = {
  "connection.reconnect_required": { icon: Unplug, tone: "needs_person" },
  "connection.failing": { icon: CloudAlert, tone: "attention" },
  "connection.expiring": { icon: AlarmClock, tone: "attention" },
  "connection.recovered": { icon: Leaf, tone: "good" },
  "app.degraded": { icon: CloudAlert, tone: "attention" },
  "app.recovered": { icon: Leaf, tone: "good" },
};

const NEEDS_OPERATOR: MessageLook = { icon: Wrench, tone: "needs_operator" };

/** How a message looks. */
export function messageLook(told: Told): MessageLook {
  return isForOperator(told) ? NEEDS_OPERATOR : LOOKS[told.kind];
}

/** Whether it fails until whoever runs the site has mended something: neither time nor the person ends it. */
function isForOperator({ kind, problem }: Told): boolean {
  return (kind === "connection.failing" || kind === "app.degraded") && problem?.class === "operator";
}

/** What was told, in a few words. */
export function messageTitle(told: Told & Pick<Alert, "daysLeft">): string {
  const { kind, daysLeft } = told;
  switch (kind) {
    case "connection.reconnect_required":
      return "Needs you";
    case "connection.failing":
      return isForOperator(told) ? "Needs the operator" : "Renewal failing";
    case "connection.expiring":
      return daysLeft === 1 ? "Ends within a day" : `Ends within ${daysLeft ?? "a few"} days`;
    case "connection.recovered":
      return "Works again";
    case "app.degraded":
      return isForOperator(told) ? "All accounts need the operator" : "Renewals wait for all accounts";
    case "app.recovered":
      return "Renewals go on for all accounts";
  }
}

/** What was the matter, and until when the token was good. */
export function messageSentence(alert: Alert, now: number): Sentence {
  const { kind, problem, tokenExpiresAt, flavour } = alert;
  const company = flavour === null ? "Instagram" : COMPANIES[flavour];
  const ofToken = flavour === "facebook" ? "Access" : "The token";
  const reason = problem === null ? [] : [`${problem.message} `];
  switch (kind) {
    case "connection.reconnect_required":
      return problem === null ? [`${company} asks for a new sign-in.`] : [problem.message];
    case "connection.failing":
      return [...reason, ...untilSentence(`${ofToken} is good until `, tokenExpiresAt, now)];
    case "connection.expiring":
      return [
        ...reason,
        ...untilSentence(`${ofToken} ends on `, tokenExpiresAt, now),
        ...(problem?.code === "data_access_ending" ? [` ${problem.cure}`] : []),
      ];
    case "connection.recovered":
      return untilSentence(`${ofToken} is good until `, tokenExpiresAt, now);
    case "app.degraded":
    case "app.recovered":
      return reason;
  }
}

function untilSentence(words: string, at: string | null, now: number): Sentence {
  return at === null ? [] : [words, { at, words: dayWords(Date.parse(at), now) }, "."];
}

/** What became of a message's webhook; null where none was to be sent. */
export function deliveryWords({
  deliveryState,
  deliveryAttempts,
}: Pick<Alert, "deliveryState" | "deliveryAttempts">): string | null {
  switch (deliveryState) {
    case "none":
      return null;
    case "waiting":
      return deliveryAttempts === 0 ? "On its way" : `On its way, ${attemptsWords(deliveryAttempts)} so far`;
    case "delivered":
      return "Sent";
    case "given_up":
      return `Not accepted by the receiver, ${attemptsWords(deliveryAttempts)}`;
  }
}

/**
 * The ids of messages whose trouble lasts: those that came after the account was last well, be it that
 * somebody was told so, or that the token was renewed.
 */
export function openMessages(
  alerts: readonly Pick<Alert, "id" | "kind" | "createdAt">[],
  renewedAt: string | null,
): ReadonlySet<string> {
  const goodNews = alerts.filter(({ kind }) => LOOKS[kind].tone === "good");
  const wellAt = [renewedAt, ...goodNews.map(({ createdAt }) => createdAt)].map((at) => Date.parse(at ?? ""));
  const lastWellAt = Math.max(...wellAt.filter((at) => !Number.isNaN(at)));
  const open = alerts.filter(({ createdAt }) => Date.parse(createdAt) > lastWellAt);
  return new Set(open.map(({ id }) => id));
}
