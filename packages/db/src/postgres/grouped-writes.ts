import { StoreError } from "../store-error.ts";
import type { Engine, Run } from "./engine.ts";

/** Work that may be done twice: told so, it looks whether it was done before. */
type Work<Result> = (run: Run, isRepeat: boolean) => Promise<Result>;

/** Does a piece of work in one transaction with others. */
export type GroupedWrite = <Result>(work: Work<Result>) => Promise<Result>;

type Waiting = { work: Work<unknown>; resolve: (result: unknown) => void; reject: (error: unknown) => void };

const MOST_AT_ONCE = 64;

/**
 * Writes of many attempts share transactions: while one is under way the next ones gather, and go together.
 * A transaction's beginning, limits, commit and sync cost more than what a refresh writes. Each piece of work
 * stands for itself: where one of them makes the transaction fail, each is done alone, and fails alone.
 * `last` sends what all of them have in common, in the same round trip.
 */
export function createGroupedWrite(
  engine: Engine,
  { last, ...options }: { isDurable: boolean; last?: (run: Run) => Promise<unknown> },
): GroupedWrite {
  const queue: Waiting[] = [];
  let isUnderWay = false;
  const alone = { ...options, isRepeatable: true };

  const together = async (run: Run, works: Work<unknown>[], isRepeat: boolean): Promise<unknown[]> => {
    const worked = Promise.all(works.map((work) => work(run, isRepeat)));
    const [results] = await Promise.all([worked, last?.(run)]);
    return results;
  };

  const performAlone = async ({ work, resolve, reject }: Waiting): Promise<void> => {
    // Nobody knows whether the transaction that failed was committed after all.
    await engine
      .write((run) => together(run, [work], true), alone)
      .then(([result]) => resolve(result), reject);
  };

  const perform = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const results = await engine.write((run, isRepeat) => {
        const works = batch.map(({ work }) => work);
        return together(run, works, isRepeat);
      }, alone);
      for (const [index, { resolve }] of batch.entries()) resolve(results[index]);
    } catch (error) {
      // A database that is away is away for all of them.
      if (error instanceof StoreError || batch.length === 1) for (const { reject } of batch) reject(error);
      else await Promise.all(batch.map(performAlone));
    }
  };

  const flush = async (): Promise<void> => {
    isUnderWay = true;
    while (queue.length > 0) await perform(queue.splice(0, MOST_AT_ONCE));
    isUnderWay = false;
  };

  return (work) =>
    new Promise((resolve, reject) => {
      queue.push({ work, resolve: resolve as (result: unknown) => void, reject });
      if (isUnderWay) return;
      isUnderWay = true;
      setImmediate(() => void flush()); // what is asked for in this turn goes together
    });
}
