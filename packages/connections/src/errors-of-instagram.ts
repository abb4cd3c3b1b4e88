import type { InstagramError } from "@perennial/instagram";

import { ConnectionError, type SignInStep } from "./errors.ts";

/** What Instagram or Facebook said, as the error of a use case. */
export function connectionErrorOf(error: InstagramError, step: SignInStep | null = null): ConnectionError {
  const code = error.reason === "foreign_app" ? "token_of_other_app" : error.code;
  const { reason, traceId = null } = error;
  return new ConnectionError(code, { step, reason, traceId, cause: error });
}
