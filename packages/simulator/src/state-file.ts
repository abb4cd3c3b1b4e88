import { renameSync, rmSync, writeFileSync } from "node:fs";
import type { SavedCode } from "./authorization-codes.ts";
import type { ClockState } from "./clock.ts";
import type { FlavourName } from "./endpoint.ts";
import type { SavedPerson } from "./people.ts";
import { readUser } from "./person-json.ts";
import type { SimulatorPolicy } from "./policy.ts";
import { SimulatorError } from "./simulator-error.ts";
import type { IssueSource, SavedIssue, SavedLineage, SavedToken, TokenEnding, TokenKind } from "./tokens.ts";
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
};

/** Counts the changes of the format that an older or younger simulator would misread. */
const VERSION = 1;

/** Puts a world as it stands into words of the state file. An instant that never comes is infinite, and null in JSON. */
export function writeState(world: World, starts: number): string {
  const saved: SavedWorld = {
    starts,
    clock: world.clock.state(),
    policy: world.policy.current,
    people: world.people.export(),
    lineages: world.tokens.export(),
    codes: world.codes.export(),
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
  const file = fieldsOf(rest, "starts", "clock", "policy", "people", "lineages", "codes");
  return {
    starts: countOf(file.starts),
    clock: readClock(file.clock),
    policy: objectOf(file.policy),
    people: listOf(file.people, readPerson),
    lineages: listOf(file.lineages, readLineage),
    codes: listOf(file.codes, readCode),
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

const FLAVOURS: Record<FlavourName, true> = { ig: true, fb: true };
const TOKEN_KINDS: Record<TokenKind, true> = { short_lived: true, long_lived: true };
const SOURCES: Record<IssueSource, true> = { code: true, exchange: true, refresh: true, dashboard: true };

function readLineage(value: unknown): SavedLineage {
  const lineage = fieldsOf(value, "flavour", "appId", "person", "tokens", "issues");
  return {
    flavour: oneOf(lineage.flavour, FLAVOURS),
    appId: textOf(lineage.appId),
    person: textOf(lineage.person),
    tokens: listOf(lineage.tokens, readToken),
    issues: listOf(lineage.issues, readIssue),
  };
}

function readToken(value: unknown): SavedToken {
  const token = fieldsOf(value, "value", "kind", "permissions", "replacedAtMs", "ending");
  return {
    value: textOf(token.value),
    kind: oneOf(token.kind, TOKEN_KINDS),
    permissions: listOf(token.permissions, textOf),
    replacedAtMs: instantOf(token.replacedAtMs),
    ending: token.ending === null ? null : readEnding(token.ending),
  };
}

function readEnding(value: unknown): TokenEnding {
  const ending = fieldsOf(value, "subcode", "reason");
  return {
    subcode: ending.subcode === null ? null : numberOf(ending.subcode),
    reason: textOf(ending.reason),
  };
}

function readIssue(value: unknown): SavedIssue {
  const issue = fieldsOf(value, "token", "source", "issuedAtMs", "expiresAtMs");
  return {
    token: countOf(issue.token),
    source: oneOf(issue.source, SOURCES),
    issuedAtMs: numberOf(issue.issuedAtMs),
    expiresAtMs: instantOf(issue.expiresAtMs),
  };
}

function readCode(value: unknown): SavedCode {
  const code = fieldsOf(
    value,
    "value",
    "flavour",
    "clientId",
    "redirectUri",
    "person",
    "permissions",
    "issuedAtMs",
    "isUsed",
  );
  return {
    value: textOf(code.value),
    flavour: oneOf(code.flavour, FLAVOURS),
    clientId: textOf(code.clientId),
    redirectUri: textOf(code.redirectUri),
    person: textOf(code.person),
    permissions: listOf(code.permissions, textOf),
    issuedAtMs: numberOf(code.issuedAtMs),
    isUsed: flagOf(code.isUsed),
  };
}

function malformed(): SimulatorError {
  return new SimulatorError("invalid_input", "It does not hold what the simulator writes.");
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed();
  return { ...value };
}

/** An object with exactly these fields. */
function fieldsOf<const Name extends string>(value: unknown, ...names: Name[]): Record<Name, unknown> {
  const given = objectOf(value);
  const isExact = names.every((name) => Object.hasOwn(given, name));
  if (!isExact || Object.keys(given).length !== names.length) throw malformed();
  return given;
}

function listOf<Item>(value: unknown, readItem: (item: unknown) => Item): Item[] {
  if (!Array.isArray(value)) throw malformed();
  return value.map((item) => readItem(item));
}

function textOf(value: unknown): string {
  if (typeof value !== "string") throw malformed();
  return value;
}

function flagOf(value: unknown): boolean {
  if (typeof value !== "boolean") throw malformed();
  return value;
}

function numberOf(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw malformed();
  return value;
}

function countOf(value: unknown): number {
  const count = numberOf(value);
  if (!Number.isSafeInteger(count) || count < 0) throw malformed();
  return count;
}

function instantOf(value: unknown): number {
  return value === null ? Number.POSITIVE_INFINITY : numberOf(value);
}

function oneOf<Name extends string>(value: unknown, names: Record<Name, true>): Name {
  const text = textOf(value);
  if (!Object.hasOwn(names, text)) throw malformed();
  return text as Name;
}
