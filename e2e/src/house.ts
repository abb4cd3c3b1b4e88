import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { readConfig, type Config } from "@perennial/runtime";
import { freePort, inheritedEnvironment } from "@perennial/runtime/testing";
import { startProcess, waitUntilReady, type RunningProcess } from "@perennial/scripts/processes";
import { apiService, simulatorService, workerService, type Service } from "@perennial/scripts/services";
import { readEnvironment, startSimulator } from "@perennial/simulator";

import { sqliteIn, type HouseDatabase } from "./databases.ts";

/** Perennial's api and worker in processes of their own, on free ports, an empty database and a simulator. */
export type House = AsyncDisposable & {
  readonly appUrl: string;
  readonly config: Config;
  readonly folder: string;
  readonly database: HouseDatabase;
  readonly environment: Record<string, string>;
  /** Every line that api and worker wrote. */
  readonly lines: string[];
  /** Empties the database and starts the simulator anew, as if nobody had been here; only its clock goes on. */
  renew(): Promise<void>;
  /** Reads a truth of the simulator, such as `ledger`. */
  truth<T>(name: string): Promise<T>;
  /** Sets a switch of the simulator, such as `clock`, and gives its answer. */
  control<T = unknown>(name: string, body: object): Promise<T>;
  /** Ends a fault of the simulator. */
  endFault(id: string): Promise<void>;
};

/**
 * Starts api (serving the built web app) and worker over an empty database, a file unless told otherwise; settings
 * come on top of what every house has. The simulator is at home in this process: it begins anew with each journey.
 */
export async function openHouse(
  openDatabase: () => Promise<HouseDatabase> | null,
  settings: Readonly<Record<string, string>> = {},
): Promise<House> {
  const folder = mkdtempSync(path.join(tmpdir(), "perennial-e2e-"));
  const database = (await openDatabase()) ?? sqliteIn(folder);
  const [api, worker] = [await freePort(), await freePort()];
  const [instagram, facebook] = [await freePort(), await freePort()];
  const environment: Record<string, string> = {
    ...inheritedEnvironment(),
    APP_URL: `http://localhost:${api}`,
    API_PORT: String(api),
    WORKER_PORT: String(worker),
    SIMULATOR_PORT: String(instagram),
    SIMULATOR_FACEBOOK_PORT: String(facebook),
    DATABASE_URL: database.url,
    DATA_FOLDER: folder,
    LOG_LEVEL: "debug",
    ...settings,
  };
  const config = readConfig(environment);
  const lines: string[] = [];
  const running: RunningProcess[] = [];
  const start = async (service: Service): Promise<void> => {
    const child = startProcess({ ...service, onLine: (line) => void lines.push(`${service.name} ${line}`) });
    running.push(child);
    try {
      await waitUntilReady(service.readyUrl, child.exited, 30_000);
    } catch (error) {
      throw new Error(`The ${service.name} did not start:\n${lines.slice(-20).join("\n")}`, { cause: error });
    }
  };
  const { options } = readEnvironment(simulatorService(config, environment).env);
  const { stateFile: _nothingIsKept, ...ofSimulator } = options;
  let simulator = await startSimulator(ofSimulator);
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((child) => child.stop()));
    await simulator.close();
    await database[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all([apiService, workerService].map((describe) => start(describe(config, environment))));
  } catch (error) {
    await stop();
    throw error;
  }
  const sim = config.simulator;
  if (sim === null) throw new Error("The house was to have a simulator.");
  return {
    appUrl: config.appUrl,
    config,
    folder,
    database,
    environment,
    lines,
    renew: async () => {
      const { offsetMs } = simulator.clock.state();
      await simulator.close();
      await database.clear();
      simulator = await startSimulator({ ...ofSimulator, scenario: { clock: { offset_ms: offsetMs } } });
    },
    truth: async <T>(name: string) => (await (await fetch(`${sim.origin}/__sim/${name}`)).json()) as T,
    control: async <T>(name: string, body: object) => {
      const headers = { "content-type": "application/json", "x-sim-secret": sim.controlSecret };
      const answer = await fetch(`${sim.origin}/__sim/${name}`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`The simulator refused ${name}: ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    endFault: async (id) => {
      const headers = { "x-sim-secret": sim.controlSecret };
      const answer = await fetch(`${sim.origin}/__sim/faults?id=${id}`, { method: "DELETE", headers });
      if (!answer.ok) throw new Error(`The simulator kept the fault: ${await answer.text()}`);
    },
    [Symbol.asyncDispose]: stop,
  };
}
