import type { SignInAttempt } from "@perennial/db";
import { createHmac } from "node:crypto";

import type { AttemptMarks } from "../begin-sign-in.ts";
import type { ConnectionsDeps } from "../deps.ts";

/** Where an attempt leads that was begun at a terminal: to no page. */
export const TERMINAL = "terminal";

/** Whether an attempt was begun at a terminal, and so by somebody who holds the keys of this site. */
export function isOfTerminal({ returnTo }: Pick<SignInAttempt, "returnTo">): boolean {
  return returnTo === TERMINAL;
}

/**
 * The secrets of a terminal's attempt follow from its id and the site's own key. So nothing has to be kept between
 * the two commands where somebody might read it, whoever holds the key can finish what another terminal began, and
 * no browser can: the database knows hashes only, and the address that comes back knows one of the two.
 */
export function terminalSecrets(
  { linkKey }: Pick<ConnectionsDeps, "linkKey">,
  attemptId: string,
): { state: string; browser: string } {
  const secret = (what: string): string =>
    createHmac("sha256", linkKey)
      .update(`terminal sign-in, ${what}: ${attemptId}`)
      .digest("base64url")
      .slice(0, 32);
  return { state: secret("state"), browser: secret("browser") };
}

/** The `state` of a terminal's attempt. Its end tells the callback page that there is nothing in it for a browser. */
export function terminalState(attemptId: string, secret: string): string {
  return `${attemptId}.${secret}.${TERMINAL}`;
}

/** Marks an attempt as a terminal's. */
export function terminalMarks(deps: Pick<ConnectionsDeps, "linkKey">): AttemptMarks {
  return {
    returnTo: TERMINAL,
    secretsOf: (attemptId) => terminalSecrets(deps, attemptId),
    stateOf: terminalState,
  };
}
