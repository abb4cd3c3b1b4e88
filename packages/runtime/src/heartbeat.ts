import type { ProcessBeat, ProcessKind, Store } from "@perennial/db";

import type { Log } from "./log.ts";

/** A third of the time that a process counts as running: two beats may fail. */
const BEAT_INTERVAL_MS = 10_000;

/** Makes a server known to whoever wants to move its database away from under it. */
export type Heartbeat = {
  /** Notes that a sweep went through; others see it at once. */
  swept(): void;
  /** Says that the process has ended. */
  stop(): Promise<void>;
};

/** Beats at once, then every 10 seconds. A beat that fails is logged and holds nothing up. */
export async function startHeartbeat(input: {
  store: Pick<Store, "beatProcess" | "removeProcess">;
  /** The id to be known by. */
  id: string;
  kind: ProcessKind;
  /** The keys it has for tokens, the sealing one first. */
  keyIds: readonly string[];
  log: Log;
}): Promise<Heartbeat> {
  const { store, id, kind, keyIds, log } = input;
  const process: ProcessBeat = { id, kind, startedAt: new Date(), sweptAt: null, keyIds: [...keyIds] };
  const attempt = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => {
      log.warn({ event: "process.beat_failed", err: error }, "could not say that this process runs");
    });
  let inHand: Promise<void> = Promise.resolve();
  const beat = (): void => {
    inHand = attempt(store.beatProcess({ ...process }));
  };
  beat();
  await inHand;
  const timer = setInterval(beat, BEAT_INTERVAL_MS);
  timer.unref();
  return {
    swept: () => {
      process.sweptAt = new Date();
      beat();
    },
    stop: async () => {
      clearInterval(timer);
      await inHand;
      await attempt(store.removeProcess(process.id));
    },
  };
}
