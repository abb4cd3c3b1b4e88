import { SimulatorError } from "../simulator-error.ts";

/**
 * Reads a control body: a JSON object, or nothing at all.
 *
 * @throws {SimulatorError} `invalid_input` for anything else.
 */
export function readObject(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch (cause) {
    throw new SimulatorError("invalid_input", "The body is not JSON.", { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SimulatorError("invalid_input", "The body has to be a JSON object.");
  }
  return value as Record<string, unknown>;
}

/** Throws for fields that nobody reads: a misspelt switch has to be noticed. */
export function onlyKnown(body: Record<string, unknown>, ...known: string[]): void {
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new SimulatorError("invalid_input", `There is no "${unknown}" here; there are: ${known.join(", ")}.`);
}

export function textOf(body: Record<string, unknown>, name: string): string {
  const value = body[name];
  if (typeof value !== "string") throw new SimulatorError("invalid_input", `"${name}" has to be a text.`);
  return value;
}

export function textsOf(body: Record<string, unknown>, name: string): string[] {
  const value = body[name];
  const isTexts = Array.isArray(value) && value.every((one) => typeof one === "string");
  if (!isTexts) throw new SimulatorError("invalid_input", `"${name}" has to be a list of texts.`);
  return value;
}

export function numberOf(body: Record<string, unknown>, name: string): number | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new SimulatorError("invalid_input", `"${name}" has to be a number.`);
  }
  return value;
}

export function oneOf<const Name extends string>(
  body: Record<string, unknown>,
  name: string,
  names: readonly Name[],
): Name | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  const found = names.find((one) => one === value);
  if (found === undefined) {
    throw new SimulatorError("invalid_input", `"${name}" has to be one of ${names.join(", ")}.`);
  }
  return found;
}

/** The subcode a token is to end with: a number, null for none, absent for the usual one. */
export function subcodeOf(body: Record<string, unknown>): { subcode?: number | null } {
  const { subcode } = body;
  if (subcode === undefined) return {};
  if (subcode !== null && typeof subcode !== "number") {
    throw new SimulatorError("invalid_input", '"subcode" has to be a number or null.');
  }
  return { subcode };
}
