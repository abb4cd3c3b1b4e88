import { loadEnvironment, openLog, openRuntime, readConfig, type Runtime } from "@perennial/runtime";

/** Opens the runtime for one command and closes it afterwards. The log stays quiet unless LOG_LEVEL asks. */
export async function withRuntime<T>(work: (runtime: Runtime) => Promise<T>): Promise<T> {
  const environment = loadEnvironment();
  const config = readConfig(environment);
  const level = environment["LOG_LEVEL"] === undefined ? "silent" : config.logLevel;
  await using runtime = await openRuntime(config, { name: "cli", log: openLog({ name: "cli", level }) });
  return await work(runtime);
}
