import { createMetrics, type Runtime } from "@perennial/runtime";
import { openTestWorld } from "@perennial/runtime/testing";
import { describe, expect, it } from "vitest";

import { startHealthServer } from "./health.ts";
import type { Sweeper } from "./sweeper.ts";

const MINUTE_MS = 60_000;
const NOTHING_DONE = {
  claimed: 0,
  refreshed: 0,
  not_due: 0,
  too_young: 0,
  failed: 0,
  paused: 0,
  reconnect_required: 0,
  in_progress: 0,
  superseded: 0,
  warned: 0,
};

/** What the health port says of a worker whose last sweep was so long ago. */
async function readiness(runtime: Runtime, lastSweep: Sweeper["lastSweep"]): Promise<number> {
  const sweeper: Sweeper = { sweep: async () => true, stop: async () => undefined, lastSweep };
  const config = { ...runtime.config, ports: { ...runtime.config.ports, worker: 0 } };
  const health = await startHealthServer({ ...runtime, config }, sweeper, createMetrics(runtime));
  const answer = await fetch(`http://127.0.0.1:${health.port}/readyz`);
  await health.close();
  return answer.status;
}

const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * MINUTE_MS);

describe("the worker's health port", () => {
  it("OB-06 tells a worker that hangs from one that sweeps every quarter of an hour", async () => {
    await using world = await openTestWorld();
    const sweptAgo = (minutes: number) => ({ finishedAt: minutesAgo(minutes), summary: NOTHING_DONE });
    expect(await readiness(world.runtime, sweptAgo(20))).toBe(200);
    expect(await readiness(world.runtime, sweptAgo(36))).toBe(503);
  });

  it("OB-05 is not ready before the first sweep, nor after one that failed", async () => {
    await using world = await openTestWorld();
    expect(await readiness(world.runtime, null)).toBe(503);
    expect(await readiness(world.runtime, { finishedAt: new Date(), summary: null })).toBe(503);
  });

  it("OB-01 shows the fleet to Prometheus", async () => {
    await using world = await openTestWorld();
    const sweeper: Sweeper = { sweep: async () => true, stop: async () => undefined, lastSweep: null };
    const config = { ...world.config, ports: { ...world.config.ports, worker: 0 } };
    const metrics = createMetrics(world.runtime);
    metrics.observeSweep({ durationMs: 250, isDone: true });
    const health = await startHealthServer({ ...world.runtime, config }, sweeper, metrics);
    const page = await (await fetch(`http://127.0.0.1:${health.port}/metrics`)).text();
    await health.close();
    expect(page).toContain('perennial_sweep_duration_seconds_count{result="finished"} 1');
    expect(page).toContain('perennial_connections{state="active"} 0');
  });
});
