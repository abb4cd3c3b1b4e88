import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

import { ConfigError, loadEnvironment, readConfig } from "@perennial/runtime";

import { isPortFree, root, startProcess, type RunningProcess } from "./lib/processes.ts";
import { apiService, workerService, type Service } from "./lib/services.ts";

const RESTART_DELAY_MS = 1_000;
/** No signal opens a debugger, which could read every token out of the memory. */
const NODE_OPTIONS = ["--disable-sigusr1"];

const running = new Map<string, RunningProcess>();
let isStopping = false;

/** Runs the api processes, which serve the built web app, and a worker; starts again what crashes. */
async function main(): Promise<void> {
  const environment = { ...loadEnvironment(), NODE_ENV: "production" };
  const config = readConfig(environment);
  buildWebOnce();
  const api = apiService(config, environment);
  const worker = workerService(config, environment);
  for (const service of [api, worker]) {
    if (!(await isPortFree(service.port, config.host))) {
      throw new StartError(
        `Port ${service.port} is already taken. Stop what uses it, or set ${service.portVariable}.`,
      );
    }
  }
  process.on("SIGINT", () => void stop(0));
  process.on("SIGTERM", () => void stop(0));
  const started = [
    keepRunning("worker", worker),
    ...Array.from({ length: config.apiProcesses }, (_, index) => keepRunning(`api ${index + 1}`, api)),
  ];
  // Several share one port, where any of them would answer for all: each says by itself that it is ready.
  const ready = await Promise.all(started.map((child) => child.ready));
  if (ready.includes(false)) throw new StartError("Perennial ended while it was starting.");
  process.stdout.write(`Perennial is ready on port ${config.ports.api} for ${config.appUrl}.\n`);
}

class StartError extends Error {}

function buildWebOnce(): void {
  if (existsSync(path.join(root, "apps/web/dist/index.html"))) return;
  const vite = path.join(root, "apps/web/node_modules/vite/bin/vite.js");
  const built = spawnSync(process.execPath, [vite, "build"], {
    cwd: path.join(root, "apps/web"),
    stdio: "inherit",
  });
  if (built.status !== 0) throw new StartError("The web app could not be built.");
}

function keepRunning(name: string, service: Service): RunningProcess {
  const child = startProcess({
    ...service,
    nodeOptions: NODE_OPTIONS,
    onLine: (line, stream) => process[stream === "out" ? "stdout" : "stderr"].write(`${line}\n`),
  });
  running.set(name, child);
  void child.exited.then((code) => {
    if (isStopping) return;
    if (code === 5) void stop(5); // a configuration fault does not heal by starting again
    else setTimeout(() => isStopping || void keepRunning(name, service), RESTART_DELAY_MS);
  });
  return child;
}

async function stop(exitCode: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  await Promise.all([...running.values()].map((child) => child.stop()));
  process.exit(exitCode);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  process.stderr.write(`${error.message}\n`);
  isStopping = true;
  await Promise.all([...running.values()].map((child) => child.stop()));
  process.exitCode = error instanceof ConfigError ? 5 : 1;
}
