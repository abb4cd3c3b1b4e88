import { setTimeout as delay } from "node:timers/promises";

import { isBusy, toStoreError } from "./errors.ts";

/** How long a call may block the thread for a lock; the rest of the busy time is waited for in timers. */
export const BLOCKING_WAIT_MS = 5;

/** Repeats synchronous work while the database is locked, without blocking the event loop. */
export async function withPatience<Result>(work: () => Result, busyTimeoutMs: number): Promise<Result> {
  const deadline = performance.now() + busyTimeoutMs;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw toStoreError(error);
    }
    await pause();
  }
}

/** The time between two looks at a lock: a few milliseconds, and not the same for all who wait. */
export async function pause(): Promise<void> {
  await delay(1 + Math.random() * 4);
}
