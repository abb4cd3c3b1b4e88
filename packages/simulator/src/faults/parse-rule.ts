import { ENDPOINT_NAMES } from "../endpoint.ts";
import { SimulatorError } from "../simulator-error.ts";
import type { FaultMatch, FaultPoint, FaultRule } from "./rule.ts";

const POINTS: readonly string[] = [...ENDPOINT_NAMES, "any", "tcp"] satisfies FaultPoint[];

const KNOWN: readonly string[] = [
  "id",
  "at",
  "do",
  "with",
  "match",
  "times",
  "p",
  "seed",
  "from_ms",
  "to_ms",
  "cycle",
] satisfies (keyof FaultRule)[];
const KNOWN_MATCHES: readonly string[] = ["user", "flavour", "nth", "code"] satisfies (keyof FaultMatch)[];

/**
 * Checks the shape of a rule that came from outside.
 *
 * @throws {SimulatorError} `invalid_input`, or `not_built` for points that belong to what is not simulated yet.
 */
export function checkRule(rule: FaultRule): void {
  const unknown = Object.keys(rule).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) throw invalid(`knows no "${unknown}"; it knows: ${KNOWN.join(", ")}`);
  if (typeof rule.at !== "string" || typeof rule.do !== "string") throw invalid('needs "at" and "do"');
  if ((rule.at as string) === "tls") {
    throw new SimulatorError("not_built", `This simulator has no rules at "${rule.at}".`);
  }
  if (!POINTS.includes(rule.at))
    throw invalid(`cannot stand at "${rule.at}"; points are: ${POINTS.join(", ")}`);
  if (rule.id !== undefined && (typeof rule.id !== "string" || rule.id === ""))
    throw invalid("has a text as id");
  if (rule.with !== undefined && !isObject(rule.with)) throw invalid('has an object as "with"');
  checkWhole("times", rule.times);
  checkAmount("p", rule.p, 1);
  checkAmount("seed", rule.seed);
  checkAmount("from_ms", rule.from_ms);
  checkAmount("to_ms", rule.to_ms);
  if (rule.to_ms !== undefined && rule.to_ms <= (rule.from_ms ?? 0)) throw invalid("ends after it begins");
  if (rule.cycle !== undefined) {
    if (!isObject(rule.cycle)) throw invalid('has an object as "cycle"');
    for (const part of ["bad", "good"] as const) {
      if (rule.cycle[part] === undefined) throw invalid('needs "bad" and "good" in "cycle"');
      checkWhole(part, rule.cycle[part]);
    }
    if (rule.cycle.bad + rule.cycle.good === 0) throw invalid('has at least one request in its "cycle"');
  }
  checkMatch(rule.match);
  if (rule.at === "tcp") checkTcp(rule);
}

function checkMatch(match: FaultMatch | undefined): void {
  if (match === undefined) return;
  if (!isObject(match)) throw invalid('has an object as "match"');
  const unknown = Object.keys(match).find((name) => !KNOWN_MATCHES.includes(name));
  if (unknown !== undefined)
    throw invalid(`matches no "${unknown}"; it matches: ${KNOWN_MATCHES.join(", ")}`);
  checkWhole("nth", match.nth, 1);
}

/** The sockets know no requests; which host's goes down can be told all the same. */
function checkTcp(rule: FaultRule): void {
  if (rule.do !== "tcp_refuse") throw invalid('at "tcp" can only do "tcp_refuse"');
  const { flavour, ...rest } = rule.match ?? {};
  if (flavour !== undefined && !["ig", "fb"].includes(flavour)) {
    throw invalid('at "tcp" takes "ig" or "fb" as "flavour"');
  }
  const { times, p, cycle } = rule;
  for (const [name, value] of Object.entries({ ...rest, times, p, cycle })) {
    if (value !== undefined) throw invalid(`at "tcp" has no requests to choose from, so no "${name}"`);
  }
}

function checkAmount(name: string, value: number | undefined, max = Number.MAX_SAFE_INTEGER): void {
  if (value === undefined) return;
  if (typeof value !== "number" || !(value >= 0 && value <= max)) {
    throw invalid(`has a number from 0 to ${max} as "${name}"`);
  }
}

function checkWhole(name: string, value: number | undefined, min = 0): void {
  if (value !== undefined && (!Number.isSafeInteger(value) || value < min)) {
    throw invalid(`has a whole number from ${min} up as "${name}"`);
  }
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(what: string): SimulatorError {
  return new SimulatorError("invalid_input", `A fault rule ${what}.`);
}
