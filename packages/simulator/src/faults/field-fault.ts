import type { FaultEffect } from "./effect.ts";
import type { Settings } from "./settings.ts";
import { SimulatorError } from "../simulator-error.ts";

type Entry = [name: string, json: string];

/**
 * F20, F21, F34: changes fields of the true answer, wherever they live: in `error`, in `data[0]` or at the top.
 * `$remove` lists fields to leave out; `$raw` gives JSON text as it shall stand, for numbers above 2^53.
 */
export function field(settings: Settings): FaultEffect {
  const { $remove: remove = [], $raw: raw = {}, ...plain } = settings.all();
  if (!Array.isArray(remove))
    throw new SimulatorError("invalid_input", '"$remove" has to be a list of field names.');
  if (typeof raw !== "object" || raw === null) {
    throw new SimulatorError("invalid_input", '"$raw" has to be an object of JSON texts.');
  }
  const changes = new Map<string, string>();
  for (const [name, value] of Object.entries(plain)) changes.set(name, JSON.stringify(value));
  for (const [name, value] of Object.entries(raw)) changes.set(name, String(value));
  return {
    rewrite: (reply) => ({ ...reply, body: changeFields(String(reply.body), changes, remove.map(String)) }),
  };
}

/** Changes an answer's fields without parsing numbers, so that no id loses a digit. */
export function changeFields(
  body: string,
  changes: ReadonlyMap<string, string>,
  remove: readonly string[],
): string {
  const entries = splitObject(body);
  if (entries === undefined) return body;
  for (const wrapper of ["error", "data"]) {
    const wrapped = entries.find(([name]) => name === wrapper);
    const inner = wrapped === undefined ? undefined : unwrap(wrapped[1]);
    if (wrapped === undefined || inner === undefined) continue;
    wrapped[1] = wrapped[1].replace(inner, () => changeFields(inner, changes, remove));
    return joinObject(entries);
  }
  const kept = entries.filter(([name]) => !remove.includes(name));
  for (const [name, json] of changes) {
    const entry = kept.find(([known]) => known === name);
    if (entry === undefined) kept.push([name, json]);
    else entry[1] = json;
  }
  return joinObject(kept);
}

/** The object inside `{…}` or `[{…}]`. */
function unwrap(json: string): string | undefined {
  const start = json.indexOf("{");
  if (start === -1 || start > 1) return undefined;
  return json.slice(start, endOfValue(json, start));
}

function joinObject(entries: readonly Entry[]): string {
  return `{${entries.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(",")}}`;
}

/** Splits the text of a JSON object into its fields, each value still text; undefined for any other JSON. */
function splitObject(json: string): Entry[] | undefined {
  if (!json.startsWith("{")) return undefined;
  const entries: Entry[] = [];
  let at = 1;
  while (at < json.length && json[at] !== "}") {
    const nameEnd = endOfValue(json, at);
    const valueEnd = endOfValue(json, nameEnd + 1);
    entries.push([String(JSON.parse(json.slice(at, nameEnd))), json.slice(nameEnd + 1, valueEnd)]);
    at = json[valueEnd] === "," ? valueEnd + 1 : valueEnd;
  }
  return entries;
}

/** Where the value that starts here ends. Reads only what the simulator wrote: JSON without white space. */
function endOfValue(json: string, start: number): number {
  let depth = 0;
  let isInText = false;
  for (let at = start; at < json.length; at++) {
    const letter = json[at];
    if (isInText) {
      if (letter === "\\") at++;
      else if (letter === '"') isInText = false;
      if (!isInText && depth === 0) return at + 1;
    } else if (letter === '"') isInText = true;
    else if (letter === "{" || letter === "[") depth++;
    else if (letter === "}" || letter === "]") {
      if (depth === 0) return at;
      depth--;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (letter === "," || letter === ":")) return at;
  }
  return json.length;
}
