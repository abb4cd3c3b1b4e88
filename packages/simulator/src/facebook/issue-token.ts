import type { FacebookTokenOptions, IssuedFacebookToken } from "../simulator.ts";
import type { World } from "../world.ts";
import { giveConsent } from "./give-consent.ts";
import { USUAL_SCOPES } from "./scopes.ts";
import { issueUserToken, pageTokenOf } from "./tokens.ts";

/**
 * Issues a token without a login, after the consent that goes with it.
 *
 * @throws {SimulatorError} `unknown_user`, or `invalid_input` for a Page the person does not have.
 */
export function issueFacebookToken(
  world: World,
  key: string,
  options: FacebookTokenOptions = {},
): IssuedFacebookToken {
  const { people, tokens, app, foreignApp } = world.facebook;
  const { kind = "long_lived", permissions = [...USUAL_SCOPES], app: whose = "own" } = options;
  const person = people.get(key);
  const shared = options.pages ?? person.pages.map(({ id }) => id);
  for (const pageId of shared) people.getPage(key, pageId);
  const page = options.page === undefined ? undefined : people.getPage(key, options.page);
  const { clientId } = whose === "own" ? app : foreignApp;
  const answer = { asked: permissions, ticked: permissions, pageIds: shared };
  const { granted } = giveConsent(world, person, clientId, answer);
  const lineage = tokens.lineageOf(clientId, person);
  const held = kind === "system_user" ? granted.filter((scope) => permissions.includes(scope)) : granted;
  const token = issueUserToken(world, lineage, kind, held, "dashboard");
  const given = page === undefined ? token : pageTokenOf(world, token, page);
  return {
    value: given.value,
    issuedAt: new Date(given.issuedAtMs),
    expiresAt: Number.isFinite(given.expiresAtMs) ? new Date(given.expiresAtMs) : null,
  };
}
