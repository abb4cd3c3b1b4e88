import { watch } from "node:fs";
import path from "node:path";

import { ConfigError, loadEnvironment, readConfig, type Config } from "@perennial/runtime";

import { readableLine } from "./lib/print-log.ts";
import { isPortFree, root, startProcess, waitUntilReady, type RunningProcess } from "./lib/processes.ts";
import { apiService, simulatorService, webService, workerService, type Service } from "./lib/services.ts";

const RESTART_DELAY_MS = 250;

const running = new Map<Service["name"], RunningProcess>();
let isReady = false;
let isStopping = false;

/** Starts web, api, worker and, without a Meta app, the simulator; restarts what is edited. */
async function main(): Promise<void> {
  const environment = loadEnvironment();
  const config = readConfig({ ...environment, NODE_ENV: environment["NODE_ENV"] ?? "development" });
  const services = servicesOf(config, environment);
  for (const service of services) {
    if (!(await isPortFree(service.port, config.host))) {
      fail(
        `Port ${service.port} is already taken. Stop what uses it, or set ${service.portVariable} to another port.`,
      );
      return;
    }
  }
  process.on("SIGINT", () => void stop(0));
  process.on("SIGTERM", () => void stop(0));
  endWithParent();

  say("Starting Perennial …");
  await Promise.all(services.map(startAndWait));
  isReady = true;
  const source = config.simulator === null ? "Instagram" : "the simulator";
  say(`\nPerennial is ready at ${config.appUrl} (signing in with ${source}; Ctrl-C stops everything).\n`);
  restartOnEdit(services);
}

function servicesOf(config: Config, environment: ReturnType<typeof loadEnvironment>): Service[] {
  const own = [
    apiService(config, environment),
    workerService(config, environment),
    webService(config, environment),
  ];
  return config.simulator === null ? own : [simulatorService(config, environment), ...own];
}

async function startAndWait(service: Service): Promise<void> {
  const child = start(service);
  if (service.readyUrl === "") return;
  try {
    await waitUntilReady(service.readyUrl, child.exited);
  } catch (error) {
    if (!isStopping)
      fail(`The ${service.name} could not start. ${error instanceof Error ? error.message : ""}`);
    await stop(1);
  }
}

function start(service: Service): RunningProcess {
  const child = startProcess({
    ...service,
    onLine: (line, stream) => {
      // Vite tells what it does on standard output, and what is wrong on the other.
      if (service.name === "web" && stream === "out") return;
      const readable = readableLine(service.name.padEnd(9), line, isReady);
      if (readable !== null && (stream === "err" || isReady || line.startsWith("{"))) say(readable);
    },
  });
  running.set(service.name, child);
  void child.exited.then((code) => {
    if (isStopping || !isReady || running.get(service.name) !== child) return;
    say(`The ${service.name} ended (${code ?? "by a signal"}). It starts again when its code is saved.`);
  });
  return child;
}

/** Restarts api and worker when their code or a package's is saved, the simulator when its own is. */
function restartOnEdit(services: readonly Service[]): void {
  let timer: NodeJS.Timeout | undefined;
  let restarts = Promise.resolve();
  const edited = new Set<string>();
  for (const folder of ["apps/api/src", "apps/worker/src", "packages"]) {
    watch(path.join(root, folder), { recursive: true }, (_event, file) => {
      if (
        file === null ||
        !file.endsWith(".ts") ||
        file.endsWith(".test.ts") ||
        file.includes("node_modules")
      )
        return;
      edited.add(path.join(folder, file));
      clearTimeout(timer);
      timer = setTimeout(() => {
        const isSimulator = [...edited].every((name) => name.startsWith("packages/simulator"));
        edited.clear();
        const isMeant = ({ name }: Service): boolean =>
          isSimulator ? name === "simulator" : name === "api" || name === "worker";
        restarts = restarts.then(() => restart(services.filter(isMeant)));
      }, RESTART_DELAY_MS);
    });
  }
}

async function restart(services: readonly Service[]): Promise<void> {
  for (const service of services) {
    const old = running.get(service.name);
    running.delete(service.name);
    await old?.stop();
    if (!isStopping) start(service);
  }
  say(`Restarted ${services.map(({ name }) => name).join(" and ")}.`);
}

/** A terminal or a parent that is gone cannot send a Ctrl-C any more. */
function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void stop(0);
  }, 500).unref();
}

async function stop(exitCode: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  await Promise.all([...running.values()].map((child) => child.stop()));
  process.exit(exitCode);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function fail(text: string): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 5;
}
