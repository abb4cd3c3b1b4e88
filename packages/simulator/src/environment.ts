import { SimulatorError } from "./simulator-error.ts";
import type { SimulatorOptions } from "./simulator.ts";

/** What the command is told by its environment. */
export type CommandSettings = { options: SimulatorOptions; scenarioPath: string | undefined };

const DEFAULT_PORT = 4010;

/**
 * Reads the command's environment. A variable that is empty counts as absent.
 *
 * @throws {SimulatorError} `invalid_input` naming the variable that makes no sense, or when asked to run in production.
 */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): CommandSettings {
  if (env["NODE_ENV"] === "production") {
    throw new SimulatorError(
      "invalid_input",
      "The simulator does not run in production (NODE_ENV is production).",
    );
  }
  const read = (name: string) => (env[name] === "" ? undefined : env[name]);
  const seed = wholeNumber("SIM_SEED", read("SIM_SEED"), Number.MAX_SAFE_INTEGER);
  const controlSecret = read("SIM_CONTROL_SECRET");
  const redirectUris = read("SIM_REDIRECT_URIS")
    ?.split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
  const deauthorizeUrl = read("SIM_DEAUTHORIZE_URL");
  const dataDeletionUrl = read("SIM_DATA_DELETION_URL");
  const stateFile = read("SIM_STATE_FILE");
  const app = readApp(read("SIM_CLIENT_ID"), read("SIM_CLIENT_SECRET"));
  return {
    scenarioPath: read("SIM_SCENARIO"),
    options: {
      port: wholeNumber("SIMULATOR_PORT", read("SIMULATOR_PORT"), 65_535) ?? DEFAULT_PORT,
      ...(seed === undefined ? {} : { seed }),
      ...(controlSecret === undefined ? {} : { controlSecret }),
      ...(redirectUris === undefined ? {} : { redirectUris }),
      ...(app === undefined ? {} : { app }),
      ...(stateFile === undefined ? {} : { stateFile }),
      callbacks: {
        ...(deauthorizeUrl === undefined ? {} : { deauthorizeUrl }),
        ...(dataDeletionUrl === undefined ? {} : { dataDeletionUrl }),
      },
    },
  };
}

function readApp(clientId: string | undefined, clientSecret: string | undefined): SimulatorOptions["app"] {
  if (clientId === undefined && clientSecret === undefined) return undefined;
  if (clientId === undefined || clientSecret === undefined) {
    throw new SimulatorError("invalid_input", "SIM_CLIENT_ID and SIM_CLIENT_SECRET go together.");
  }
  return { clientId, clientSecret };
}

function wholeNumber(name: string, text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max) {
    throw new SimulatorError("invalid_input", `${name} has to be a whole number from 0 to ${max}.`);
  }
  return value;
}
