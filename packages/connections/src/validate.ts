import type { AttemptTrigger, ConnectionRecord } from "@perennial/db";
import { InstagramError, type InstagramProfile, type PublishingQuota } from "@perennial/instagram";

import { historyRow } from "./attempt.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { ConnectionError } from "./errors.ts";
import { connectionErrorOf } from "./errors-of-instagram.ts";
import { failureOf } from "./failure-classes.ts";
import { heldConnection, openedToken, type TokenHolder } from "./held-connection.ts";
import { loginOf } from "./logins.ts";
import { quotaOrNull } from "./quota-left.ts";
import { missingScopesOf } from "./scopes.ts";
import { TokenSealError } from "./token-seal.ts";
import { withTranscript } from "./transcript.ts";
import { problemOf, type MissingScope, type Problem } from "./views.ts";

/** One thing that is not what it was the last time. */
export type ValidationChange = {
  what: "username" | "name" | "accountType" | "permissions";
  before: string;
  after: string;
};

/** What a look at a connection's token found. */
export type Validation = {
  connectionId: string;
  checkedAt: Date;
  /** Null when the token works for the same, professional account. */
  problem: Problem | null;
  /** Meta's trace id, where Instagram or Facebook was the one to refuse. */
  traceId: string | null;
  /** Who the token belongs to now; null when it was not accepted. */
  account: { accountId: string; username: string; accountType: string } | null;
  /** Granted scopes; null when nobody said. */
  permissions: string[] | null;
  missingScopes: MissingScope[];
  /** Publishing left in the rolling window; null where it was not to be had. */
  quota: PublishingQuota | null;
  changes: ValidationChange[];
};

type Finding =
  | {
      kind: "works";
      profile: InstagramProfile;
      permissions: string[] | null;
      quota: PublishingQuota | null;
    }
  | { kind: "refused" | "unclear"; error: ConnectionError };

/**
 * Proves on demand that a connection's token works: for the same account, with which scopes, and how much
 * publishing is left. Whatever comes of it is in the history; a refusal makes the connection due at once, so
 * that a refresh settles it.
 *
 * @throws {ConnectionError} `connection_not_found`; `reconnect_required` when there is no token to look at
 */
export function validate(
  deps: ConnectionsDeps,
  input: { connectionId: string; userId: string | null; trigger: AttemptTrigger },
): Promise<Validation> {
  return withTranscript(() => validateNow(deps, input));
}

async function validateNow(
  deps: ConnectionsDeps,
  input: { connectionId: string; userId: string | null; trigger: AttemptTrigger },
): Promise<Validation> {
  const holder = await heldConnection(deps, input);
  const { record: connection } = holder;
  const startedAt = deps.now();
  const finding = await look(deps, holder);
  const error = finding.kind === "works" ? null : finding.error;
  await deps.store.recordValidation({
    connectionId: connection.id,
    version: connection.version,
    finding,
    history: historyRow(
      deps,
      { trigger: input.trigger, startedAt },
      {
        kind: "validate",
        outcome: error === null ? "succeeded" : "failed",
        errorCode: error?.code ?? null,
        traceId: error?.traceId ?? null,
        tokenExpiresAt: connection.tokenExpiresAt,
      },
    ),
    now: deps.now(),
  });
  deps.onEvent({
    event: "connection.validated",
    connectionId: connection.id,
    errorCode: error?.code ?? null,
  });
  return viewValidation(deps, connection, finding);
}

async function look(deps: ConnectionsDeps, { record, sealedToken }: TokenHolder): Promise<Finding> {
  try {
    const login = loginOf(deps, record.flavour);
    const token = { value: openedToken(deps, record, sealedToken) };
    const [profile, permissions, quota] = await Promise.all([
      login.fetchProfile(token),
      grantedScopes(deps, record, token),
      quotaOrNull(login, token, record.accountId),
    ]);
    if (profile.accountId !== record.accountId) {
      const detail = `The token belongs to @${profile.username}, not to @${record.username}.`;
      return { kind: "refused", error: new ConnectionError("wrong_account", { detail }) };
    }
    if (profile.accountType === "personal")
      return {
        kind: "refused",
        error: new ConnectionError("account_not_eligible", { reason: "account_not_professional" }),
      };
    // Not to be had on Facebook's host: what is known of it stays.
    const accountType = profile.accountType === "unknown" ? record.accountType : profile.accountType;
    return { kind: "works", profile: { ...profile, accountType } as InstagramProfile, permissions, quota };
  } catch (error) {
    return refusalOf(error);
  }
}

/** Facebook tells what a token may do; of Instagram's, what was told last is what is known. */
async function grantedScopes(
  { logins }: ConnectionsDeps,
  { flavour, permissions }: ConnectionRecord,
  token: { value: string },
): Promise<string[] | null> {
  if (flavour !== "facebook" || logins.facebook === undefined) return permissions;
  return (await logins.facebook.inspectToken(token)).scopes;
}

function refusalOf(error: unknown): Extract<Finding, { error: ConnectionError }> {
  const isTerminal = failureOf(error)?.class === "reconnect";
  const kind = isTerminal ? "refused" : "unclear";
  if (error instanceof InstagramError) return { kind, error: connectionErrorOf(error) };
  if (error instanceof TokenSealError)
    return { kind, error: new ConnectionError("token_unreadable", { cause: error }) };
  if (error instanceof ConnectionError) return { kind, error };
  throw error;
}

function viewValidation(deps: ConnectionsDeps, before: ConnectionRecord, finding: Finding): Validation {
  const { id: connectionId } = before;
  const checkedAt = deps.now();
  if (finding.kind !== "works") {
    const { error } = finding;
    return {
      connectionId,
      checkedAt,
      problem: { ...problemOf(error.code, checkedAt), message: error.message },
      traceId: error.traceId,
      account: null,
      permissions: before.permissions,
      missingScopes: missingScopesOf(before),
      quota: null,
      changes: [],
    };
  }
  const { profile, permissions, quota } = finding;
  const { accountId, username, accountType } = profile;
  return {
    connectionId,
    checkedAt,
    problem: null,
    traceId: null,
    account: { accountId, username, accountType },
    permissions,
    missingScopes: missingScopesOf({ ...before, permissions }),
    quota,
    changes: changesSince(before, profile, permissions),
  };
}

function changesSince(
  before: ConnectionRecord,
  { username, name, accountType }: InstagramProfile,
  permissions: string[] | null,
): ValidationChange[] {
  const told = (scopes: string[] | null): string => [...(scopes ?? [])].sort().join(", ");
  const pairs = [
    { what: "username", before: before.username, after: username },
    { what: "name", before: before.name ?? "", after: name ?? "" },
    { what: "accountType", before: before.accountType, after: accountType },
    { what: "permissions", before: told(before.permissions), after: told(permissions) },
  ] as const;
  return pairs.filter((pair) => pair.before !== pair.after);
}
