import type { Store } from "@perennial/db";

import type { Config } from "../config.ts";
import { checksOf, type Check } from "./check.ts";
import { instantWords } from "./instant-words.ts";

const { green, amber, red } = checksOf("workers");

/** A sweep may last, and the next one may be late by this much. */
const GRACE_MS = 5 * 60_000;

/** Whether somebody renews what is due. Workers go by people's clocks, whatever the simulator's says. */
export async function checkWorkers(
  store: Pick<Store, "listRunningProcesses" | "findLatestRun">,
  { schedule }: Pick<Config, "schedule">,
  wallNow: Date,
): Promise<Check[]> {
  const isOverdue = (sinceMs: number): boolean =>
    wallNow.getTime() - sinceMs > 2 * schedule.periodMs + GRACE_MS;
  const workers = (await store.listRunningProcesses()).filter(({ kind }) => kind === "worker");
  if (workers.length === 0) return await withoutWorker(store, isOverdue);
  const running = green(
    "running",
    workers.length === 1 ? "A worker runs." : `${workers.length} workers run.`,
  );
  const sweeps = workers.map(({ sweptAt }) => sweptAt?.getTime() ?? -Infinity);
  const lastMs = Math.max(...sweeps);
  const sinceMs = Math.max(lastMs, Math.min(...workers.map(({ startedAt }) => startedAt.getTime())));
  if (isOverdue(sinceMs)) {
    const last = lastMs === -Infinity ? "never since it was started" : `at ${instantWords(new Date(lastMs))}`;
    return [
      running,
      red("swept", `The last sweep that went through was ${last}.`, "Look at the worker's log."),
    ];
  }
  if (lastMs === -Infinity) return [running, green("swept", "It has yet to sweep for the first time.")];
  return [running, green("swept", `The last sweep went through at ${instantWords(new Date(lastMs))}.`)];
}

/** A scheduler may ask for sweeps in a worker's stead. */
async function withoutWorker(
  store: Pick<Store, "findLatestRun">,
  isOverdue: (sinceMs: number) => boolean,
): Promise<Check[]> {
  const finishedAt = (await store.findLatestRun())?.finishedAt ?? null;
  const last =
    finishedAt === null
      ? "No sweep was asked for over HTTP lately."
      : `The last sweep that was asked for over HTTP went through at ${instantWords(finishedAt)}.`;
  if (finishedAt !== null && !isOverdue(finishedAt.getTime()))
    return [green("running", "No worker runs; a scheduler asks for sweeps."), green("swept", last)];
  const cure =
    "Start one with `npx pnpm@12 start`, or have a scheduler call `perennial sweep` or POST /cron/refresh as often as REFRESH_CRON says.";
  return [amber("running", `No worker runs: nothing is renewed by itself. ${last}`, cure)];
}
