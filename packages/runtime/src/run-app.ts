import { StoreError, type ProcessKind } from "@perennial/db";

import { ConfigError, readConfig } from "./config.ts";
import { loadEnvironment } from "./environment.ts";
import type { Heartbeat } from "./heartbeat.ts";
import { openLog } from "./log.ts";
import { openRuntime, type Runtime, type RuntimeOptions } from "./open-runtime.ts";

/** A running app: how to stop it, finishing what is in hand. */
export type RunningApp = { stop(): Promise<void> };

const STOP_DEADLINE_MS = 12_000;

/**
 * Runs a server process from start to end: reads the environment, opens the runtime, and on SIGTERM or
 * SIGINT stops cleanly and exits 0. A parent with a channel to it is told "ready" once it runs. A stop that
 * hangs is cut off with exit code 1; a configuration fault exits with 5 and one message; anything uncaught is
 * logged once and exits with 1.
 */
export async function runApp(
  name: ProcessKind,
  start: (runtime: Runtime, heartbeat: Heartbeat) => Promise<RunningApp>,
  options: Pick<RuntimeOptions, "decorateStore"> = {},
): Promise<void> {
  const stopSignal = firstStopSignal(); // from the first moment on: a stop during the start counts too
  let runtime: Runtime;
  try {
    runtime = await openRuntime(readConfig(loadEnvironment()), { name, writesOnThread: true, ...options });
  } catch (error) {
    failStart(name, error);
    return;
  }
  const { log } = runtime;
  const die = (error: unknown): void => {
    log.fatal({ event: "process.crashed", err: error }, "stopped by an unexpected error");
    process.exit(1);
  };
  process.once("uncaughtException", die);
  process.once("unhandledRejection", die);
  try {
    const heartbeat = await runtime.beat(name);
    const app = await start(runtime, heartbeat).catch(async (error: unknown) => {
      await heartbeat.stop();
      throw error;
    });
    process.send?.("ready"); // to whoever started this process and keeps it running
    void stopSignal.then((signal) => stopApp(signal, { app, heartbeat, runtime })).catch(die);
  } catch (error) {
    await runtime[Symbol.asyncDispose]();
    failStart(name, error);
  }
}

function firstStopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.on("SIGTERM", resolve);
    process.on("SIGINT", resolve);
  });
}

type Running = { app: RunningApp; heartbeat: Heartbeat; runtime: Runtime };

async function stopApp(signal: NodeJS.Signals, { app, heartbeat, runtime }: Running): Promise<void> {
  const { log } = runtime;
  log.info({ event: "process.stopping", signal }, "stopping");
  const deadline = setTimeout(() => {
    log.error({ event: "process.stop_timed_out" }, "could not finish in time");
    process.exit(1);
  }, STOP_DEADLINE_MS);
  deadline.unref();
  await app.stop();
  await heartbeat.stop();
  await runtime[Symbol.asyncDispose]();
  log.info({ event: "process.stopped" }, "stopped");
  process.exit();
}

/** Errors of the start are for a person at a terminal: sentences, no stack, no value. */
function failStart(name: string, error: unknown): void {
  const isExpected = error instanceof ConfigError || error instanceof StoreError || isPortTaken(error);
  if (isExpected) process.stderr.write(`${isPortTaken(error) ? portSentence(error) : error.message}\n`);
  else
    openLog({ name, level: "info" }).fatal({ event: "process.start_failed", err: error }, "could not start");
  process.exitCode = error instanceof ConfigError ? 5 : 1;
}

type PortTaken = Error & { port: number };

function isPortTaken(error: unknown): error is PortTaken {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE" && "port" in error;
}

function portSentence(error: PortTaken): string {
  return `Port ${error.port} is already taken. Stop what uses it, or set another port (see README.md, "Settings").`;
}
