import {
  diagnose,
  loadEnvironment,
  type Check,
  type CheckLevel,
  type DashboardStep,
  type DoctorReport,
} from "@perennial/runtime";
import type { Command } from "commander";
import type { Writable } from "node:stream";

import { coloured, type Colour } from "./colour.ts";
import { EXIT } from "./exit-codes.ts";
import { examples } from "./help-text.ts";
import { writeJson, type Output } from "./output.ts";

const EXPLANATION = `Looks at the settings and secrets, the files that git tracks, the database, the keys, Meta's answer to the app's id and
secret, hosts, versions and scopes, the clock, the redirect addresses, the site and its callbacks, the schedule, the
workers and the connections, and lists what only a person can see to in Meta's dashboards. It opens the database as every
start does, calls Meta once or twice for each app, and sends the site's callbacks a request that they have to refuse.
Ends with 5 when something does not work (red), with 4 when something could not be checked, else with 0.`;

const MARKS: Readonly<Record<CheckLevel, { word: string; colour: Colour }>> = {
  green: { word: "✓ ok", colour: "green" },
  amber: { word: "! look", colour: "yellow" },
  red: { word: "✗ FAULT", colour: "red" },
  unchecked: { word: "? unknown", colour: "blue" },
};

/** `perennial doctor`: what is wrong with this installation, and what helps. */
export function doctorCommand(program: Command, output: Output, finish: (code: number) => void): void {
  program
    .command("doctor")
    .description("find out what is wrong with this installation, and what helps")
    .addHelpText("after", examples(["perennial doctor", "perennial doctor --json"], EXPLANATION))
    .action(async (_options, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      const report = await diagnose(output.environment ?? loadEnvironment());
      if (json === true) writeJson(output, report);
      else output.out.write(describe(report.checks, output.out) + summary(report.checks) + listSteps(report));
      finish(exitCode(report.checks));
    });
}

function exitCode(checks: readonly Check[]): number {
  if (checks.some(({ level }) => level === "red")) return EXIT.configuration;
  return checks.some(({ level }) => level === "unchecked") ? EXIT.temporary : EXIT.fine;
}

function describe(checks: readonly Check[], out: Writable): string {
  const wordWidth = Math.max(...Object.values(MARKS).map(({ word }) => word.length));
  const groupWidth = Math.max(...checks.map(({ group }) => group.length));
  return checks
    .map(({ level, group, message, cure }) => {
      const { word, colour } = MARKS[level];
      const mark = coloured(out, colour, word.padEnd(wordWidth));
      const indent = " ".repeat(wordWidth + groupWidth + 4);
      return `${mark}  ${group.padEnd(groupWidth)}  ${message}\n${cure === null ? "" : `${indent}${cure}\n`}`;
    })
    .join("");
}

/** The same in a line, as the list below is long. */
function summary(checks: readonly Check[]): string {
  const count = (level: CheckLevel): number => checks.filter((check) => check.level === level).length;
  const parts = [
    `${count("green")} of ${checks.length} as they should be`,
    ...(count("red") === 0 ? [] : [`${count("red")} at fault`]),
    ...(count("amber") === 0 ? [] : [`${count("amber")} to look at`]),
    ...(count("unchecked") === 0 ? [] : [`${count("unchecked")} not checked`]),
  ];
  return `\n${parts.join(", ")}.\n`;
}

/** What is left to a person, to tick off. */
function listSteps({ steps, isSimulated }: DoctorReport): string {
  if (steps.length === 0) return "";
  const heading = isSimulated
    ? "In Meta's dashboards, once an app of your own takes the simulator's place:"
    : "In Meta's dashboards, which no program can look into:";
  return `\n${heading}\n${steps.map(describeStep).join("")}`;
}

function describeStep({ flavour, place, task, reason, copy }: DashboardStep): string {
  const lines = [task, ...(copy === null ? [] : [`  ${copy}`]), `Otherwise: ${reason}`];
  const indent = " ".repeat(6);
  return `\n  [ ] ${flavour}  ${place}\n${lines.map((line) => `${indent}${line}\n`).join("")}`;
}
