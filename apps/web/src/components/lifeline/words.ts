import { countWords, dayAndTimeWords, durationWords, relativeWords } from "../../lib/time-words.ts";
import type { LifelineGeometry, LifelineLife } from "./geometry.ts";

/** A life with what is known about its end: a guessed expiry, or a token that Instagram refuses already. */
export type DescribedLife = LifelineLife & { isExpiryEstimated: boolean; isRefused: boolean };

/** The picture in two sentences: how long the token is good, and what comes next. */
export function lifelineWords(
  life: DescribedLife,
  geometry: Pick<LifelineGeometry, "notches" | "isOver">,
  now: number,
): string {
  return `${validityWords(life, geometry.isOver, now)} ${prospectWords(life, geometry, now)}`;
}

function validityWords(life: DescribedLife, isOver: boolean, now: number): string {
  const span = `Issued ${dayAndTimeWords(life.issuedAt)}`;
  const end = dayAndTimeWords(life.expiresAt);
  const isOpen = life.renewal === "person";
  if (isOver && isOpen) return `${span}, access ended ${end}, ${relativeWords(life.expiresAt, now)}.`;
  if (isOver) return `${span}, expired ${end}, ${relativeWords(life.expiresAt, now)}.`;
  if (life.isRefused) return `${span} to last until ${end}, but refused already.`;
  const guess = life.isExpiryEstimated ? " by estimate" : "";
  return `${span}, good until ${end}${guess}: ${durationWords(life.expiresAt - now)} left.`;
}

function prospectWords(
  life: LifelineLife,
  { notches, isOver }: Pick<LifelineGeometry, "notches" | "isOver">,
  now: number,
): string {
  const failures = notches.reduce((sum, notch) => sum + notch.count, 0);
  const failed = failures === 0 ? "" : `; ${attemptsWords(failures)} failed on this token`;
  if (life.renewal === "person")
    return isOver || life.nextRefreshAt === null
      ? `Only you can bring it back${failed}.`
      : `Looked at every day, and only you can extend it${failed}.`;
  if (isOver || life.nextRefreshAt === null) return `No renewal is scheduled${failed}.`;
  const next = life.nextRefreshAt <= now ? "due now" : relativeWords(life.nextRefreshAt, now);
  return `Next renewal ${next}, ${chancesWords(life.chancesLeft)} left${failed}.`;
}

/** "1 attempt", "2 attempts". */
export function attemptsWords(count: number): string {
  return `${countWords(count)} attempt${count === 1 ? "" : "s"}`;
}

/** "1 chance", "2,880 chances". */
export function chancesWords(count: number): string {
  return `${countWords(count)} chance${count === 1 ? "" : "s"}`;
}
