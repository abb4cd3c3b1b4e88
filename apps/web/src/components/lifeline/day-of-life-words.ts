import { countWords } from "../../lib/time-words.ts";
import type { LifelineLife } from "./geometry.ts";

const DAY_MS = 86_400_000;

/** "Day 12 of 60": the day the token is in, counted from one; the last one for good. */
export function dayOfLifeWords(life: LifelineLife, now: number): string {
  const days = Math.max(1, Math.round((life.expiresAt - life.issuedAt) / DAY_MS));
  const day = Math.floor(Math.max(0, now - life.issuedAt) / DAY_MS) + 1;
  return `Day ${countWords(Math.min(day, days))} of ${countWords(days)}`;
}
