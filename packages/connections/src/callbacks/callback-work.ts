import type { ConnectionsDeps } from "../deps.ts";
import { workCallback } from "./work-callback.ts";

/** So many are looked for at once. */
const AT_ONCE = 50;

/** Works callbacks off in the background of a process. */
export type CallbackWork = {
  /** One was accepted: it is begun at once, and nobody waits for it. */
  wake(): void;
  /** Works off all that waits; returns how many were. @throws the first fault, once all have been tried */
  settle(): Promise<number>;
  /** Begins nothing more, and waits for the one in hand. */
  stop(): Promise<void>;
};

/**
 * Makes the work of a process: one callback after the other, so that however many come, those who sign in are answered
 * in between. `onErased` hears that webhooks may have to be told.
 */
export function createCallbackWork(deps: ConnectionsDeps, onErased: () => void): CallbackWork {
  let isStopped = false;
  let isWanted = false;
  let working: Promise<void> | null = null;
  let running: Promise<unknown> = Promise.resolve();

  const workOff = async (): Promise<number> => {
    let worked = 0;
    const failures: unknown[] = [];
    for (;;) {
      const waiting = isStopped
        ? []
        : await deps.store.listOpenMetaCallbacks({ limit: AT_ONCE + failures.length });
      const failedBefore = failures.length;
      let workedNow = 0;
      for (const callback of waiting.slice(failedBefore)) {
        if (isStopped) break;
        try {
          await workCallback(deps, callback);
          workedNow += 1;
        } catch (error) {
          failures.push(error);
          deps.onEvent({ event: "callback.failed", callbackId: callback.id, error });
        }
      }
      worked += workedNow;
      if (workedNow === 0) break;
    }
    if (worked > 0) onErased();
    if (failures.length > 0) throw failures[0];
    return worked;
  };

  /** One at a time within this process; another may be at the same one, which does no harm. */
  const settle = (): Promise<number> => {
    const next = running.then(workOff, workOff);
    running = next.catch(() => undefined);
    return next;
  };

  const look = async (): Promise<void> => {
    while (isWanted && !isStopped) {
      isWanted = false;
      try {
        await settle();
      } catch (error) {
        deps.onEvent({ event: "callbacks.failed", error }); // a worker looks again in a moment
      }
    }
    working = null;
  };

  return {
    wake: () => {
      isWanted = true;
      if (!isStopped) working ??= look();
    },
    settle,
    stop: async () => {
      isStopped = true;
      await working;
      await running;
    },
  };
}
