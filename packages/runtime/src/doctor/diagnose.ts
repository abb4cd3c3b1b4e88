import { createTransport, type Transport } from "@perennial/instagram";

import { followSimulatorClock, SimulatorAwayError } from "../clock.ts";
import type { Config } from "../config.ts";
import { workspaceRoot, type Environment } from "../environment.ts";
import { askMeta } from "./ask-meta.ts";
import { checkCallbacks } from "./callbacks.ts";
import { CHECK_GROUPS, checksOf, type Check, type CheckGroup } from "./check.ts";
import { checkConnections } from "./connections.ts";
import { dashboardSteps } from "./dashboard-steps.ts";
import { checkDatabase, openDatabase } from "./database.ts";
import { checkHosts } from "./hosts.ts";
import { checkKeys, checkKeyStrength } from "./keys.ts";
import { checkRedirects } from "./redirects.ts";
import type { DoctorReport } from "./report.ts";
import { checkSchedule } from "./schedule.ts";
import { checkScopes } from "./scopes.ts";
import { checkShapes, checkShipped } from "./secrets.ts";
import { checkSettings } from "./settings.ts";
import { checkTrackedFiles } from "./tracked-files.ts";
import { checkGraphVersion } from "./versions.ts";
import { checkWorkers } from "./workers.ts";

const SIMULATOR_WAIT_MS = 1_000;
const CALL_TIMEOUT_MS = 6_000;

/** Where to look beside the environment. */
export type DiagnoseOptions = {
  /** The folder that may be under version control; the workspace's unless given. */
  folder?: string;
  /** How our own site is asked; over real connections unless given. */
  siteTransport?: Transport;
  /** The day by which Meta's versions, hosts and scopes are judged; today unless given. */
  factsAt?: Date;
};

/**
 * Looks at an installation from its settings to its connections, and goes on whatever it finds: what stands on
 * something that is broken is told as unchecked. It opens the database as every start does, so a new one is made and an
 * older one migrated; besides that it changes nothing.
 */
export async function diagnose(
  environment: Environment,
  { folder = workspaceRoot, siteTransport, factsAt = new Date() }: DiagnoseOptions = {},
): Promise<DoctorReport> {
  const checkedAt = new Date();
  const { config, checks } = checkSettings(environment);
  const secrets = [checkShipped(environment), await checkTrackedFiles(environment, folder)];
  if (config === null) {
    const others = CHECK_GROUPS.filter((group) => group !== "settings" && group !== "secrets");
    const rest = unchecked(others, "The settings have to be right first.");
    return { checkedAt, isSimulated: false, checks: [...checks, ...secrets, ...rest], steps: [] };
  }
  const [asked, answered, stored] = await Promise.all([
    askMeta(config, CALL_TIMEOUT_MS),
    askOurselves(config, siteTransport),
    lookAtDatabase(config),
  ]);
  const found = [...checks, ...checkShapes(config), ...secrets, ...stored, ...asked, ...answered];
  found.push(checkHosts(config, factsAt), ...checkGraphVersion(config, factsAt));
  found.push(...checkScopes(config, factsAt), ...checkRedirects(config), ...checkSchedule(config));
  return {
    checkedAt,
    isSimulated: config.simulator !== null,
    checks: CHECK_GROUPS.flatMap((group) => found.filter((check) => check.group === group)),
    steps: dashboardSteps(config),
  };
}

async function askOurselves(config: Config, given: Transport | undefined): Promise<Check[]> {
  if (given !== undefined) return await checkCallbacks(config, given);
  await using transport = createTransport({ totalTimeoutMs: CALL_TIMEOUT_MS });
  return await checkCallbacks(config, transport);
}

async function lookAtDatabase(config: Config): Promise<Check[]> {
  const { store, checks } = await openDatabase(config);
  const strength = checkKeyStrength(config);
  if (store === null) {
    const rest = unchecked(["keys", "workers", "connections"], "The database has to open first.");
    return [...checks, strength, ...rest];
  }
  await using opened = store;
  const now = await nowOf(config);
  return [
    ...checks,
    ...(await checkDatabase(opened, config)),
    strength,
    ...(await checkKeys(opened, config)),
    ...(await checkWorkers(opened, config, new Date())),
    ...(now === null
      ? unchecked(["connections"], "The simulator's clock has to be known first.")
      : await checkConnections(opened, now)),
  ];
}

/** When tokens age; null while the simulator, which decides that, is away. */
async function nowOf({ simulator }: Config): Promise<Date | null> {
  if (simulator === null) return new Date();
  try {
    const clock = await followSimulatorClock({ ...simulator, firstReadingMs: SIMULATOR_WAIT_MS });
    clock.stop();
    return clock.now();
  } catch (error) {
    if (error instanceof SimulatorAwayError) return null;
    throw error;
  }
}

/** Groups that nobody could look at, and why. */
function unchecked(groups: readonly CheckGroup[], message: string): Check[] {
  return groups.map((group) => checksOf(group).unchecked("all", message));
}
