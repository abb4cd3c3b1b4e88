import type { Flavour, NewIdentity, SignInAttempt } from "@perennial/db";
import type {
  FacebookLogin,
  FacebookPages,
  InstagramLogin,
  InstagramProfile,
  LongLivedToken,
} from "@perennial/instagram";

import type { ConnectionsDeps } from "./deps.ts";
import { ConnectionError } from "./errors.ts";
import { inStep, type OnStep } from "./sign-in-steps.ts";
import { noteGranted, stepsUnderWay, type AttemptStep } from "./transcript.ts";

/** An account that may be kept, with the token to keep for it. */
export type GrantedAccount = {
  profile: InstagramProfile;
  token: LongLivedToken;
  /** The Facebook Page it is reached through; null for Instagram Login. */
  page: { id: string; name: string } | null;
};

/** What a person granted: who they are, and the accounts their token gives access to. */
export type Grant = {
  flavour: Flavour;
  appId: string;
  identity: NewIdentity;
  startedAt: Date;
  accounts: GrantedAccount[];
  /** Pages that give no account, and why there is none at all. Of Facebook Login. */
  unusable: FacebookPages["unusable"];
  emptyBecause: FacebookPages["emptyBecause"];
  /** The calls it took. */
  steps: readonly AttemptStep[];
};

type Exchange = { attempt: SignInAttempt; code: string; onStep: OnStep };

/** Exchanges a code for everything it gives access to. @throws {ConnectionError} with the step that failed */
export async function exchangeForGrant(deps: ConnectionsDeps, exchange: Exchange): Promise<Grant> {
  const { instagram, facebook } = deps.logins;
  const startedAt = deps.now();
  const { flavour } = exchange.attempt;
  if (flavour === "instagram" && instagram !== undefined)
    return { ...(await ofInstagram(instagram, exchange)), startedAt, steps: [...stepsUnderWay()] };
  if (flavour === "facebook" && facebook !== undefined)
    return { ...(await ofFacebook(facebook, exchange)), startedAt, steps: [...stepsUnderWay()] };
  throw new ConnectionError("flavour_not_configured");
}

/** Two round trips: the code exchange, then everything the short-lived token can fetch side by side. */
async function ofInstagram(
  login: InstagramLogin,
  { attempt, code, onStep }: Exchange,
): Promise<Omit<Grant, "startedAt" | "steps">> {
  const shortLived = await inStep(onStep, "code_accepted", () =>
    login.exchangeCode({ code, redirectUri: attempt.redirectUri }),
  );
  noteGranted(attempt.requestedScopes, shortLived.permissions);
  const [longLived, profile] = await together(
    inStep(onStep, "long_lived_token", () => login.exchangeForLongLivedToken(shortLived)),
    inStep(onStep, "profile", () => eligibleProfile(login, shortLived)),
  );
  const token = { ...longLived, permissions: shortLived.permissions ?? longLived.permissions };
  return {
    flavour: "instagram",
    appId: login.clientId,
    identity: { providerUserId: profile.accountId, appScopedId: profile.appScopedId },
    accounts: [{ profile, token, page: null }],
    unusable: [],
    emptyBecause: null,
  };
}

/** Three round trips: only a long-lived token gives Page tokens that last. */
async function ofFacebook(
  login: FacebookLogin,
  { attempt, code, onStep }: Exchange,
): Promise<Omit<Grant, "startedAt" | "steps">> {
  const shortLived = await inStep(onStep, "code_accepted", () =>
    login.exchangeCode({ code, redirectUri: attempt.redirectUri }),
  );
  const longLived = await inStep(onStep, "long_lived_token", () =>
    login.exchangeForLongLivedToken(shortLived),
  );
  const pages = await inStep(onStep, "profile", () => login.fetchPages(longLived));
  return grantOfPages(login, pages);
}

/** Accounts by their ids. @throws {ConnectionError} `choice_invalid` when there are none, or one is not among them */
export function pickAccounts(
  accounts: readonly GrantedAccount[],
  accountIds: readonly string[],
): GrantedAccount[] {
  const wanted = new Set(accountIds);
  const picked = accounts.filter(({ profile }) => wanted.has(profile.accountId));
  if (picked.length === 0 || picked.length !== wanted.size) throw new ConnectionError("choice_invalid");
  return picked;
}

/** The grant behind the Pages of a Facebook user. */
export function grantOfPages(login: FacebookLogin, pages: FacebookPages): Omit<Grant, "startedAt" | "steps"> {
  const { userId, accounts, unusable, emptyBecause } = pages;
  return {
    flavour: "facebook",
    appId: login.clientId,
    identity: { providerUserId: userId, appScopedId: userId },
    accounts,
    unusable,
    emptyBecause,
  };
}

async function eligibleProfile(login: InstagramLogin, token: { value: string }): Promise<InstagramProfile> {
  const profile = await login.fetchProfile(token);
  if (profile.accountType === "personal")
    throw new ConnectionError("account_not_eligible", { reason: "account_not_professional" });
  return profile;
}

/** Both results, or the first failure once neither call is under way any more. */
async function together<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}
