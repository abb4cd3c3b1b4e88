import { MoveError } from "./errors.ts";
import type { AtWork, Movable } from "./movable.ts";
import type { OnProgress } from "./progress.ts";

/** One end of a move, by its part in it. */
export type End = { at: "source" | "target"; end: Movable };

/** @throws {MoveError} `at_work` while a server runs or a lease is live, naming what and how many. */
export async function refuseWhileAtWork({ at, end }: End): Promise<void> {
  const atWork = await end.findAtWork();
  if (atWork.processes.length === 0 && atWork.liveLeases === 0) return;
  throw new MoveError(
    "at_work",
    `At the ${at} ${describeAtWork(atWork)}. Stop them first (a process counts as running for 30 seconds after it ` +
      "was killed), or use --drain: it lets what is in flight end, and then keeps everybody from writing.",
  );
}

/** Who works with a database, in words. */
export function describeAtWork({ processes, liveLeases }: AtWork): string {
  const kinds = (["api", "worker"] as const).flatMap((kind) => {
    const count = processes.filter((process) => process.kind === kind).length;
    return count === 0 ? [] : [`${count} ${kind} ${count === 1 ? "process runs" : "processes run"}`];
  });
  const leases = liveLeases === 1 ? "1 lease is live" : `${liveLeases} leases are live`;
  return [...kinds, ...(liveLeases === 0 ? [] : [leases])].join(", ");
}

/** How often to look whether the last lease is gone, and for how long at most: a lease is 30 seconds long. */
const LOOK_INTERVAL_MS = 1_000;
const LONGEST_LOOKS = 45;

/**
 * Waits until no lease is live. New ones are not given out any more, and none is longer than 30 seconds.
 *
 * @throws {MoveError} `at_work` when it takes longer than that all the same.
 */
export async function awaitNoLease(
  { at, end }: End,
  onProgress: OnProgress,
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  for (let look = 0; look < LONGEST_LOOKS; look += 1) {
    const { liveLeases } = await end.findAtWork();
    await onProgress({ step: "draining", at, liveLeases });
    if (liveLeases === 0) return;
    await pause(LOOK_INTERVAL_MS);
  }
  throw new MoveError("at_work", `At the ${at} a lease stays live. Run the same command again.`);
}
