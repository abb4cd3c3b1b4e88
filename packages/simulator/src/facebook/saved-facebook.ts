import type { SavedCode } from "../authorization-codes.ts";
import { readCode, readLineage } from "../read-saved-tokens.ts";
import type { SavedLineage } from "../saved-tokens.ts";
import { fieldsOf, flagOf, listOf, numberOf, objectOf, textOf } from "../state-reading.ts";
import type { SavedConsent } from "./consents.ts";
import type { FacebookWorld } from "./facebook-world.ts";
import type { SavedFacebookPerson } from "./people.ts";
import { readFacebookPerson } from "./person-json.ts";

/** What of Facebook outlives a simulator. */
export type SavedFacebook = {
  people: SavedFacebookPerson[];
  consents: SavedConsent[];
  lineages: SavedLineage[];
  codes: SavedCode[];
};

export function saveFacebook({ people, consents, tokens, codes }: FacebookWorld): SavedFacebook {
  return {
    people: people.export(),
    consents: consents.export(),
    lineages: tokens.export(),
    codes: codes.export(),
  };
}

export function readFacebook(value: unknown): SavedFacebook {
  const saved = fieldsOf(value, "people", "consents", "lineages", "codes");
  return {
    people: listOf(saved.people, readPerson),
    consents: listOf(saved.consents, readConsent),
    lineages: listOf(saved.lineages, readLineage),
    codes: listOf(saved.codes, readCode),
  };
}

/** @throws {SimulatorError} when people, consents, tokens and codes make no sense together. */
export function restoreFacebook(facebook: FacebookWorld, saved: SavedFacebook): void {
  const { people, consents, tokens, codes } = facebook;
  people.restore(saved.people);
  consents.restore(saved.consents, people.everKnown);
  tokens.restore(saved.lineages, people.everKnown);
  codes.restore(saved.codes, people.everKnown);
}

function readPerson(value: unknown): SavedFacebookPerson {
  const { isRemoved, ...person } = objectOf(value);
  return { ...readFacebookPerson(person), isRemoved: flagOf(isRemoved) };
}

function readConsent(value: unknown): SavedConsent {
  const consent = fieldsOf(value, "person", "appId", "granted", "declined", "pageIds", "dataAccessEndsAtMs");
  return {
    person: textOf(consent.person),
    appId: textOf(consent.appId),
    granted: listOf(consent.granted, textOf),
    declined: listOf(consent.declined, textOf),
    pageIds: listOf(consent.pageIds, textOf),
    dataAccessEndsAtMs: numberOf(consent.dataAccessEndsAtMs),
  };
}
