import type { Flavour } from "@perennial/db";
import {
  InstagramError,
  SHORTEST_CREDIBLE_SECONDS,
  type FacebookLogin,
  type InstagramLogin,
  type LongLivedToken,
} from "@perennial/instagram";

import type { ConnectionsDeps } from "../deps.ts";
import { ConnectionError } from "../errors.ts";
import { connectionErrorOf } from "../errors-of-instagram.ts";
import { grantOfPages, type GrantedAccount } from "../grant.ts";

/** A token that was recognised: its flavour and app, and the accounts it reaches, each with the token to keep. */
export type Recognised = {
  flavour: Flavour;
  appId: string;
  startedAt: Date;
  accounts: GrantedAccount[];
  expiryBasis: ExpiryBasis;
};

/** Where an expiry comes from: the provider, whoever brought the token, or our own careful guess. */
export type ExpiryBasis = "told" | "given" | "estimated";

/** A token as it was brought, with what was said of its end. */
export type BroughtToken = { value: string; expiresInSeconds: number | null; expiresAt: Date | null };

/** A life longer than any token's is a mistake or another unit. */
const LONGEST_GIVEN_MS = 90 * 86_400_000;
/** A user token that ends sooner is exchanged for one that lasts before its Pages are asked for. */
const SHORT_LIFE_MS = 2 * 86_400_000;

/**
 * Finds out by asking what a token is. The prefix says which host to ask first, no more: where that one cannot read
 * it, the other one is asked.
 *
 * @throws {ConnectionError} `flavour_not_configured`, and precisely why it cannot be kept
 */
export async function recogniseToken(deps: ConnectionsDeps, brought: BroughtToken): Promise<Recognised> {
  const { instagram, facebook } = deps.logins;
  const ways = [
    ...(instagram === undefined ? [] : [() => ofInstagram(deps, instagram, brought)]),
    ...(facebook === undefined ? [] : [() => ofFacebook(deps, facebook, brought)]),
  ];
  if (brought.value.startsWith("EA")) ways.reverse();
  let refusal: unknown = new ConnectionError("flavour_not_configured");
  for (const [index, way] of ways.entries()) {
    try {
      return await way();
    } catch (error) {
      // The first answer is the one to tell, unless the second host at least knows the token.
      if (index === 0 || !isUnreadableThere(error)) refusal = error;
      if (!isUnreadableThere(error)) break;
    }
  }
  throw refusal instanceof InstagramError ? connectionErrorOf(refusal) : refusal;
}

/** The host cannot read it at all: it may be the other host's. */
function isUnreadableThere(error: unknown): boolean {
  if (!(error instanceof InstagramError)) return false;
  return error.reason === "token_unreadable" || error.reason === "token_rejected";
}

async function ofInstagram(
  deps: ConnectionsDeps,
  login: InstagramLogin,
  brought: BroughtToken,
): Promise<Recognised> {
  const startedAt = deps.now();
  const profile = await login.fetchProfile(brought);
  if (profile.accountType === "personal")
    throw new ConnectionError("account_not_eligible", {
      reason: "account_not_professional",
      detail: `@${profile.username} is a personal account.`,
    });
  const { token, expiryBasis } = await lastingToken(deps, login, brought);
  const accounts = [{ profile, token, page: null }];
  return { flavour: "instagram", appId: login.clientId, startedAt, accounts, expiryBasis };
}

type Lasting = { token: LongLivedToken; expiryBasis: ExpiryBasis };

/**
 * A short-lived token is exchanged. One that is long-lived already is refused there as such, which proves that it is
 * our app's, and refreshed instead, which tells its end. Where that fails the token still lives, since it was just
 * used: it is younger than a day, say, and its age counts as unknown.
 */
async function lastingToken(
  deps: ConnectionsDeps,
  login: InstagramLogin,
  brought: BroughtToken,
): Promise<Lasting> {
  const askedAt = deps.now();
  try {
    const token = await login.exchangeForLongLivedToken(brought);
    return { token, expiryBasis: basisOf(token) };
  } catch (error) {
    if (!(error instanceof InstagramError)) throw error;
    if (error.code === "invalid_client") throw new ConnectionError("token_of_other_app", { cause: error });
    if (error.operation !== "refresh_long_lived_token" || error.needsReauth) throw error;
    return withoutRefresh(brought, askedAt);
  }
}

/** Its end as it was given, or the shortest credible one: the first refresh brings a figure that is known. */
function withoutRefresh(brought: BroughtToken, now: Date): Lasting {
  const { value, expiresInSeconds, expiresAt } = brought;
  const givenMs =
    expiresInSeconds === null ? (expiresAt?.getTime() ?? null) : now.getTime() + expiresInSeconds * 1000;
  if (givenMs !== null && givenMs <= now.getTime())
    throw new ConnectionError("token_expired", {
      detail: `It expired on ${new Date(givenMs).toISOString().slice(0, 10)}.`,
    });
  const isGiven = givenMs !== null && givenMs - now.getTime() <= LONGEST_GIVEN_MS;
  return {
    token: {
      value,
      permissions: null,
      issuedAt: now,
      expiresAt: new Date(isGiven ? givenMs : now.getTime() + SHORTEST_CREDIBLE_SECONDS * 1000),
      isExpiryEstimated: true,
      hasNoExpiry: false,
      dataAccessExpiresAt: null,
    },
    expiryBasis: isGiven ? "given" : "estimated",
  };
}

async function ofFacebook(
  deps: ConnectionsDeps,
  login: FacebookLogin,
  brought: BroughtToken,
): Promise<Recognised> {
  const startedAt = deps.now();
  const base = { flavour: "facebook", appId: login.clientId, startedAt } as const;
  const report = await login.inspectToken(brought);
  if (report.kind === "app")
    throw new ConnectionError("token_kind_unusable", { detail: "It is an app token." });
  if (report.kind === "page") {
    const [profile, token] = await Promise.all([
      login.fetchProfile(brought),
      login.refreshLongLivedToken(brought),
    ]);
    const page = { id: report.profileId ?? profile.accountId, name: profile.name ?? profile.username };
    const appScopedId = report.userId ?? profile.appScopedId;
    const account = { profile: { ...profile, appScopedId }, token, page };
    return { ...base, accounts: [account], expiryBasis: basisOf(token) };
  }
  const endsInMs = report.expiresAt === null ? Infinity : report.expiresAt.getTime() - startedAt.getTime();
  const lasting = endsInMs < SHORT_LIFE_MS ? await login.exchangeForLongLivedToken(brought) : brought;
  const { accounts, emptyBecause } = grantOfPages(login, await login.fetchPages(lasting));
  const [first] = accounts;
  if (first === undefined)
    throw new ConnectionError("account_not_eligible", { detail: EMPTY[emptyBecause ?? "no_pages"] });
  return { ...base, accounts, expiryBasis: basisOf(first.token) };
}

const EMPTY = {
  no_pages: "The token reaches no Facebook Page.",
  business_management_missing:
    "Its Pages may belong to a business portfolio: business_management is missing.",
  pages_show_list_missing: "pages_show_list is missing, without which no Page is to be seen.",
  instagram_basic_missing: "instagram_basic is missing, without which no account of a Page is to be seen.",
  no_linked_account: "None of its Pages has a professional Instagram account.",
} as const;

function basisOf(token: LongLivedToken): ExpiryBasis {
  return token.isExpiryEstimated ? "estimated" : "told";
}
