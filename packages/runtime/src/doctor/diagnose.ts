import { createFacebookLogin, createInstagramLogin, createTransport, type Login } from "@perennial/instagram";

import { followSimulatorClock, SimulatorAwayError } from "../clock.ts";
import type { Config } from "../config.ts";
import type { Environment } from "../environment.ts";
import { CHECK_GROUPS, checksOf, type Check, type CheckGroup } from "./check.ts";
import { checkClock, readClocks } from "./clock.ts";
import { checkConnections } from "./connections.ts";
import { dashboardSteps } from "./dashboard-steps.ts";
import { checkDatabase, openDatabase } from "./database.ts";
import { checkCredentials } from "./instagram.ts";
import { checkKeys } from "./keys.ts";
import { checkRedirects } from "./redirects.ts";
import type { DoctorReport } from "./report.ts";
import { checkSchedule } from "./schedule.ts";
import { checkSettings } from "./settings.ts";
import { checkGraphVersion } from "./versions.ts";
import { checkWorkers } from "./workers.ts";

const SIMULATOR_WAIT_MS = 1_000;
const CALL_TIMEOUT_MS = 6_000;

/**
 * Looks at an installation from its settings to its connections, and goes on whatever it finds: what stands on
 * something that is broken is told as unchecked. It opens the database as every start does, so a new one is made and an
 * older one migrated; besides that it changes nothing.
 */
export async function diagnose(environment: Environment): Promise<DoctorReport> {
  const checkedAt = new Date();
  const { config, checks } = checkSettings(environment);
  if (config === null) {
    const rest = uncheckedRest(["settings"], "The settings have to be right first.");
    return { checkedAt, isSimulated: false, checks: [...checks, ...rest], steps: [] };
  }
  const [asked, stored] = await Promise.all([askMeta(config), lookAtDatabase(config)]);
  const found = [...checks, ...asked, ...stored, ...checkRedirects(config), ...checkSchedule(config)];
  return {
    checkedAt,
    isSimulated: config.simulator !== null,
    checks: CHECK_GROUPS.flatMap((group) => found.filter((check) => check.group === group)),
    steps: dashboardSteps(config),
  };
}

async function lookAtDatabase(config: Config): Promise<Check[]> {
  const { store, checks } = await openDatabase(config);
  if (store === null) {
    const others = CHECK_GROUPS.filter(
      (group) => group !== "keys" && group !== "workers" && group !== "connections",
    );
    return [...checks, ...uncheckedRest(others, "The database has to open first.")];
  }
  await using opened = store;
  const now = await nowOf(config);
  return [
    ...checks,
    ...(await checkDatabase(opened, config)),
    ...(await checkKeys(opened, config)),
    ...(await checkWorkers(opened, config, new Date())),
    ...(now === null
      ? uncheckedRest(
          CHECK_GROUPS.filter((group) => group !== "connections"),
          "The simulator's clock has to be known first.",
        )
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

async function askMeta(config: Config): Promise<Check[]> {
  await using transport = createTransport({ totalTimeoutMs: CALL_TIMEOUT_MS });
  const clocks = readClocks(transport);
  const toCalls = { transport: clocks.transport, now: () => new Date() };
  const { instagram, facebook } = config;
  const logins: Login[] = [
    ...(instagram === null ? [] : [createInstagramLogin({ ...instagram, ...toCalls })]),
    ...(facebook === null ? [] : [createFacebookLogin({ ...facebook, ...toCalls })]),
  ];
  const credentials = await Promise.all(
    logins.map((login) => checkCredentials(login, config.simulator !== null)),
  );
  const versions = checkGraphVersion(config, new Date());
  return [...credentials, ...versions, ...checkClock(clocks.skewMs(), config.simulator !== null)];
}

/** All groups but these, as nobody could look at them. */
function uncheckedRest(but: readonly CheckGroup[], message: string): Check[] {
  return CHECK_GROUPS.filter((group) => !but.includes(group)).map((group) =>
    checksOf(group).unchecked("all", message),
  );
}
