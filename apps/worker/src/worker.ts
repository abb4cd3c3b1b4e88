import { createMetrics, type Heartbeat, type RunningApp, type Runtime } from "@perennial/runtime";
import { schedule } from "node-cron";

import { startHealthServer } from "./health.ts";
import { createSweeper } from "./sweeper.ts";
import { startTending } from "./tending.ts";

/** While a simulator moves the clock, the schedule is followed by its time: asked this often. */
const SIMULATED_TICK_MS = 250;

/**
 * Sweeps on the schedule until it is stopped, and once at the start: what fell due while no worker ran is
 * caught up at once. The schedule only wakes it; the database says what is due.
 */
export async function startWorker(runtime: Runtime, heartbeat: Heartbeat): Promise<RunningApp> {
  const { config, log } = runtime;
  const metrics = createMetrics(runtime);
  const sweeper = createSweeper(runtime, (sweep) => {
    metrics.observeSweep(sweep);
    if (sweep.isDone) heartbeat.swept();
  });
  const health = await startHealthServer(runtime, sweeper, metrics);
  const task = schedule(config.schedule.cron, () => sweeper.sweep("schedule"), {
    name: "sweep",
    noOverlap: true,
    timezone: "Etc/UTC",
    logger: cronLogger(runtime),
  });
  const ticks = followSimulatedTime(runtime, () => void sweeper.sweep("simulator"));
  const tending = startTending(runtime, () => void sweeper.sweep("recovery"));
  void sweeper.sweep("start");
  log.info(
    { event: "worker.started", cron: config.schedule.cron, port: health.port },
    "waiting for what is due",
  );

  return {
    stop: async () => {
      await task.destroy();
      ticks.stop();
      await Promise.all([tending.stop(), sweeper.stop()]);
      await health.close();
    },
  };
}

/** One sweep, for schedulers that start a process each time; then the process ends by itself. */
export async function runOnce(runtime: Runtime): Promise<RunningApp> {
  const sweeper = createSweeper(runtime);
  void sweeper.sweep("once").then((isDone) => {
    if (!isDone) process.exitCode = 1;
    process.kill(process.pid, "SIGTERM");
  });
  return { stop: () => sweeper.stop() };
}

/** Node-cron runs by the machine's clock; a clock that jumps by a month has passed many schedules. */
function followSimulatedTime(runtime: Runtime, wake: () => void): { stop(): void } {
  if (runtime.simulatorClock === null) return { stop: () => undefined };
  let lastMs = runtime.clock.now().getTime();
  const timer = setInterval(() => {
    const nowMs = runtime.clock.now().getTime();
    if (Math.abs(nowMs - lastMs) < runtime.config.schedule.periodMs) return;
    lastMs = nowMs;
    wake();
  }, SIMULATED_TICK_MS);
  return { stop: () => clearInterval(timer) };
}

function cronLogger({ log }: Runtime) {
  return {
    info: (message: string) => log.debug({ event: "worker.cron" }, message),
    debug: (message: string | Error) => log.debug({ event: "worker.cron" }, String(message)),
    warn: (message: string) => log.warn({ event: "worker.cron" }, message),
    error: (message: string | Error) =>
      log.error({ event: "worker.cron", err: message }, "the schedule failed"),
  };
}
