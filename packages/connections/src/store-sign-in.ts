import type { CompleteSignInResult, NewAccount, SignInAttempt } from "@perennial/db";

import { alertAbout } from "./alerts.ts";
import { signInAudit } from "./audit/audit-event.ts";
import { refuseWithdrawn } from "./callbacks/refuse-withdrawn.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { ConnectionError } from "./errors.ts";
import type { Grant, GrantedAccount } from "./grant.ts";
import { hashSecret, newId } from "./ids.ts";
import { newSessionRow, sessionHandleOf, type OpenedSession } from "./sessions.ts";
import { isOfTerminal } from "./terminal/terminal-attempt.ts";
import { storedTokenOf } from "./token-life.ts";
import { writtenTranscript } from "./transcript.ts";

/** The browser that signs in, and the session it is to have. */
export type SigningIn = {
  attempt: SignInAttempt;
  /** The session to open. */
  sessionId: string;
  replacedSessionId: string | null;
  userAgent: string | null;
};

/** A sign-in that was stored. `connectionId` is the first account's. */
export type StoredSignIn = { userId: string; connectionId: string; session: OpenedSession };

/** Two people who bring one new account at once settle within this many tries. */
export const MAX_SEAL_TRIES = 3;

/**
 * Stores accounts of a grant with a session for whoever granted it, all or nothing.
 *
 * @throws {ConnectionError} `account_held`, `sign_in_interrupted`, `token_revoked`
 */
export async function storeSignIn(
  deps: ConnectionsDeps,
  { attempt, sessionId, replacedSessionId, userAgent }: SigningIn,
  { grant, accounts }: { grant: Grant; accounts: readonly GrantedAccount[] },
): Promise<StoredSignIn> {
  const wallNow = deps.wallNow();
  const session = newSessionRow(sessionId, wallNow, userAgent);
  const [ids] = await Promise.all([connectionIdsOf(deps, accounts), refuseWithdrawn(deps, attempt, grant)]);
  for (let tries = 0; tries < MAX_SEAL_TRIES; tries += 1) {
    const written = accounts.map((account) =>
      newAccount(deps, grant, account, {
        foundId: ids.get(account.profile.accountId) ?? null,
        requestedScopes: attempt.requestedScopes,
        history: { kind: "sign_in", trigger: "person" },
      }),
    );
    const detail = { login: grant.flavour, accounts: accounts.length };
    const result = await deps.store.completeSignIn({
      attemptId: attempt.id,
      flavour: grant.flavour,
      identity: grant.identity,
      accounts: written,
      newUserId: newId("usr"),
      session,
      replacedSessionIdHash: replacedSessionId === null ? null : hashSecret(replacedSessionId),
      audit: isOfTerminal(attempt)
        ? signInAudit(deps, "connection.authorized", { detail })
        : signInAudit(deps, "session.opened", { subjectId: sessionHandleOf(session.idHash), detail }),
      now: deps.now(),
      wallNow,
    });
    if (result.kind !== "connection_moved") {
      const { userId, connectionId } = opened(deps, result, accounts);
      return { userId, connectionId, session: { id: sessionId, userId, expiresAt: session.expiresAt } };
    }
    for (const [accountId, connectionId] of result.connectionIds)
      if (connectionId === null) ids.delete(accountId);
      else ids.set(accountId, connectionId);
  }
  throw new ConnectionError("sign_in_interrupted");
}

/** The connections that accounts have already, by account. */
async function connectionIdsOf(
  deps: ConnectionsDeps,
  accounts: readonly GrantedAccount[],
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  await Promise.all(
    accounts.map(async ({ profile: { accountId } }) => {
      const id = await deps.store.findConnectionIdByAccount(accountId);
      if (id !== null) ids.set(accountId, id);
    }),
  );
  return ids;
}

/** An account as the store takes it, with its token sealed for the connection that was found, or for a new one. */
export function newAccount(
  deps: ConnectionsDeps,
  grant: Pick<Grant, "flavour" | "appId" | "startedAt" | "steps">,
  { profile, token, page }: GrantedAccount,
  rest: Pick<NewAccount, "requestedScopes"> & {
    foundId: string | null;
    history: Pick<NewAccount["history"], "kind" | "trigger">;
  },
): NewAccount {
  const { flavour, appId, startedAt } = grant;
  const { foundId, requestedScopes, history } = rest;
  const connectionId = foundId ?? newId("con");
  const { expiresAt: tokenExpiresAt } = token;
  const about = { id: connectionId, userId: null, flavour, appId, tokenExpiresAt };
  const wasFound = foundId !== null;
  return {
    accountId: profile.accountId,
    appScopedId: profile.appScopedId,
    appId,
    profile,
    token: storedTokenOf(deps, token, { connectionId, flavour }),
    connectionId,
    wasFound,
    requestedScopes,
    pageId: page?.id ?? null,
    pageName: page?.name ?? null,
    history: {
      id: newId("att"),
      ...history,
      startedAt,
      finishedAt: deps.now(),
      outcome: "succeeded",
      errorCode: null,
      traceId: null,
      tokenExpiresAt,
      transcript: writtenTranscript({ detail: null, reason: null, steps: grant.steps }),
    },
    recovery: wasFound ? alertAbout(deps, about, { kind: "connection.recovered" }) : null,
    audit: wasFound
      ? null
      : signInAudit(deps, "connection.created", { subjectId: connectionId, detail: { login: flavour } }),
  };
}

function opened(
  deps: ConnectionsDeps,
  result: Exclude<CompleteSignInResult, { kind: "connection_moved" }>,
  accounts: readonly GrantedAccount[],
): { userId: string; connectionId: string } {
  if (result.kind === "account_held") {
    const held = accounts.find(({ profile }) => profile.accountId === result.accountId);
    throw new ConnectionError("account_held", {
      detail: held === undefined ? null : `It is @${held.profile.username}.`,
    });
  }
  const [first] = result.kind === "completed" ? result.connections : [];
  if (result.kind !== "completed" || first === undefined) throw new ConnectionError("sign_in_interrupted");
  const { userId } = result;
  for (const { connectionId, isNew } of result.connections)
    deps.onEvent({ event: isNew ? "connection.created" : "connection.reconnected", connectionId, userId });
  return { userId, connectionId: first.connectionId };
}
