import { setTimeout as delay } from "node:timers/promises";

import { PostgresFault, toStoreError } from "./faults.ts";

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 200;

/** How a piece of work is repeated. */
export type Patience = {
  /** How long it may be tried again, in milliseconds. */
  forMs: number;
  /** Whether it may be done twice: it only reads, or its own conditions let the second time change nothing. */
  isRepeatable: boolean;
};

/**
 * Does work again that met a conflict, found the server starting, or was cut off before it could count.
 * Work of which nobody knows whether it was done is done again only if it is repeatable.
 */
export async function withPatience<Result>(
  work: (isRepeat: boolean) => Promise<Result>,
  { forMs, isRepeatable }: Patience,
): Promise<Result> {
  const deadline = performance.now() + forMs;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work(attempt > 0);
    } catch (error) {
      const mayRepeat =
        error instanceof PostgresFault && error.mayPass && (isRepeatable || error.outcome !== "unknown");
      if (!mayRepeat || performance.now() >= deadline) throw toStoreError(error);
    }
    const longestMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
    await delay(longestMs * (0.5 + Math.random() / 2)); // not the same for all who wait
  }
}
