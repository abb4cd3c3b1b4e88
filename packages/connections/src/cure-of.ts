import type { ConnectionErrorCode } from "./errors.ts";
import { EXPLANATIONS } from "./explanations.ts";

/**
 * While somebody signs in, while a token is brought by hand for no connection in particular, or while a connection is kept
 * alive: what has to be done differs.
 */
export type During = "sign_in" | "import" | "upkeep";

const START_AGAIN = "Start the sign-in again; nothing was stored.";

/** What helps somebody who is signing in, where it is not what helps a connection. */
const CURES_OF_SIGN_IN: Partial<Record<ConnectionErrorCode, string>> = {
  rate_limited: "Wait a while, then sign in again; nothing was stored.",
  token_expired: START_AGAIN,
  token_invalid: START_AGAIN,
  token_of_other_app: START_AGAIN,
  token_revoked: START_AGAIN,
  transient: "Start again in a moment; nothing was stored.",
};

const BRING_ANOTHER = "Sign in with the account, or bring a token of it that works; nothing was kept.";

/** What helps somebody who brings a token. */
const CURES_OF_IMPORT: Partial<Record<ConnectionErrorCode, string>> = {
  rate_limited: "Wait a while, then bring the token again; nothing was kept.",
  token_expired: BRING_ANOTHER,
  token_invalid: BRING_ANOTHER,
  token_revoked: BRING_ANOTHER,
  transient: "Bring the token again in a moment; nothing was kept.",
};

const CURES: Record<During, Partial<Record<ConnectionErrorCode, string>>> = {
  sign_in: CURES_OF_SIGN_IN,
  import: CURES_OF_IMPORT,
  upkeep: {},
};

/** What to do about a code. */
export function cureOf(code: ConnectionErrorCode, during: During): string {
  return CURES[during][code] ?? EXPLANATIONS[code].cure;
}
