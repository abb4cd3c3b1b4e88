import { loadEnvironment, openLog, openRuntime, readConfig, type Runtime } from "@perennial/runtime";

import type { Output } from "./output.ts";

/** The simulator runs, or it does not: a person at a terminal is told soon. */
const SIMULATOR_WAIT_MS = 1_000;

/**
 * Opens the runtime for one command and closes it afterwards. The log stays quiet unless LOG_LEVEL asks, and goes to
 * standard error: what a script reads is on the other one.
 */
export async function withRuntime<T>(
  work: (runtime: Runtime) => Promise<T>,
  { environment: given, err = process.stderr }: Partial<Output> = {},
): Promise<T> {
  const environment = given ?? loadEnvironment();
  const config = readConfig(environment);
  const level = environment["LOG_LEVEL"] === undefined ? "silent" : config.logLevel;
  await using runtime = await openRuntime(config, {
    name: "cli",
    log: openLog({ name: "cli", level, destination: { write: (line) => void err.write(line) } }),
    simulatorWaitMs: SIMULATOR_WAIT_MS,
  });
  return await work(runtime);
}
