import type { ConnectionRecord, SignInAttempt } from "@perennial/db";
import type { FacebookPages } from "@perennial/instagram";

import type { ConnectionsDeps } from "./deps.ts";
import { ConnectionError } from "./errors.ts";
import { pickAccounts, type Grant, type GrantedAccount } from "./grant.ts";
import { connectionOfAccount } from "./held-connection.ts";
import { TokenSealError } from "./token-seal.ts";

/** How long a person may think about which accounts to connect. */
export const CHOICE_LIFETIME_MS = 10 * 60_000;

/**
 * Whether an account can be picked: `new`, `connected` by the same person already, which renews it, or `held` by
 * another user, which nobody can pick.
 */
export type Standing = "new" | "connected" | "held";

/** What a person may choose from, and what there is beside it. Holds no token. */
export type AccountChoice = {
  attemptId: string;
  accounts: {
    accountId: string;
    username: string;
    name: string | null;
    pictureUrl: string | null;
    page: { id: string; name: string } | null;
    standing: Standing;
  }[];
  /** Pages that give no account, and why. */
  unusable: FacebookPages["unusable"];
  /** Why there is nothing to choose; null when there is. */
  emptyBecause: FacebookPages["emptyBecause"];
};

/** How accounts stand, by account id. */
export type Standings = ReadonlyMap<string, Standing>;

/** How each account of a grant stands to whoever signs in. Instagram Login proves its one account: nothing is asked. */
export async function standingsOf(
  deps: ConnectionsDeps,
  grant: Grant,
  linkUserId: string | null,
): Promise<Standings> {
  if (grant.flavour === "instagram") return new Map();
  const entries = grant.accounts.map(async ({ profile: { accountId } }) => {
    const found = await connectionOfAccount(deps, accountId);
    return [accountId, standingOf(grant, linkUserId, found)] as const;
  });
  return new Map(await Promise.all(entries));
}

function standingOf(grant: Grant, linkUserId: string | null, found: ConnectionRecord | null): Standing {
  if (found === null) return "new";
  const { flavour, appScopedId, userId } = found;
  const isByThem = flavour === grant.flavour && appScopedId === grant.identity.appScopedId;
  const isTheirs = linkUserId === null ? isByThem : userId === linkUserId;
  if (!isTheirs) return "held";
  return found.status === "disconnected" ? "new" : "connected";
}

/**
 * The accounts that are kept without asking; null when the person has to choose. A reconnect brings its own
 * account, and whatever else the same person has connected before; who comes back finds what they had; and where
 * there is one account and nothing else, there is nothing to ask.
 *
 * @throws {ConnectionError} `wrong_account`, naming both
 */
export async function accountsWithoutAsking(
  deps: ConnectionsDeps,
  attempt: SignInAttempt,
  grant: Grant,
  standings: Standings,
): Promise<GrantedAccount[] | null> {
  const { accounts, unusable } = grant;
  const known = accounts.filter(({ profile }) => standings.get(profile.accountId) === "connected");
  const { expectedAccountId } = attempt;
  if (expectedAccountId !== null) {
    const expected = accounts.find(({ profile }) => profile.accountId === expectedAccountId);
    if (expected === undefined) throw await wrongAccount(deps, expectedAccountId, accounts);
    return [expected, ...known.filter((account) => account !== expected)];
  }
  if (grant.flavour === "instagram") return accounts;
  if (attempt.linkUserId === null && known.length > 0) return known;
  const isOnlyOne = accounts.length === 1 && unusable.length === 0;
  const isFree = isOnlyOne && !accounts.some(({ profile }) => standings.get(profile.accountId) === "held");
  return isFree ? accounts : null;
}

/** The accounts a person chose. @throws {ConnectionError} `choice_invalid`, `account_held` */
export function chosenAccounts(
  grant: Grant,
  standings: Standings,
  accountIds: readonly string[],
): GrantedAccount[] {
  const chosen = pickAccounts(grant.accounts, accountIds);
  const held = chosen.find(({ profile }) => standings.get(profile.accountId) === "held");
  if (held !== undefined)
    throw new ConnectionError("account_held", { detail: `It is @${held.profile.username}.` });
  return chosen;
}

/** What the page of the choice shows. */
export function viewChoice(attemptId: string, grant: Grant, standings: Standings): AccountChoice {
  const { accounts, unusable, emptyBecause } = grant;
  return {
    attemptId,
    accounts: accounts.map(({ profile, page }) => ({
      accountId: profile.accountId,
      username: profile.username,
      name: profile.name,
      pictureUrl: profile.pictureUrl,
      page,
      standing: standings.get(profile.accountId) ?? "new",
    })),
    unusable,
    emptyBecause,
  };
}

/** Seals a grant until the person has chosen; it opens for its attempt only. */
export function sealGrant(deps: ConnectionsDeps, attempt: SignInAttempt, grant: Grant): string {
  return deps.seal.seal(JSON.stringify(grant), { connectionId: attempt.id, flavour: attempt.flavour });
}

const INSTANTS: ReadonlySet<string> = new Set(["startedAt", "issuedAt", "expiresAt", "dataAccessExpiresAt"]);

/** Opens a grant that waits for its choice; null when it does not open, its key having gone meanwhile. */
export function openGrant(deps: ConnectionsDeps, attempt: SignInAttempt, sealed: string): Grant | null {
  let text: string;
  try {
    text = deps.seal.open(sealed, { connectionId: attempt.id, flavour: attempt.flavour });
  } catch (error) {
    if (error instanceof TokenSealError) return null;
    throw error;
  }
  return JSON.parse(text, (key, value: unknown) =>
    INSTANTS.has(key) && typeof value === "string" ? new Date(value) : value,
  ) as Grant;
}

async function wrongAccount(
  deps: ConnectionsDeps,
  expectedAccountId: string,
  accounts: readonly GrantedAccount[],
): Promise<ConnectionError> {
  const expected = await connectionOfAccount(deps, expectedAccountId);
  const came = accounts.map(({ profile }) => `@${profile.username}`).join(", ");
  const detail =
    expected === null
      ? null
      : `It is @${expected.username} that has to come back; ${came === "" ? "no account came" : `${came} came`}.`;
  return new ConnectionError("wrong_account", { step: "profile", detail });
}
