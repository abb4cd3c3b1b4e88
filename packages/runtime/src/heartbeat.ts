import { randomBytes } from "node:crypto";

import type { ProcessKind, Store } from "@perennial/db";

import type { Log } from "./log.ts";

/** A third of the time that a process counts as running: two beats may fail. */
const BEAT_INTERVAL_MS = 10_000;

/** Makes a server known to whoever wants to move its database away from under it. */
export type Heartbeat = {
  /** Says that the process has ended. */
  stop(): Promise<void>;
};

/** Beats at once, then every 10 seconds. A beat that fails is logged and holds nothing up. */
export async function startHeartbeat(input: {
  store: Pick<Store, "beatProcess" | "removeProcess">;
  kind: ProcessKind;
  log: Log;
}): Promise<Heartbeat> {
  const { store, kind, log } = input;
  const process = { id: `prc_${randomBytes(12).toString("base64url")}`, kind, startedAt: new Date() };
  const attempt = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => {
      log.warn({ event: "process.beat_failed", err: error }, "could not say that this process runs");
    });
  let inHand = attempt(store.beatProcess(process));
  await inHand;
  const timer = setInterval(() => {
    inHand = attempt(store.beatProcess(process));
  }, BEAT_INTERVAL_MS);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await inHand;
      await attempt(store.removeProcess(process.id));
    },
  };
}
