import type { SweepReport } from "@perennial/connections";
import type { Runtime } from "@perennial/runtime";

/** Runs one sweep at a time and remembers how the last one went. */
export type Sweeper = {
  /** Sweeps now, or once more after the sweep in hand. True when it went through. */
  sweep(reason: "start" | "schedule" | "simulator" | "recovery" | "once"): Promise<boolean>;
  /** Claims nothing more and waits for what is in hand. */
  stop(): Promise<void>;
  readonly lastSweep: { finishedAt: Date; summary: SweepReport | null } | null;
};

/** Hears of each sweep that has ended. */
export type OnSweep = (sweep: { durationMs: number; isDone: boolean }) => void;

/** Makes the sweeper of a worker process. */
export function createSweeper(runtime: Runtime, onSweep: OnSweep = () => undefined): Sweeper {
  const { connections, config, log } = runtime;
  const stopping = new AbortController();
  let lastSweep: Sweeper["lastSweep"] = null;
  let tail: Promise<boolean> = Promise.resolve(true);
  let isQueued = false;

  const sweepNow = async (reason: string): Promise<boolean> => {
    if (stopping.signal.aborted) return true;
    const startedAtMs = performance.now();
    let summary: SweepReport | null = null;
    try {
      summary = await connections.sweep({
        trigger: "worker",
        concurrency: config.schedule.concurrency,
        signal: stopping.signal,
      });
      const pruned = await runtime.prune();
      const durationMs = Math.round(performance.now() - startedAtMs);
      const level = summary.claimed > 0 ? "info" : "debug";
      log[level]({ event: "worker.swept", reason, durationMs, pruned, ...summary }, "swept");
    } catch (error) {
      log.error(
        { event: "worker.sweep_failed", reason, err: error },
        "the sweep failed; the next one goes on",
      );
    }
    lastSweep = { finishedAt: new Date(), summary };
    onSweep({ durationMs: performance.now() - startedAtMs, isDone: summary !== null });
    return summary !== null;
  };

  return {
    sweep: (reason) => {
      if (isQueued) return tail; // whoever waits is served by the sweep that has yet to begin
      isQueued = true;
      tail = tail.then(() => {
        isQueued = false;
        return sweepNow(reason);
      });
      return tail;
    },
    stop: async () => {
      stopping.abort();
      await tail;
    },
    get lastSweep() {
      return lastSweep;
    },
  };
}
