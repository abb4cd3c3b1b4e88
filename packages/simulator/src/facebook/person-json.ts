import { onlyKnown } from "../control/input.ts";
import { SimulatorError } from "../simulator-error.ts";
import type {
  FacebookPage,
  FacebookPerson,
  NewFacebookPage,
  NewFacebookPerson,
  PagePortfolio,
} from "./person.ts";

const APP_ROLES: readonly unknown[] = ["administrators", "developers", "testers", null];
const TASKS: readonly unknown[] = [
  "MANAGE",
  "CREATE_CONTENT",
  "MODERATE",
  "MESSAGING",
  "ADVERTISE",
  "ANALYZE",
] satisfies FacebookPage["tasks"];

type Checks<Shape> = Record<keyof Shape, (value: unknown) => boolean>;

const isText = (value: unknown): value is string => typeof value === "string";
const isInstant = (value: unknown) => isText(value) && !Number.isNaN(Date.parse(value));

const PORTFOLIO: Checks<PagePortfolio> = {
  id: isText,
  name: isText,
  relation: (value) => ["owned", "client"].includes(String(value)),
  role: (value) => ["assigned", "member", "none"].includes(String(value)),
};

const PAGE: Checks<FacebookPage> = {
  id: isText,
  name: isText,
  tasks: (value) => Array.isArray(value) && value.every((task) => TASKS.includes(task)),
  instagramUser: (value) => value === null || isText(value),
  portfolio: (value) => value === null || isWhole(value, PORTFOLIO),
};

const PERSON: Checks<FacebookPerson> = {
  key: isText,
  name: isText,
  appScopedId: isText,
  systemUserId: isText,
  appRole: (value) => APP_ROLES.includes(value),
  isCheckpointed: (value) => typeof value === "boolean",
  passwordChangedAt: (value) => value === null || isInstant(value),
  pages: (value) => Array.isArray(value),
  part: isText,
};

/**
 * Reads a Facebook person to add from JSON, where `passwordChangedAt` is ISO text.
 *
 * @throws {SimulatorError} `invalid_input` for unknown names and for values a person cannot have.
 */
export function readNewFacebookPerson(value: unknown): NewFacebookPerson {
  const body = objectOf(value, "A person");
  onlyKnown(body, ...Object.keys(PERSON), "variant");
  checkGiven(body, { ...PERSON, variant: isText }, "person");
  const { pages, passwordChangedAt, ...rest } = body as NewFacebookPerson;
  return {
    ...rest,
    ...(pages === undefined ? {} : { pages: pages.map((page) => readNewFacebookPage(page)) }),
    ...(passwordChangedAt === undefined
      ? {}
      : { passwordChangedAt: passwordChangedAt === null ? null : new Date(passwordChangedAt) }),
  };
}

/** @throws {SimulatorError} `invalid_input` for unknown names and for values a Page cannot have. */
export function readNewFacebookPage(value: unknown): NewFacebookPage {
  const body = objectOf(value, "A Page");
  onlyKnown(body, ...Object.keys(PAGE));
  checkGiven(body, PAGE, "Page");
  return body;
}

/** @throws {SimulatorError} `invalid_input` for anything that is no list of tasks. */
export function readTasks(value: unknown): FacebookPage["tasks"] {
  checkGiven({ tasks: value }, PAGE, "Page");
  return value as FacebookPage["tasks"];
}

/**
 * Reads a whole person from JSON: nothing may be missing.
 *
 * @throws {SimulatorError} `invalid_input` as `readNewFacebookPerson`, and naming the first field that is not there.
 */
export function readFacebookPerson(body: Record<string, unknown>): FacebookPerson {
  requireAll(body, PERSON, "person");
  const { variant, ...person } = readNewFacebookPerson(body);
  if (variant !== undefined) throw new SimulatorError("invalid_input", 'A person here has no "variant".');
  for (const page of person.pages ?? []) requireAll({ ...page }, PAGE, "Page");
  return person as FacebookPerson;
}

function isWhole(value: unknown, checks: Record<string, (value: unknown) => boolean>): boolean {
  if (typeof value !== "object" || value === null) return false;
  const given: Record<string, unknown> = { ...value };
  const names = Object.keys(checks);
  return (
    Object.keys(given).every((name) => names.includes(name)) &&
    names.every((name) => Object.hasOwn(given, name) && checks[name]?.(given[name]))
  );
}

function objectOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SimulatorError("invalid_input", `${what} has to be a JSON object.`);
  }
  return { ...value };
}

function checkGiven(
  body: Record<string, unknown>,
  checks: Record<string, (value: unknown) => boolean>,
  what: string,
): void {
  for (const [name, value] of Object.entries(body)) {
    if (checks[name]?.(value) !== true) {
      throw new SimulatorError("invalid_input", `"${name}" of a ${what} cannot have this value.`);
    }
  }
}

function requireAll(body: Record<string, unknown>, checks: Record<string, unknown>, what: string): void {
  const missing = Object.keys(checks).find((name) => !Object.hasOwn(body, name));
  if (missing !== undefined) throw new SimulatorError("invalid_input", `A ${what} has no "${missing}".`);
}
