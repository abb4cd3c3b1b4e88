import type { ConnectionErrorCode } from "./errors.ts";
import { EXPLANATIONS } from "./explanations.ts";

/** While somebody signs in, or while a connection is kept alive: who has to do something differs. */
export type During = "sign_in" | "upkeep";

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

/** What to do about a code. */
export function cureOf(code: ConnectionErrorCode, during: During): string {
  return (during === "sign_in" ? CURES_OF_SIGN_IN[code] : undefined) ?? EXPLANATIONS[code].cure;
}
