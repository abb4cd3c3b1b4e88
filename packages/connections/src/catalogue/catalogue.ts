import { ERROR_REASONS, type InstagramErrorCode, type InstagramErrorReason } from "@perennial/instagram";

import type { ConnectionErrorCode, OwnErrorCode } from "../errors.ts";
import type { During } from "../cure-of.ts";
import { EXPLANATIONS } from "../explanations.ts";
import type { CatalogueEntry } from "./entry.ts";
import { OF_OWN } from "./own.ts";
import { OF_APP_AND_ACCOUNT, RECONNECT_TICKED } from "./upstream-app.ts";
import { NOTHING_TO_DO, OF_PASSING } from "./upstream-passing.ts";
import { OF_SIGN_IN } from "./upstream-sign-in.ts";
import { IF_NOT_MEANT, OF_TOKEN, RECONNECT, THEN_RECONNECT } from "./upstream-token.ts";

/** An entry for each reason that Meta's answers are told apart by. */
export const CATALOGUE_OF_REASONS: Readonly<Record<InstagramErrorReason, CatalogueEntry>> = {
  ...OF_SIGN_IN,
  ...OF_APP_AND_ACCOUNT,
  ...OF_TOKEN,
  ...OF_PASSING,
};

/**
 * What is known about a failure. Without a reason, of a category of Meta's answers: all that it can come from,
 * the likeliest first.
 */
export function catalogueEntry(
  code: ConnectionErrorCode,
  reason: InstagramErrorReason | null = null,
  during: During = "upkeep",
): CatalogueEntry {
  const entry = isOwn(code)
    ? OF_OWN[code]
    : reason === null
      ? entryOfCategory(code)
      : CATALOGUE_OF_REASONS[reason];
  return during === "upkeep"
    ? entry
    : withSteps(entry, during === "sign_in" ? STEPS_OF_SIGN_IN : STEPS_OF_IMPORT);
}

/** Nobody tries a sign-in or an import again but the person, and there is nothing yet to reconnect. */
function withSteps(entry: CatalogueEntry, others: ReadonlyMap<string, string>): CatalogueEntry {
  const person = entry.steps.person.map((step) => others.get(step) ?? step);
  return { ...entry, steps: { ...entry.steps, person } };
}

const STEPS_OF_SIGN_IN: ReadonlyMap<string, string> = new Map([
  [NOTHING_TO_DO, "Wait a while, then start the sign-in again. Nothing was stored."],
  [RECONNECT, "Start the sign-in again. It takes one click."],
  [IF_NOT_MEANT, "If it was meant, nothing to do. Otherwise start the sign-in again."],
  [THEN_RECONNECT, "Then start the sign-in again."],
  [RECONNECT_TICKED, "Start the sign-in again and leave the permissions ticked."],
]);

const STEPS_OF_IMPORT: ReadonlyMap<string, string> = new Map([
  [NOTHING_TO_DO, "Wait a while, then bring the token again. Nothing was kept."],
  [RECONNECT, "Sign in with the account, or bring a token of it that works."],
  [
    IF_NOT_MEANT,
    "If it was meant, nothing to do. Otherwise: sign in with the account, or bring a token of it that works.",
  ],
  [THEN_RECONNECT, "Then sign in with the account, or bring a token of it that works."],
  [
    RECONNECT_TICKED,
    "Sign in with the account and leave the permissions ticked, or bring a token that has them.",
  ],
]);

function isOwn(code: ConnectionErrorCode): code is OwnErrorCode {
  return Object.hasOwn(OF_OWN, code);
}

function entryOfCategory(code: InstagramErrorCode): CatalogueEntry {
  const [first, ...others] = reasonsOf(code);
  if (first === undefined) throw new Error(`No reason belongs to ${code}.`);
  const usual = CATALOGUE_OF_REASONS[first];
  if (others.length === 0) return usual;
  const entries = [first, ...others].map((reason) => CATALOGUE_OF_REASONS[reason]);
  const stepsFor = (who: keyof CatalogueEntry["steps"]) => [
    ...new Set(entries.flatMap(({ steps }) => steps[who])),
  ];
  return {
    meaning: EXPLANATIONS[code].message,
    endedBy: usual.endedBy,
    causes: [sentence(first), ...others.map(sentence)],
    steps: { person: stepsFor("person"), developer: stepsFor("developer"), operator: stepsFor("operator") },
    link: usual.link,
  };
}

/** In the order of the catalogue, which begins with the likeliest. */
function reasonsOf(code: InstagramErrorCode): InstagramErrorReason[] {
  const reasons = Object.keys(CATALOGUE_OF_REASONS) as InstagramErrorReason[];
  return reasons.filter((reason) => ERROR_REASONS[reason].code === code);
}

function sentence(reason: InstagramErrorReason): string {
  const { meaning } = ERROR_REASONS[reason];
  return `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`;
}
