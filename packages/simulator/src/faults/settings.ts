import { SimulatorError } from "../simulator-error.ts";

/** Reads a rule's `with`, so that a misspelt or senseless setting is refused when the rule is added. */
export type Settings = {
  number(name: string, fallback: number, range?: { min?: number; max?: number }): number;
  optionalNumber(name: string): number | undefined;
  text(name: string, fallback: string): string;
  optionalText(name: string): string | undefined;
  flag(name: string, fallback: boolean): boolean;
  oneOf<const Name extends string>(name: string, names: readonly Name[], fallback: Name): Name;
  texts(name: string): string[];
  /** Header-like settings: names to texts. */
  record(name: string): Record<string, string>;
  /** Takes every setting as it is. */
  all(): Record<string, unknown>;
  /** @throws {SimulatorError} `invalid_input` naming settings nobody asked for. */
  finish(): void;
};

export function readSettings(action: string, given: Readonly<Record<string, unknown>> = {}): Settings {
  const asked = new Set<string>();
  const wrong = (name: string, expected: string) =>
    new SimulatorError("invalid_input", `"${name}" of a "${action}" rule has to be ${expected}.`);

  function take<Value>(name: string, isFine: (value: unknown) => value is Value, expected: string) {
    asked.add(name);
    const value = given[name];
    if (value === undefined) return undefined;
    if (!isFine(value)) throw wrong(name, expected);
    return value;
  }

  const settings: Settings = {
    number(name, fallback, { min = 0, max = Number.MAX_SAFE_INTEGER } = {}) {
      const value = take(name, isNumber, "a number") ?? fallback;
      if (value < min || value > max) throw wrong(name, `a number from ${min} to ${max}`);
      return value;
    },
    optionalNumber: (name) => take(name, isNumber, "a number"),
    text: (name, fallback) => take(name, isText, "a text") ?? fallback,
    optionalText: (name) => take(name, isText, "a text"),
    flag: (name, fallback) => take(name, isFlag, "true or false") ?? fallback,
    oneOf(name, names, fallback) {
      const value = take(name, isText, "a text") ?? fallback;
      const found = names.find((one) => one === value);
      if (found === undefined) throw wrong(name, `one of ${names.join(", ")}`);
      return found;
    },
    texts(name) {
      const value = take(name, isTextList, "a list of texts");
      if (value === undefined) throw wrong(name, "given");
      return value;
    },
    record: (name) => take(name, isTextRecord, "an object of texts") ?? {},
    all() {
      for (const name of Object.keys(given)) asked.add(name);
      return { ...given };
    },
    finish() {
      const unknown = Object.keys(given).filter((name) => !asked.has(name));
      if (unknown.length > 0) {
        throw new SimulatorError(
          "invalid_input",
          `A "${action}" rule knows no "${unknown.join('", "')}"; it knows: ${[...asked].join(", ") || "nothing"}.`,
        );
      }
    },
  };
  return settings;
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isText = (value: unknown): value is string => typeof value === "string";
const isFlag = (value: unknown): value is boolean => typeof value === "boolean";
const isTextList = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);
const isTextRecord = (value: unknown): value is Record<string, string> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(isText);
