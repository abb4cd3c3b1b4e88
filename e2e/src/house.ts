import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { readConfig, type Config } from "@perennial/runtime";
import { freePort, inheritedEnvironment } from "@perennial/runtime/testing";
import { startProcess, waitUntilReady, type RunningProcess } from "@perennial/scripts/processes";
import { apiService, simulatorService, workerService, type Service } from "@perennial/scripts/services";

import { sqliteIn, type HouseDatabase } from "./databases.ts";

/** Everything Perennial consists of, in processes of its own, on free ports and an empty database. */
export type House = AsyncDisposable & {
  readonly appUrl: string;
  readonly config: Config;
  readonly folder: string;
  readonly database: HouseDatabase;
  readonly environment: Record<string, string>;
  /** Every line any process wrote. */
  readonly lines: string[];
  /** Reads a truth of the simulator, such as `ledger`. */
  truth<T>(name: string): Promise<T>;
  /** Sets a switch of the simulator, such as `clock`, and gives its answer. */
  control<T = unknown>(name: string, body: object): Promise<T>;
  /** Ends a fault of the simulator. */
  endFault(id: string): Promise<void>;
};

/**
 * Starts simulator, api (serving the built web app) and worker over an empty database, a file unless told
 * otherwise; settings come on top of what every house has.
 */
export async function openHouse(
  openDatabase: () => Promise<HouseDatabase> | null,
  settings: Readonly<Record<string, string>> = {},
): Promise<House> {
  const folder = mkdtempSync(path.join(tmpdir(), "perennial-e2e-"));
  const database = (await openDatabase()) ?? sqliteIn(folder);
  const [api, worker] = [await freePort(), await freePort()];
  const [simulator, facebook] = [await freePort(), await freePort()];
  const environment: Record<string, string> = {
    ...inheritedEnvironment(),
    APP_URL: `http://localhost:${api}`,
    API_PORT: String(api),
    WORKER_PORT: String(worker),
    SIMULATOR_PORT: String(simulator),
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
  const services = [simulatorService, apiService, workerService].map((describe) =>
    describe(config, environment),
  );
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((child) => child.stop()));
    await database[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(services.map(start));
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
