import type { World } from "../world.ts";
import type { Consent } from "./consents.ts";
import type { FacebookPerson } from "./person.ts";
import { PUBLIC_PROFILE } from "./scopes.ts";

/** A person's answer in the dialog. */
export type ConsentAnswer = {
  /** The scopes the person was asked for. */
  asked: readonly string[];
  /** Those among them that were left ticked. */
  ticked: readonly string[];
  pageIds: readonly string[];
};

/**
 * Writes down what a person lets an app do from now on: what was granted before and not asked about stays granted, and
 * every token of theirs has it. Coming by renews the access to data and clears a checkpoint.
 */
export function giveConsent(
  world: World,
  person: FacebookPerson,
  appId: string,
  { asked, ticked, pageIds }: ConsentAnswer,
): Consent {
  const { people, consents, tokens } = world.facebook;
  const before = consents.find(person, appId);
  const granted = new Set([PUBLIC_PROFILE, ...(before?.granted ?? [])]);
  const declined = new Set(before?.declined);
  for (const scope of asked) {
    if (scope === PUBLIC_PROFILE) continue;
    const [to, from] = ticked.includes(scope) ? [granted, declined] : [declined, granted];
    from.delete(scope);
    to.add(scope);
  }
  const consent: Consent = {
    granted: [...granted],
    declined: [...declined],
    pageIds: person.pages.map(({ id }) => id).filter((id) => pageIds.includes(id)),
    dataAccessEndsAtMs: world.clock.nowMs() + world.policy.current.fb_data_access_s * 1000,
  };
  consents.give(person, appId, consent);
  tokens.regrantAll(appId, person, consent.granted);
  if (person.isCheckpointed) people.change(person.key, { isCheckpointed: false });
  return consent;
}
