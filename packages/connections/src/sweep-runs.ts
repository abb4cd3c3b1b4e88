import type { RunRecord } from "@perennial/db";

import type { Engine } from "./attempt.ts";
import { deliverAlerts } from "./deliver-alerts.ts";
import { newId } from "./ids.ts";
import { sweepAndWarn } from "./sweep.ts";

/** How a sweep that was asked for over HTTP goes. Numbers only: no names, no tokens. */
export type SweepRun = {
  id: string;
  /** `interrupted`: the process it ran in is gone. Nothing was lost; ask again, or wait for the next sweep. */
  state: "running" | "finished" | "failed" | "interrupted";
  startedAt: Date;
  finishedAt: Date | null;
  counts: Record<string, number> | null;
};

/** Sweeps that go on after their caller was answered. */
export type SweepRuns = {
  /** Begins a sweep, or gives the one that has this process busy already. */
  start(): Promise<SweepRun>;
  /** How a sweep went, whichever process it ran in; null for an unknown id. */
  find(id: string): Promise<SweepRun | null>;
  /** Claims nothing more and waits for what is in hand. */
  stop(): Promise<void>;
};

/** Makes the runs of one process. `processId` is the id it beats with. */
export function createSweepRuns(
  engine: Engine,
  { processId, concurrency }: { processId: string; concurrency: number },
): SweepRuns {
  const { store, wallNow, onEvent } = engine.deps;
  const stopping = new AbortController();
  let current: { run: RunRecord; end: Promise<void> } | null = null;

  const work = async (id: string): Promise<void> => {
    let end: Pick<RunRecord, "counts" | "errorCode">;
    try {
      const { signal } = stopping;
      const report = await sweepAndWarn(engine, { trigger: "cron", concurrency, signal });
      const alertsSent = await deliverAlerts(engine.deps, signal);
      end = { counts: { ...report, alertsSent }, errorCode: null };
    } catch (error) {
      onEvent({ event: "sweep.failed", error });
      end = { counts: null, errorCode: "sweep_failed" };
    }
    await store.finishRun({ id, finishedAt: wallNow(), ...end });
  };

  return {
    start: async () => {
      if (current !== null) return await viewRun(engine, current.run);
      const run = { id: newId("run"), processId, startedAt: wallNow() };
      const record: RunRecord = { ...run, finishedAt: null, counts: null, errorCode: null };
      const created = store.createRun(run);
      const end = created
        .then(() => work(run.id))
        .catch((error: unknown) => onEvent({ event: "sweep.failed", error }))
        .finally(() => {
          current = null;
        });
      current = { run: record, end };
      await created;
      return await viewRun(engine, record);
    },
    find: async (id) => {
      const run = await store.findRun(id);
      return run === null ? null : await viewRun(engine, run);
    },
    stop: async () => {
      stopping.abort();
      await current?.end;
    },
  };
}

async function viewRun({ deps }: Engine, run: RunRecord): Promise<SweepRun> {
  const { id, startedAt, finishedAt, counts, errorCode } = run;
  const known = { id, startedAt, finishedAt, counts };
  if (finishedAt !== null) return { ...known, state: errorCode === null ? "finished" : "failed" };
  const running = await deps.store.listRunningProcesses();
  const isAlive = running.some((process) => process.id === run.processId);
  return { ...known, state: isAlive ? "running" : "interrupted" };
}
