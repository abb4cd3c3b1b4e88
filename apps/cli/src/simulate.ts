import {
  DEFAULT_SCENARIO,
  ScenarioError,
  simulate,
  type Outage,
  type Scenario,
  type SimulationReport,
} from "@perennial/runtime";
import { InvalidArgumentError, Option, type Command } from "commander";

import { EXIT } from "./exit-codes.ts";
import { writeJson, type Output } from "./output.ts";
import { replayFile } from "./replay.ts";
import { describeReplay } from "./replay-lines.ts";
import { describeSimulation, showProgress } from "./simulate-lines.ts";

type AskedOutage = { days: number; startDay: number | null };

type Options = {
  connections: number;
  days: number;
  miss: number;
  outage?: AskedOutage[];
  errors: number;
  cron: string;
  lead: number;
  concurrency: number;
  seed: number;
  replay?: string;
};

/** What makes a scenario, and says nothing about an attempt that is played again. */
const OF_SCENARIO = [
  "connections",
  "days",
  "miss",
  "outage",
  "errors",
  "cron",
  "lead",
  "concurrency",
  "seed",
];

const HELP = `
The policy, the breaker, the back-off and the journal are the real ones, on a SQLite in memory; the clock jumps from
event to event, and Instagram is pretended. Nothing outside is touched. The same seed gives the same figures.

Ends with 0 when no token was lost and nobody was asked to sign in needlessly, else with 1; with 5 when the schedule
could not survive seven days of outage, as every start would.

--replay plays one attempt again that was exported where its failure is shown: the same calls, made to fail alike, in a
simulator of its own. It tells what comes of it by this version, and why. Ends with 0 when it ends as it did, else with 1.

Examples:
  perennial simulate
  perennial simulate --lead 14 --cron "0 3 * * *" --miss 0.5
  perennial simulate --outage 3@40 --outage 20@200 --json
  perennial simulate --outage 0
  perennial simulate --replay sign-in-att_….json`;

/** `perennial simulate`: years of many connections in a minute. */
export function simulateCommand(program: Command, output: Output, finish: (code: number) => void): void {
  const usual = DEFAULT_SCENARIO;
  program
    .command("simulate")
    .description(
      "try a schedule out: a year of many connections with missed runs, errors and outages; or play a failed attempt again",
    )
    .option("--connections <number>", "imported on the first day", number, usual.connections)
    .option("--days <number>", "how long", number, usual.days)
    .option("--miss <share>", "share of the scheduled runs that do not take place", number, usual.missedShare)
    .option(
      "--outage <days[@day]>",
      `length and first day of an outage; again for more, 0 for none (default: ${usual.outageDays}, after a third of the time)`,
      outages,
    )
    .option("--errors <share>", "share of the calls that fail outside of outages", number, usual.errorShare)
    .option("--cron <expression>", "when a worker looks for what is due, by UTC", usual.cron)
    .option("--lead <days>", "due from so many days before expiry", number, usual.leadDays)
    .option("--concurrency <number>", "refreshes under way at once", number, usual.concurrency)
    .option("--seed <number>", "of all that is left to chance", number, usual.seed)
    .addOption(
      new Option(
        "--replay <file>",
        "instead, an exported attempt to play again; - for standard input",
      ).conflicts(OF_SCENARIO),
    )
    .addHelpText("after", HELP)
    .action(async (options: Options, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      if (options.replay !== undefined) {
        const report = await replayFile(options.replay, output);
        if (json === true) writeJson(output, report);
        else output.out.write(describeReplay(report, output.out));
        finish(report.isSame ? EXIT.fine : EXIT.unexpected);
        return;
      }
      const progress = showProgress(output.err);
      try {
        const report = await simulate(scenarioOf(options), progress.show);
        progress.clear();
        if (json === true) writeJson(output, report);
        else output.out.write(describeSimulation(report));
        finish(isWell(report) ? EXIT.fine : EXIT.unexpected);
      } catch (error) {
        progress.clear();
        if (error instanceof ScenarioError) command.error(`error: ${error.message}`);
        throw error;
      }
    });
}

function isWell({ lost, needlessPrompts }: SimulationReport): boolean {
  return lost === 0 && needlessPrompts === 0;
}

function scenarioOf(options: Options): Scenario {
  const { connections, days, cron, concurrency, seed } = options;
  const asked = options.outage ?? [{ days: DEFAULT_SCENARIO.outageDays, startDay: null }];
  const outages: Outage[] = asked
    .filter((outage) => outage.days > 0)
    .map((outage) => ({ days: outage.days, startDay: outage.startDay ?? Math.round(days / 3) }));
  return {
    connections,
    days,
    missedShare: options.miss,
    outages,
    errorShare: options.errors,
    cron,
    leadDays: options.lead,
    concurrency,
    seed,
  };
}

function number(text: string): number {
  if (!/^\d+(?:\.\d+)?$/.test(text))
    throw new InvalidArgumentError("It has to be a number, such as 20 or 0.2.");
  return Number(text);
}

function outages(text: string, before: AskedOutage[] = []): AskedOutage[] {
  const [, days, startDay] = /^(\d+(?:\.\d+)?)(?:@(\d+(?:\.\d+)?))?$/.exec(text) ?? [];
  if (days === undefined)
    throw new InvalidArgumentError("It has to be days, or days@first day, such as 20@100.");
  return [...before, { days: Number(days), startDay: startDay === undefined ? null : Number(startDay) }];
}
