import { readFile } from "node:fs/promises";
import type { ClockSettings } from "./clock.ts";
import { readNewFacebookPerson } from "./facebook/person-json.ts";
import type { NewFacebookPerson } from "./facebook/person.ts";
import type { FaultRule } from "./faults/rule.ts";
import type { Gate } from "./gates.ts";
import type { NewSimulatedUser } from "./people.ts";
import { readNewUser } from "./person-json.ts";
import type { SimulatorPolicy } from "./policy.ts";
import { SimulatorError } from "./simulator-error.ts";

/**
 * What a simulator starts with, for runs without a controller. Rules keep time from the start on. A `SIM_SCENARIO`
 * file holds this as JSON, or just a list of rules.
 */
export type Scenario = {
  policy?: Partial<SimulatorPolicy>;
  clock?: { offset_ms?: number; rate?: number };
  /** People in addition to the cast. */
  users?: NewSimulatedUser[];
  /** The same at Facebook. */
  facebookPeople?: NewFacebookPerson[];
  faults?: FaultRule[];
  gates?: Gate[];
};

/** A clock setting in the names of the wire. */
export function clockSettings({
  offset_ms: offsetMs,
  rate,
}: {
  offset_ms?: number;
  rate?: number;
}): ClockSettings {
  return { ...(offsetMs === undefined ? {} : { offsetMs }), ...(rate === undefined ? {} : { rate }) };
}

/**
 * Reads a scenario file.
 *
 * @throws {SimulatorError} `invalid_input` when the file cannot be read or is no scenario.
 */
export async function readScenario(path: string): Promise<Scenario> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new SimulatorError("invalid_input", `The scenario file ${path} cannot be read as JSON.`, { cause });
  }
  if (Array.isArray(parsed)) return { faults: parsed as FaultRule[] };
  if (typeof parsed !== "object" || parsed === null) {
    throw new SimulatorError(
      "invalid_input",
      `The scenario file ${path} holds neither an object nor a list of rules.`,
    );
  }
  const known = [
    "policy",
    "clock",
    "users",
    "facebookPeople",
    "faults",
    "gates",
  ] satisfies (keyof Scenario)[];
  const unknown = Object.keys(parsed).find((name) => !known.some((one) => one === name));
  if (unknown !== undefined) {
    throw new SimulatorError("invalid_input", `The scenario file ${path} knows no "${unknown}".`);
  }
  const scenario: Scenario = parsed;
  for (const name of ["users", "facebookPeople"] as const) {
    if (scenario[name] === undefined || Array.isArray(scenario[name])) continue;
    throw new SimulatorError("invalid_input", `The scenario file ${path} needs a list as "${name}".`);
  }
  const { users, facebookPeople } = scenario;
  return {
    ...scenario,
    ...(users === undefined ? {} : { users: users.map((user) => readNewUser(user)) }),
    ...(facebookPeople === undefined
      ? {}
      : { facebookPeople: facebookPeople.map((person) => readNewFacebookPerson(person)) }),
  };
}
