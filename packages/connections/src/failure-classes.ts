import { InstagramError, type InstagramErrorCode } from "@perennial/instagram";

import { ConnectionError, type ConnectionErrorCode } from "./errors.ts";
import { TokenSealError } from "./token-seal.ts";

/**
 * What a failed refresh is followed by.
 *
 * - `retry`: another attempt after a growing, jittered wait. Also whatever nobody knows.
 * - `wait`: another attempt at the stated time; a throttle of the app holds back the whole app.
 * - `reconnect`: only the person can help. The sealed token is kept, and looked at now and then.
 * - `operator`: whoever runs this must act. No connection is marked; the app's breaker opens soon.
 */
export type FailureClass = "retry" | "wait" | "reconnect" | "operator";

/** The codes a refresh can fail with: what Instagram says, and what we find ourselves before we ask. */
export type RefreshErrorCode =
  | InstagramErrorCode
  | "flavour_not_configured"
  | "reconnect_required"
  | "token_unreadable";

/** The written table. @see docs/keeping-connections-alive.md */
export const FAILURE_CLASSES: Readonly<Record<RefreshErrorCode, FailureClass>> = {
  transient: "retry",
  unknown: "retry",

  rate_limited: "wait",
  token_too_young: "wait",

  token_expired: "reconnect",
  token_invalid: "reconnect",
  token_revoked: "reconnect",
  account_not_eligible: "reconnect",
  reconnect_required: "reconnect",

  app_not_available: "operator",
  invalid_client: "operator",
  permission_missing: "operator",
  flavour_not_configured: "operator",
  token_unreadable: "operator",

  // Sign-in's own: a refresh is not answered so, and if it is, nothing is proved.
  code_used: "retry",
  code_expired: "retry",
  redirect_uri_mismatch: "retry",
  user_denied: "retry",
};

/** What class a stored error code is of; codes that no refresh fails with are the person's. */
export function failureClassOf(code: ConnectionErrorCode): FailureClass {
  return Object.hasOwn(FAILURE_CLASSES, code) ? FAILURE_CLASSES[code as RefreshErrorCode] : "reconnect";
}

/** A failed attempt, as far as what follows depends on it. */
export type Failure = {
  code: ConnectionErrorCode;
  class: FailureClass;
  /** How long to stay away, where the answer said. */
  retryAfterMs: number | null;
  /** Everything of the app has to stay away, not this connection alone. */
  holdsBackApp: boolean;
  traceId: string | null;
};

/** What a failed attempt means; null for an error that is not about this token. */
export function failureOf(error: unknown): Failure | null {
  if (error instanceof InstagramError) {
    const { code, needsReauth, retryAfterMs, throttleScope, traceId } = error;
    return {
      code,
      // Instagram may say more than the category: a permission that the person took back needs the person.
      class: needsReauth ? "reconnect" : FAILURE_CLASSES[code],
      retryAfterMs: retryAfterMs ?? null,
      holdsBackApp: throttleScope === "app",
      traceId: traceId ?? null,
    };
  }
  if (error instanceof TokenSealError) return ownFailure("token_unreadable");
  if (error instanceof ConnectionError && error.code in FAILURE_CLASSES)
    return ownFailure(error.code as RefreshErrorCode);
  return null;
}

function ownFailure(code: RefreshErrorCode): Failure {
  return {
    code,
    class: FAILURE_CLASSES[code],
    retryAfterMs: null,
    holdsBackApp: false,
    traceId: null,
  };
}
