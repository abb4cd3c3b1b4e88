import { REQUIRED_OUTAGE_MS, outageSurvivedMs, type RefreshSchedule } from "@perennial/connections";

import { ConfigError } from "../config.ts";
import { environmentSchema } from "../environment-schema.ts";
import { longestPeriodMs } from "../schedule.ts";

const DAY_MS = 86_400_000;

/** A time in which every call to Instagram fails, in days; the run begins with day 0. */
export type Outage = { startDay: number; days: number };

/** What is simulated. Shares are between 0 and 1. */
export type Scenario = {
  connections: number;
  days: number;
  /** How many of the scheduled runs do not take place. */
  missedShare: number;
  outages: readonly Outage[];
  /** How many of the calls fail outside of outages. */
  errorShare: number;
  cron: string;
  leadDays: number;
  concurrency: number;
  /** The same seed gives the same figures. */
  seed: number;
};

const defaults = environmentSchema.parse({});

/** A year of ten thousand connections, kept as Perennial keeps them when nothing is set, and treated badly. */
export const DEFAULT_SCENARIO: Readonly<Omit<Scenario, "outages">> & { readonly outageDays: number } = {
  connections: 10_000,
  days: 365,
  missedShare: 0.2,
  outageDays: 20,
  errorShare: 0.01,
  cron: defaults.REFRESH_CRON,
  leadDays: defaults.REFRESH_LEAD_DAYS,
  concurrency: defaults.REFRESH_CONCURRENCY,
  seed: 1,
};

/** The scenario cannot be simulated. Lists every problem. */
export class ScenarioError extends Error {
  override readonly name = "ScenarioError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`This cannot be simulated:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}

/**
 * Checks a scenario and gives the schedule that it runs by.
 *
 * @throws {ScenarioError} when it makes no sense.
 * @throws {ConfigError} when the schedule could not survive seven days of outage: no process would start with it.
 */
export function checkScenario(scenario: Scenario): RefreshSchedule {
  const { cron, leadDays } = scenario;
  const periodMs = longestPeriodMs(cron);
  const problems = problemsOf(scenario);
  if (periodMs === null) problems.push(`"${cron}" is not a cron expression that ever runs`);
  if (problems.length > 0 || periodMs === null) throw new ScenarioError(problems);
  const urgentMs = defaults.REFRESH_URGENT_DAYS * DAY_MS;
  const schedule = { leadMs: leadDays * DAY_MS, urgentMs, periodMs };
  const survivedMs = outageSurvivedMs(schedule);
  if (survivedMs < REQUIRED_OUTAGE_MS) {
    throw new ConfigError([
      `a lead of ${leadDays} days less the longest gap of "${cron}" (${inDays(periodMs)}) leaves ${inDays(survivedMs)}: ` +
        "a schedule must survive an outage of 7 days. Raise the lead or sweep more often",
    ]);
  }
  return schedule;
}

function problemsOf({ outages, ...scenario }: Scenario): string[] {
  const problems: string[] = [];
  const whole = (name: string, value: number, least: number, most: number): void => {
    const isFine = Number.isInteger(value) && value >= least && value <= most;
    if (!isFine) problems.push(`${name} has to be a whole number from ${least} to ${most}`);
  };
  const share = (name: string, value: number): void => {
    if (!(value >= 0 && value < 1)) problems.push(`${name} has to be a share from 0 to less than 1`);
  };
  whole("the number of connections", scenario.connections, 1, 1_000_000);
  whole("the number of days", scenario.days, 2, 3_650);
  share("what is missed of the scheduled runs", scenario.missedShare);
  share("what fails of the calls", scenario.errorShare);
  whole("the lead in days", scenario.leadDays, 1, 58);
  whole("the concurrency", scenario.concurrency, 1, 1_024);
  whole("the seed", scenario.seed, 0, 2 ** 32 - 1);
  let endDay = 0;
  for (const { startDay, days } of outages.toSorted((a, b) => a.startDay - b.startDay)) {
    if (!(days > 0 && startDay >= 1 && startDay < scenario.days)) {
      problems.push("an outage has to last for a while, and to begin after the first day and before the end");
    } else if (startDay < endDay) problems.push("two outages must not overlap");
    endDay = startDay + days;
  }
  return problems;
}

function inDays(durationMs: number): string {
  return `${(durationMs / DAY_MS).toFixed(2)} days`;
}
