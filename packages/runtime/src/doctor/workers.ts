import type { Store } from "@perennial/db";

import type { Config } from "../config.ts";
import { checksOf, type Check } from "./check.ts";

const { green, amber, red } = checksOf("workers");

/** A sweep may last, and the next one may be late by this much. */
const GRACE_MS = 5 * 60_000;

/** Whether somebody renews what is due. Workers go by people's clocks, whatever the simulator's says. */
export async function checkWorkers(
  store: Pick<Store, "listRunningProcesses">,
  { schedule }: Pick<Config, "schedule">,
  wallNow: Date,
): Promise<Check[]> {
  const workers = (await store.listRunningProcesses()).filter(({ kind }) => kind === "worker");
  if (workers.length === 0) {
    const cure =
      "Start one with `npx pnpm@12 start`, or have a scheduler call `perennial sweep` or POST /cron/refresh as often as REFRESH_CRON says.";
    return [amber("running", "No worker runs: nothing is renewed by itself.", cure)];
  }
  const running = green(
    "running",
    workers.length === 1 ? "A worker runs." : `${workers.length} workers run.`,
  );
  const sweeps = workers.map(({ sweptAt }) => sweptAt?.getTime() ?? -Infinity);
  const lastMs = Math.max(...sweeps);
  const sinceMs = Math.max(lastMs, Math.min(...workers.map(({ startedAt }) => startedAt.getTime())));
  if (wallNow.getTime() - sinceMs > 2 * schedule.periodMs + GRACE_MS) {
    const last = lastMs === -Infinity ? "never since it was started" : `at ${new Date(lastMs).toISOString()}`;
    return [
      running,
      red("swept", `The last sweep that went through was ${last}.`, "Look at the worker's log."),
    ];
  }
  if (lastMs === -Infinity) return [running, green("swept", "It has yet to sweep for the first time.")];
  return [running, green("swept", `The last sweep went through at ${new Date(lastMs).toISOString()}.`)];
}
