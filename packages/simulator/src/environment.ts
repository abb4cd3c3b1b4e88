import { SimulatorError } from "./simulator-error.ts";
import type { SimulatorOptions } from "./simulator.ts";
import type { AppCredentials } from "./world.ts";

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
  const redirectUris = listOf(read("SIM_REDIRECT_URIS"));
  const facebookRedirectUris = listOf(read("SIM_FACEBOOK_REDIRECT_URIS"));
  const deauthorizeUrl = read("SIM_DEAUTHORIZE_URL");
  const dataDeletionUrl = read("SIM_DATA_DELETION_URL");
  const stateFile = read("SIM_STATE_FILE");
  const facebookPort = wholeNumber("SIMULATOR_FACEBOOK_PORT", read("SIMULATOR_FACEBOOK_PORT"), 65_535);
  const app = readApp(read, "SIM_CLIENT_ID", "SIM_CLIENT_SECRET");
  const facebookApp = readApp(read, "SIM_FACEBOOK_CLIENT_ID", "SIM_FACEBOOK_CLIENT_SECRET");
  return {
    scenarioPath: read("SIM_SCENARIO"),
    options: {
      port: wholeNumber("SIMULATOR_PORT", read("SIMULATOR_PORT"), 65_535) ?? DEFAULT_PORT,
      ...(facebookPort === undefined ? {} : { facebookPort }),
      ...(seed === undefined ? {} : { seed }),
      ...(controlSecret === undefined ? {} : { controlSecret }),
      ...(redirectUris === undefined ? {} : { redirectUris }),
      ...(facebookRedirectUris === undefined ? {} : { facebookRedirectUris }),
      ...(app === undefined ? {} : { app }),
      ...(facebookApp === undefined ? {} : { facebookApp }),
      ...(stateFile === undefined ? {} : { stateFile }),
      callbacks: {
        ...(deauthorizeUrl === undefined ? {} : { deauthorizeUrl }),
        ...(dataDeletionUrl === undefined ? {} : { dataDeletionUrl }),
      },
    },
  };
}

function readApp(
  read: (name: string) => string | undefined,
  idName: string,
  secretName: string,
): AppCredentials | undefined {
  const [clientId, clientSecret] = [read(idName), read(secretName)];
  if (clientId === undefined && clientSecret === undefined) return undefined;
  if (clientId === undefined || clientSecret === undefined) {
    throw new SimulatorError("invalid_input", `${idName} and ${secretName} go together.`);
  }
  return { clientId, clientSecret };
}

function listOf(text: string | undefined): string[] | undefined {
  return text
    ?.split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

function wholeNumber(name: string, text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max) {
    throw new SimulatorError("invalid_input", `${name} has to be a whole number from 0 to ${max}.`);
  }
  return value;
}
