import type { Flavour } from "@perennial/db";

import { redirectUriOf, startAttempt } from "../begin-sign-in.ts";
import type { ConnectionsDeps } from "../deps.ts";
import { ConnectionError } from "../errors.ts";
import { ownConnection } from "../held-connection.ts";
import { terminalMarks } from "./terminal-attempt.ts";

/** How a sign-in is begun at a terminal. */
export type BeginTerminalSignInInput = {
  flavour: Flavour;
  /** Whose the account becomes; null for whoever proves to have it already, or a new user. */
  userId: string | null;
  /** The connection to be connected again: only its account will do. Null for any. */
  connectionId: string | null;
  /** Makes Instagram ask which account, even when the person is signed in there. */
  forceReauth: boolean;
};

/** An authorization request that was begun at a terminal. */
export type BegunTerminalSignIn = {
  flavour: Flavour;
  /** To be opened in a browser, anywhere. Holds the `state`. */
  authorizationUrl: string;
  redirectUri: string;
  expiresAt: Date;
};

/**
 * Starts an authorization request for whoever has a terminal and no server. It is finished by
 * `completeTerminalSignIn`, in any process that holds the site's key.
 *
 * @throws {ConnectionError} `flavour_not_configured`, `user_not_found`, `connection_not_found`
 */
export async function beginTerminalSignIn(
  deps: ConnectionsDeps,
  { flavour, userId, connectionId, forceReauth }: BeginTerminalSignInInput,
): Promise<BegunTerminalSignIn> {
  if (userId !== null && (await deps.store.findUser(userId)) === null)
    throw new ConnectionError("user_not_found");
  const linkUserId =
    connectionId === null ? userId : (await ownConnection(deps, { connectionId, userId })).userId;
  const { authorizationUrl, expiresAt } = await startAttempt(
    deps,
    {
      flavour,
      linkUserId,
      forceReauth,
      reconnectLink: null,
      reconnectConnectionId: connectionId,
      rerequest: false,
    },
    terminalMarks(deps),
  );
  return { flavour, authorizationUrl, redirectUri: redirectUriOf(deps.appUrl, flavour), expiresAt };
}
