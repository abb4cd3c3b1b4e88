import { createAuthorizationCodes, type AuthorizationCodes } from "../authorization-codes.ts";
import type { RedirectList } from "../meta/redirect-list.ts";
import type { Random } from "../random.ts";
import type { TokenEnding, TokenRecord } from "../token-record.ts";
import { createTokenStore, type TokenStore } from "../tokens.ts";
import type { AppCredentials } from "../world.ts";
import { createConsents, type Consents } from "./consents.ts";
import { createFacebookPeople, type FacebookPeople } from "./people.ts";
import type { FacebookPerson, NewFacebookPerson } from "./person.ts";

/** What there is at Facebook. */
export type FacebookWorld = {
  readonly app: AppCredentials;
  /** An app that is none of ours. */
  readonly foreignApp: AppCredentials;
  readonly redirects: RedirectList;
  readonly people: FacebookPeople;
  readonly consents: Consents;
  readonly tokens: TokenStore<FacebookPerson>;
  readonly codes: AuthorizationCodes<FacebookPerson>;
};

type FacebookParts = {
  app: AppCredentials;
  foreignApp: AppCredentials;
  redirects: RedirectList;
  random: Random;
  people: readonly NewFacebookPerson[];
  /** Called after every change of what a saved world holds. */
  changed: () => void;
};

export function createFacebookWorld(parts: FacebookParts): FacebookWorld {
  const { app, foreignApp, redirects, random, changed } = parts;
  const consents = createConsents(changed);
  return {
    app,
    foreignApp,
    redirects,
    people: createFacebookPeople(random, parts.people, changed),
    consents,
    tokens: createTokenStore<FacebookPerson>({
      flavour: "fb",
      random,
      changed,
      whyStopped: (token, nowMs) => whyStopped(consents, token, nowMs),
    }),
    codes: createAuthorizationCodes<FacebookPerson>(random, changed),
  };
}

/** A checkpoint and the end of data access stop tokens without ending them: both can pass. */
function whyStopped(
  consents: Consents,
  token: TokenRecord<FacebookPerson>,
  nowMs: number,
): TokenEnding | undefined {
  if (token.kind === "system_user") return undefined;
  const { user, appId } = token.lineage;
  if (user.isCheckpointed) return { subcode: 459, reason: "checkpoint" };
  const consent = consents.find(user, appId);
  if (consent === undefined || nowMs < consent.dataAccessEndsAtMs) return undefined;
  return { subcode: 493, reason: "data_access_ended" };
}
