import type { Flavour } from "@perennial/db";

import { hourlyAuditEvent } from "./audit/audit-event.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { ConnectionError } from "./errors.ts";
import { hashSecret, newAttemptId, randomText } from "./ids.ts";
import { loginOf } from "./logins.ts";
import { readReconnectLink } from "./reconnect-link.ts";
import { SCOPES_ASKED_FOR } from "./scopes.ts";

/** An authorization request is good for this long. */
export const SIGN_IN_LIFETIME_MS = 10 * 60_000;

/** How a person asks to sign in. */
export type BeginSignInInput = {
  flavour: Flavour;
  /** The page of ours to come back to. */
  returnTo: string;
  /** The user who is signed in now: the account will be added to them. */
  linkUserId: string | null;
  /** Makes Instagram ask which account, even when the person is signed in there. */
  forceReauth: boolean;
  /** What a reconnect link carries: only the account it was made for will do. Null without one. */
  reconnectLink: string | null;
  /** A connection of the user who is signed in, to be connected again: only its account will do. */
  reconnectConnectionId: string | null;
  /** Asks again for the permissions that were not granted the last time. */
  rerequest: boolean;
};

/** An authorization request that was begun. */
export type BegunSignIn = {
  attemptId: string;
  authorizationUrl: string;
  /** Goes into an httpOnly cookie and binds the attempt to this browser. */
  browserSecret: string;
  expiresAt: Date;
};

/** How an attempt is told from others, and where it leads. */
export type AttemptMarks = {
  returnTo: string;
  /** The two secrets of an attempt, of 32 characters each: of its `state`, and of the browser that it belongs to. */
  secretsOf: (attemptId: string) => { state: string; browser: string };
  stateOf: (attemptId: string, secret: string) => string;
};

/** Where Instagram sends people back to: made from configuration, never from a request. */
export function redirectUriOf(appUrl: string, flavour: Flavour): string {
  return `${appUrl}/auth/${flavour}/callback`;
}

/** Starts an authorization request whose `state` is single-use and bound to the browser. */
export async function beginSignIn(deps: ConnectionsDeps, input: BeginSignInInput): Promise<BegunSignIn> {
  if (!isOwnPath(input.returnTo)) throw new ConnectionError("return_path_refused");
  return await startAttempt(deps, input, {
    returnTo: input.returnTo,
    secretsOf: () => ({ state: randomText(24), browser: randomText(24) }),
    stateOf: (attemptId, secret) => `${attemptId}.${secret}`,
  });
}

/** Starts an attempt that is marked in its own way. @throws {ConnectionError} `flavour_not_configured` and for the account to reconnect */
export async function startAttempt(
  deps: ConnectionsDeps,
  input: Omit<BeginSignInInput, "returnTo">,
  marks: AttemptMarks,
): Promise<BegunSignIn> {
  const login = loginOf(deps, input.flavour);
  const expectedAccountId = await accountToReconnect(deps, input);
  const requestedScopes = [...SCOPES_ASKED_FOR[input.flavour]];

  const attemptId = newAttemptId();
  const { state: stateSecret, browser: browserSecret } = marks.secretsOf(attemptId);
  const redirectUri = redirectUriOf(deps.appUrl, input.flavour);
  const createdAt = deps.wallNow();
  const expiresAt = new Date(createdAt.getTime() + SIGN_IN_LIFETIME_MS);
  await deps.store.createSignInAttempt({
    id: attemptId,
    stateHash: hashSecret(stateSecret),
    browserHash: hashSecret(browserSecret),
    flavour: input.flavour,
    redirectUri,
    returnTo: marks.returnTo,
    // Whoever proves to be the account's owner is signed in as that, whoever was signed in before.
    linkUserId: input.reconnectLink === null ? input.linkUserId : null,
    expectedAccountId,
    requestedScopes,
    createdAt,
    expiresAt,
  });
  const authorizationUrl = login.authorizationUrl({
    redirectUri,
    state: marks.stateOf(attemptId, stateSecret),
    scopes: requestedScopes,
    forceReauth: input.forceReauth,
    rerequest: input.rerequest,
  });
  return { attemptId, authorizationUrl, browserSecret, expiresAt };
}

/** The account that has to come back; null when any will do. */
async function accountToReconnect(
  deps: ConnectionsDeps,
  { reconnectLink, reconnectConnectionId, linkUserId }: Omit<BeginSignInInput, "returnTo">,
): Promise<string | null> {
  if (reconnectLink !== null) {
    const connection = await deps.store.findConnectionById(await readReconnectLink(deps, reconnectLink));
    if (connection === null || connection.status === "disconnected")
      throw new ConnectionError("reconnect_link_invalid");
    const { id, userId } = connection;
    const used = hourlyAuditEvent(deps, "reconnect_link.used", { userId, subjectId: id, of: id });
    await deps.store.appendAuditEvents([used]);
    return connection.accountId;
  }
  if (reconnectConnectionId === null) return null;
  if (linkUserId === null) throw new ConnectionError("connection_not_found");
  const connection = await deps.store.findConnection(linkUserId, reconnectConnectionId);
  if (connection === null || connection.status === "disconnected")
    throw new ConnectionError("connection_not_found");
  return connection.accountId;
}

const OWN_PATHS = /^\/(?:connections(?:\/con_[A-Za-z0-9_-]{22})?)?$/;

/** Only pages that exist, spelled exactly: a list, because parsing and printing an address opens doors. */
function isOwnPath(path: string): boolean {
  return OWN_PATHS.test(path);
}

/** Takes a `state` apart, a terminal's too; null when it is not one of ours. */
export function splitState(state: string): { attemptId: string; secret: string } | null {
  const match = /^([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{32})(?:\.terminal)?$/.exec(state);
  const [, attemptId, secret] = match ?? [];
  return attemptId === undefined || secret === undefined ? null : { attemptId, secret };
}
