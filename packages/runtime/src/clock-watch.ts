import type { Log } from "./log.ts";

/** A clock that is off by more than this cannot say what is due. */
const WRONG_FROM_MS = 10 * 60_000;
/** So long after the last answer that showed it, somebody may have set the clock right. */
const REMEMBERED_MS = 60_000;

/** Whether this machine's clock is to be believed, as Instagram's answers show it. */
export type ClockWatch = {
  /** An answer showed our clock to be off by this much. */
  note: (skewMs: number) => void;
  isWrong: () => boolean;
};

/** Watches the clock; says so in the log, once for each time it goes wrong. `monotonicNow` is in milliseconds. */
export function createClockWatch(log: Log, monotonicNow: () => number = () => performance.now()): ClockWatch {
  let wrongUntilMs = -Infinity;
  return {
    note: (skewMs) => {
      if (Math.abs(skewMs) < WRONG_FROM_MS) return;
      if (monotonicNow() >= wrongUntilMs) {
        const skewSeconds = Math.round(skewMs / 1000);
        log.error(
          { event: "clock.wrong", skewSeconds },
          "this machine's clock differs from Instagram's: set it right; until then nothing is swept",
        );
      }
      wrongUntilMs = monotonicNow() + REMEMBERED_MS;
    },
    isWrong: () => monotonicNow() < wrongUntilMs,
  };
}
