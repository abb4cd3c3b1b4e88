import { renameSync, rmSync, writeFileSync } from "node:fs";
import type { SavedCode } from "./authorization-codes.ts";
import type { ClockState } from "./clock.ts";
import { readFacebook, saveFacebook, type SavedFacebook } from "./facebook/saved-facebook.ts";
import type { SavedPerson } from "./people.ts";
import { readUser } from "./person-json.ts";
import type { SimulatorPolicy } from "./policy.ts";
import { readCode, readLineage } from "./read-saved-tokens.ts";
import type { SavedLineage } from "./saved-tokens.ts";
import { SimulatorError } from "./simulator-error.ts";
import { countOf, fieldsOf, flagOf, listOf, numberOf, objectOf } from "./state-reading.ts";
import type { World } from "./world.ts";

/** What outlives a simulator. Ledger, rules, gates and traffic do not. */
export type SavedWorld = {
  /** How many simulators lived in this world so far; keeps the strings of each apart. */
  starts: number;
  clock: ClockState;
  policy: Partial<SimulatorPolicy>;
  people: SavedPerson[];
  lineages: SavedLineage[];
  codes: SavedCode[];
  facebook: SavedFacebook;
};

/** Counts the changes of the format that an older or younger simulator would misread. */
const VERSION = 2;

/** Puts a world as it stands into words of the state file. An instant that never comes is infinite, and null in JSON. */
export function writeState(world: World, starts: number): string {
  const saved: SavedWorld = {
    starts,
    clock: world.clock.state(),
    policy: world.policy.current,
    people: world.people.export(),
    lineages: world.tokens.export(),
    codes: world.codes.export(),
    facebook: saveFacebook(world.facebook),
  };
  return JSON.stringify({ version: VERSION, ...saved });
}

/**
 * Reads what `writeState` wrote, strictly: nothing may be missing, unknown or of another kind. Whether policy, people,
 * tokens and codes make sense together shows when a world is made of them.
 *
 * @throws {SimulatorError} `invalid_input` saying in a sentence what is wrong; it repeats nothing of the text.
 */
export function readState(text: string): SavedWorld {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new SimulatorError("invalid_input", "It is not JSON."); // the cause would quote the text
  }
  const { version, ...rest } = objectOf(json);
  if (version !== VERSION) {
    throw new SimulatorError("invalid_input", "It was written by another version of the simulator.");
  }
  const file = fieldsOf(rest, "starts", "clock", "policy", "people", "lineages", "codes", "facebook");
  return {
    starts: countOf(file.starts),
    clock: readClock(file.clock),
    policy: objectOf(file.policy),
    people: listOf(file.people, readPerson),
    lineages: listOf(file.lineages, readLineage),
    codes: listOf(file.codes, readCode),
    facebook: readFacebook(file.facebook),
  };
}

/** Writes a file that is whole at any instant, even when the process dies meanwhile. Only its owner may read it. */
export function replaceFile(path: string, text: string): void {
  const temporary = `${path}.tmp`;
  rmSync(temporary, { force: true }); // one that a killed process left behind
  writeFileSync(temporary, text, { mode: 0o600, flag: "wx" });
  renameSync(temporary, path);
}

function readClock(value: unknown): ClockState {
  const clock = fieldsOf(value, "nowMs", "offsetMs", "rate");
  return { nowMs: numberOf(clock.nowMs), offsetMs: numberOf(clock.offsetMs), rate: numberOf(clock.rate) };
}

function readPerson(value: unknown): SavedPerson {
  const { isRemoved, ...user } = objectOf(value);
  return { ...readUser(user), isRemoved: flagOf(isRemoved) };
}
