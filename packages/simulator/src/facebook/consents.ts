import { SimulatorError } from "../simulator-error.ts";
import type { FacebookPerson } from "./person.ts";

/** What a person lets one app do: live, so that a later answer in the dialog changes it for every token. */
export type Consent = {
  granted: readonly string[];
  /** Scopes that were asked for and refused; not asked for again unless the app insists. */
  declined: readonly string[];
  /** Ids of the Pages the person shares with the app. */
  pageIds: readonly string[];
  /** When the app may no longer read the person's data, unless they come back; virtual milliseconds. */
  dataAccessEndsAtMs: number;
};

/** A consent as the state file holds it, with the person's app-scoped id. */
export type SavedConsent = Consent & { person: string; appId: string };

export type Consents = {
  find(person: FacebookPerson, appId: string): Consent | undefined;
  /** Puts a consent in place of what a person let an app do so far. */
  give(person: FacebookPerson, appId: string, consent: Consent): void;
  /** Moves permissions from granted to declined, at every app. */
  decline(person: FacebookPerson, permissions: readonly string[]): void;
  /** Ends access to data at every app. */
  endDataAccess(person: FacebookPerson, nowMs: number): void;
  /** The person's settings forget the app. */
  forget(person: FacebookPerson, appId: string): void;
  export(): SavedConsent[];
  /** @throws {SimulatorError} `invalid_input` when a consent comes twice. */
  restore(saved: readonly SavedConsent[], findPerson: (appScopedId: string) => FacebookPerson): void;
};

/** `changed` is called after every change. */
export function createConsents(changed: () => void): Consents {
  const byPerson = new Map<FacebookPerson, Map<string, Consent>>();

  function give(person: FacebookPerson, appId: string, consent: Consent): void {
    const ofPerson = byPerson.get(person) ?? new Map<string, Consent>();
    byPerson.set(person, ofPerson);
    ofPerson.set(appId, consent);
  }

  function change(person: FacebookPerson, next: (consent: Consent) => Consent): void {
    for (const [appId, consent] of byPerson.get(person) ?? []) give(person, appId, next(consent));
    changed();
  }

  return {
    find: (person, appId) => byPerson.get(person)?.get(appId),
    give(person, appId, consent) {
      give(person, appId, consent);
      changed();
    },
    decline(person, permissions) {
      change(person, (consent) => ({
        ...consent,
        granted: consent.granted.filter((one) => !permissions.includes(one)),
        declined: [
          ...consent.declined,
          ...permissions.filter((one) => consent.granted.includes(one) && !consent.declined.includes(one)),
        ],
      }));
    },
    endDataAccess(person, nowMs) {
      change(person, (consent) => ({
        ...consent,
        dataAccessEndsAtMs: Math.min(consent.dataAccessEndsAtMs, nowMs),
      }));
    },
    forget(person, appId) {
      byPerson.get(person)?.delete(appId);
      changed();
    },
    export: () =>
      [...byPerson].flatMap(([person, ofPerson]) =>
        Array.from(ofPerson, ([appId, consent]) => ({ ...consent, appId, person: person.appScopedId })),
      ),
    restore(saved, findPerson) {
      for (const { person, appId, ...consent } of saved) {
        const found = findPerson(person);
        if (byPerson.get(found)?.has(appId) === true) {
          throw new SimulatorError("invalid_input", "A consent is there twice.");
        }
        give(found, appId, consent);
      }
    },
  };
}
