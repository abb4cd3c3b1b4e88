import type { Runtime } from "@perennial/runtime";
import { setTimeout } from "node:timers/promises";

/** How often the worker looks for what cannot wait for the schedule. */
const TENDING_PERIOD_MS = 1_000;
/** How often it looks for sinks that wait: what another process has swapped and not delivered is there within a second. */
const SINK_PERIOD_MS = 250;

/** What a worker does between two sweeps. */
export type Tending = { stop(): Promise<void> };

/**
 * Each second: settles what a crash has left, so that a lease that lapses is taken over at once; probes apps
 * that are paused, and has everything swept once one has recovered; sends alerts; works off what Meta told of people, and
 * tells the webhooks of those who are erased. More often than that: begins to
 * deliver to sinks that wait. A fault is told when it
 * begins and when it ends, not each second.
 */
export function startTending(runtime: Runtime, onRecovery: () => void): Tending {
  const { connections, config, log } = runtime;
  const stopping = new AbortController();
  const { signal } = stopping;
  const { concurrency } = config.schedule;

  const tend = repeat("tend", runtime, signal, async () => {
    if (await connections.tend({ trigger: "worker", concurrency, signal })) onRecovery();
  });
  // Apart, so that a receiver that hangs holds up no token.
  const deliver = repeat("deliver", runtime, signal, async () => {
    const sent = await connections.deliverAlerts(signal);
    if (sent > 0) log.debug({ event: "worker.alerts_sent", sent }, "sent alerts");
  });
  const workCallbacks = repeat("callbacks", runtime, signal, async () => {
    await connections.callbacks.settle();
    await connections.sinks.sayFarewells();
  });
  const deliverToSinks = repeat(
    "sinks",
    runtime,
    signal,
    async () => void (await connections.sinks.deliver()),
    SINK_PERIOD_MS,
  );
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all([tend, deliver, workCallbacks, deliverToSinks]);
    },
  };
}

async function repeat(
  name: string,
  { log }: Runtime,
  signal: AbortSignal,
  work: () => Promise<void>,
  periodMs = TENDING_PERIOD_MS,
): Promise<void> {
  let isFailing = false;
  while (!signal.aborted) {
    try {
      await work();
      if (isFailing) log.info({ event: "worker.works_again", task: name }, "works again");
      isFailing = false;
    } catch (error) {
      if (!isFailing)
        log.error({ event: "worker.task_failed", task: name, err: error }, "tries again in a moment");
      isFailing = true;
    }
    await setTimeout(periodMs, undefined, { signal }).catch(() => undefined); // told to stop
  }
}
