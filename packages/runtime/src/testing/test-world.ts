import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { startSimulator, type Simulator, type SimulatorOptions } from "@perennial/simulator";

import { SIMULATOR_CLIENT_ID, SIMULATOR_FACEBOOK_CLIENT_ID, readConfig, type Config } from "../config.ts";
import { developmentSecrets } from "../development-secrets.ts";
import { openLog } from "../log.ts";
import { openRuntime, type Runtime, type RuntimeOptions } from "../open-runtime.ts";

/** A simulator, a database of its own and a runtime over both. */
export type TestWorld = AsyncDisposable & {
  readonly sim: Simulator;
  readonly runtime: Runtime;
  readonly config: Config;
  /** The environment that a real process would need to join this world. */
  readonly environment: Record<string, string>;
  /** What was logged so far, at debug level. */
  readonly logLines: string[];
  readonly folder: string;
};

/** Opens a world for one test. `appUrl` decides how cookies are made. */
export async function openTestWorld(
  options: {
    appUrl?: string;
    environment?: Record<string, string>;
    simulator?: SimulatorOptions;
  } & Pick<RuntimeOptions, "decorateStore"> = {},
): Promise<TestWorld> {
  const folder = mkdtempSync(path.join(tmpdir(), "perennial-test-"));
  const secrets = developmentSecrets(folder);
  const sim = await startSimulator({
    app: { clientId: SIMULATOR_CLIENT_ID, clientSecret: secrets.simulatorClientSecret },
    facebookApp: {
      clientId: SIMULATOR_FACEBOOK_CLIENT_ID,
      clientSecret: secrets.simulatorFacebookSecret,
    },
    controlSecret: secrets.simulatorControlSecret,
    ...(options.appUrl === undefined
      ? {}
      : {
          redirectUris: [`${options.appUrl}/auth/instagram/callback`],
          facebookRedirectUris: [`${options.appUrl}/auth/facebook/callback`],
        }),
    ...options.simulator,
  });
  const environment = {
    DATA_FOLDER: folder,
    DATABASE_URL: `file:${path.join(folder, "perennial.db")}`,
    SIMULATOR_PORT: new URL(sim.origin).port,
    SIMULATOR_FACEBOOK_PORT: new URL(sim.facebookOrigin).port,
    LOG_LEVEL: "debug",
    ...(options.appUrl === undefined ? {} : { APP_URL: options.appUrl }),
    ...options.environment,
  };
  const logLines: string[] = [];
  const destination = { write: (line: string) => void logLines.push(line) };
  const config = readConfig(environment);
  const runtime = await openRuntime(config, {
    name: "test",
    log: openLog({ name: "test", level: "debug", destination }),
    ...(options.decorateStore === undefined ? {} : { decorateStore: options.decorateStore }),
  });
  return {
    sim,
    runtime,
    config,
    environment,
    logLines,
    folder,
    [Symbol.asyncDispose]: async () => {
      await runtime[Symbol.asyncDispose]();
      await sim.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
