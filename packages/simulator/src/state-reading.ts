import { SimulatorError } from "./simulator-error.ts";

function malformed(): SimulatorError {
  return new SimulatorError("invalid_input", "It does not hold what the simulator writes.");
}

/** A JSON object. */
export function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed();
  return { ...value };
}

/** An object with exactly these fields. */
export function fieldsOf<const Name extends string>(value: unknown, ...names: Name[]): Record<Name, unknown> {
  const given = objectOf(value);
  const isExact = names.every((name) => Object.hasOwn(given, name));
  if (!isExact || Object.keys(given).length !== names.length) throw malformed();
  return given;
}

/** A list, each item read in turn. */
export function listOf<Item>(value: unknown, readItem: (item: unknown) => Item): Item[] {
  if (!Array.isArray(value)) throw malformed();
  return value.map((item) => readItem(item));
}

/** A text. */
export function textOf(value: unknown): string {
  if (typeof value !== "string") throw malformed();
  return value;
}

/** True or false. */
export function flagOf(value: unknown): boolean {
  if (typeof value !== "boolean") throw malformed();
  return value;
}

/** A finite number. */
export function numberOf(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw malformed();
  return value;
}

/** A whole number from 0 up. */
export function countOf(value: unknown): number {
  const count = numberOf(value);
  if (!Number.isSafeInteger(count) || count < 0) throw malformed();
  return count;
}

/** Virtual milliseconds; null is an instant that never comes. */
export function instantOf(value: unknown): number {
  return value === null ? Number.POSITIVE_INFINITY : numberOf(value);
}

/** One of the names. */
export function oneOf<Name extends string>(value: unknown, names: Record<Name, true>): Name {
  const text = textOf(value);
  if (!Object.hasOwn(names, text)) throw malformed();
  return text as Name;
}
