import type { LeasedSink } from "@perennial/db";

import type { ConnectionsDeps } from "../deps.ts";
import { randomText } from "../ids.ts";
import { deliverToSink, SINK_LEASE_MS } from "./deliver-to-sink.ts";
import { sayFarewells } from "./farewells.ts";

/** So many deliveries may begin side by side. */
const MOST_YOUNG = 32;
/** A delivery that takes longer than this makes room for others: what hangs holds up nobody. */
const YOUNG_MS = 500;
/** So many may be under way in all. */
const MOST_UNDER_WAY = 256;
/** However many swaps there are, sinks are looked for no more often than this. */
const LOOK_PAUSE_MS = 50;
/** How long what is under way may take when the process ends. */
const STOP_GRACE_MS = 2_000;

/** Delivers to sinks in the background of a process. */
export type SinkDelivery = {
  /** Something may wait: it is looked for at once, and nobody waits for it. */
  wake(): void;
  /** Webhooks may have to be told that their connection was erased: they are, and nobody waits for it. */
  wakeFarewells(): void;
  /** Tells those that wait to be told; returns how many. @throws what the store throws */
  sayFarewells(): Promise<number>;
  /** Begins to deliver to what waits; returns how many. @throws what the store throws */
  begin(): Promise<number>;
  /** Delivers to what waits, and to what others have begun here, until there is nothing of either. */
  settle(): Promise<void>;
  /** Begins nothing more; what is under way is given a moment, and then left for other processes. */
  stop(): Promise<void>;
};

/** Makes the delivery of a process. Nothing is asked of the database until somebody wakes it. */
export function createSinkDelivery(deps: ConnectionsDeps): SinkDelivery {
  const underWay = new Set<Promise<void>>();
  const stopping = new AbortController();
  let young = 0;
  let isWanted = false;
  let looking: Promise<void> | null = null;
  let claiming: Promise<number> = Promise.resolve(0);
  let isStopped = false;
  let farewells: Promise<unknown> = Promise.resolve();

  const start = (leased: LeasedSink): void => {
    young += 1;
    let isYoung = true;
    const grow = (): void => {
      if (!isYoung) return;
      isYoung = false;
      young -= 1;
      if (isWanted) wake();
    };
    const growing = setTimeout(grow, YOUNG_MS).unref();
    const delivered: Promise<void> = deliverToSink(deps, leased, { signal: stopping.signal })
      .then(
        () => undefined,
        (error: unknown) => deps.onEvent({ event: "sink.crashed", sinkId: leased.sink.id, error }),
      )
      .finally(() => {
        clearTimeout(growing);
        underWay.delete(delivered);
        grow();
      });
    underWay.add(delivered);
  };

  const claim = async (): Promise<number> => {
    if (isStopped || deps.sinkWriter === null || !(await deps.store.hasWaitingSinks())) return 0;
    const limit = Math.min(MOST_YOUNG - young, MOST_UNDER_WAY - underWay.size);
    // Whoever makes room looks again.
    if (limit <= 0) isWanted = true;
    if (limit <= 0 || isStopped) return 0;
    const claimed = await deps.store.claimSinks({ owner: randomText(12), leaseMs: SINK_LEASE_MS, limit });
    for (const leased of claimed) start(leased);
    if (claimed.length === limit) isWanted = true;
    return claimed.length;
  };

  /** One at a time, so that the room there is is not given twice. */
  const begin = (): Promise<number> => {
    claiming = claiming.catch(() => 0).then(claim);
    return claiming;
  };

  const look = async (): Promise<void> => {
    while (isWanted && !isStopped) {
      isWanted = false;
      try {
        if ((await begin()) === 0 && young >= MOST_YOUNG) break;
      } catch (error) {
        deps.onEvent({ event: "sinks.failed", error }); // a worker looks again in a moment
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_PAUSE_MS).unref());
    }
    looking = null;
  };

  const wake = (): void => {
    isWanted = true;
    if (!isStopped) looking ??= look();
  };

  const saying = (): Promise<number> => {
    const next = farewells.then(() => (isStopped ? 0 : sayFarewells(deps, stopping.signal)));
    farewells = next.catch(() => undefined);
    return next;
  };

  return {
    wake,
    wakeFarewells: () =>
      void saying().catch((error: unknown) => deps.onEvent({ event: "sinks.failed", error })),
    sayFarewells: saying,
    begin,
    settle: async () => {
      while ((await begin()) > 0 || underWay.size > 0) await Promise.all(underWay);
    },
    stop: async () => {
      isStopped = true;
      await claiming.catch(() => 0);
      const grace = setTimeout(() => stopping.abort(), STOP_GRACE_MS);
      await Promise.all([...underWay, farewells]);
      clearTimeout(grace);
    },
  };
}
