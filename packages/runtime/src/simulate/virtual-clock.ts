import { setImmediate as endOfTurn } from "node:timers/promises";

/** A clock that stands still until it is moved. */
export type VirtualClock = {
  now(): Date;
  nowMs(): number;
  /** Moves forward to an instant; one that is past changes nothing. */
  moveTo(instantMs: number): void;
  /** Resolves once the clock has come that far, which it does as soon as nothing else goes on. */
  sleep(durationMs: number): Promise<void>;
  /**
   * Waits for work that sleeps by this clock: whenever all of it sleeps, the clock jumps to the one that wakes
   * first. `isBusy` says that something else is waited for, which takes none of this time.
   */
  run<Result>(work: Promise<Result>, isBusy: () => boolean): Promise<Result>;
};

type Sleeper = { wakesAtMs: number; wake: () => void };

/** Makes a clock that stands at an instant. */
export function createVirtualClock(startMs: number): VirtualClock {
  let nowMs = startMs;
  let sleepers: Sleeper[] = [];

  /** Those that wake at one instant wake together, in the order in which they fell asleep. */
  const wakeNext = (): void => {
    if (sleepers.length === 0) throw new Error("Nothing sleeps, and nothing goes on: this would never end.");
    nowMs = sleepers.reduce((soonest, { wakesAtMs }) => Math.min(soonest, wakesAtMs), Infinity);
    const woken = sleepers.filter(({ wakesAtMs }) => wakesAtMs === nowMs);
    sleepers = sleepers.filter(({ wakesAtMs }) => wakesAtMs !== nowMs);
    for (const { wake } of woken) wake();
  };

  return {
    now: () => new Date(nowMs),
    nowMs: () => nowMs,
    moveTo: (instantMs) => {
      nowMs = Math.max(nowMs, instantMs);
    },
    sleep: (durationMs) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      sleepers.push({ wakesAtMs: nowMs + durationMs, wake: resolve });
      return promise;
    },
    run: async (work, isBusy) => {
      let isDone = false;
      const note = (): void => {
        isDone = true;
      };
      work.then(note, note);
      for (;;) {
        await endOfTurn(); // all that was ready has run by then
        if (isDone) return await work;
        if (!isBusy()) wakeNext();
      }
    },
  };
}
