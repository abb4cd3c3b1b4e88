import { ERROR_REASONS, type InstagramErrorCode, type InstagramErrorReason } from "@perennial/instagram";

import { cureOf, type During } from "./cure-of.ts";
import { EXPLANATIONS } from "./explanations.ts";
import { stepsUnderWay, workUnderWay, type AttemptStep } from "./transcript.ts";

/** What can go wrong on our side of the wire. */
export type OwnErrorCode =
  | "account_held"
  | "callback_damaged"
  | "choice_invalid"
  | "connection_not_found"
  | "data_access_ending"
  | "erasure_not_confirmed"
  | "flavour_not_configured"
  | "import_not_better"
  | "import_unreadable"
  | "key_action_refused"
  | "key_address_refused"
  | "key_connection_refused"
  | "key_expired"
  | "key_invalid"
  | "key_limit_reached"
  | "key_missing"
  | "key_not_found"
  | "key_revoked"
  | "key_settings_invalid"
  | "reconnect_link_invalid"
  | "reconnect_required"
  | "return_path_refused"
  | "session_changed"
  | "session_not_found"
  | "signed_request_forged"
  | "signed_request_invalid"
  | "signed_request_stale"
  | "sign_in_expired"
  | "sign_in_in_progress"
  | "sign_in_interrupted"
  | "sign_in_unknown"
  | "sign_in_used"
  | "sign_in_wrong_browser"
  | "sign_in_wrong_flavour"
  | "sink_address_not_allowed"
  | "sink_auth_failed"
  | "sink_busy"
  | "sink_command_failed"
  | "sink_file_unreadable"
  | "sink_file_unwritable"
  | "sink_interrupted"
  | "sink_invalid"
  | "sink_limit_reached"
  | "sink_not_allowed"
  | "sink_not_found"
  | "sink_refused"
  | "sink_timed_out"
  | "sink_unreachable"
  | "sink_unreadable"
  | "token_kind_unusable"
  | "token_of_other_app"
  | "token_unreadable"
  | "user_not_found"
  | "too_many_requests"
  | "wrong_account";

/** Every code a use case can fail with: what Instagram said, or what we found ourselves. Stable. */
export type ConnectionErrorCode = InstagramErrorCode | OwnErrorCode;

/** The four steps of a sign-in that the callback page shows. */
export type SignInStep = "code_accepted" | "long_lived_token" | "profile" | "stored";

const SIGN_IN_STEPS: readonly SignInStep[] = ["code_accepted", "long_lived_token", "profile", "stored"];

/** A stored step as far as this version knows it. */
export function signInStepOf(stored: string | null): SignInStep | null {
  return SIGN_IN_STEPS.find((step) => step === stored) ?? null;
}

/** What went wrong, for the person it went wrong for. The message never holds a token, code or secret. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly code: ConnectionErrorCode;
  /** Whether the same thing may work later without anybody's help. */
  readonly retryable: boolean;
  /** What it failed in the middle of. */
  readonly during: During;
  /** What to do about it, in a sentence. */
  readonly cure: string;
  /** The step of the sign-in that failed, where there is one. */
  readonly step: SignInStep | null;
  /** Meta's trace id, where Instagram was the one to refuse. */
  readonly traceId: string | null;
  /** What is particular about this one, in a sentence: part of the message. */
  readonly detail: string | null;
  /** Why, one step finer than the code, where Instagram or Facebook said. */
  readonly reason: InstagramErrorReason | null;
  /** The calls of the work that failed; none where there were none. */
  readonly steps: readonly AttemptStep[];

  constructor(
    code: ConnectionErrorCode,
    details: {
      step?: SignInStep | null;
      traceId?: string | null;
      detail?: string | null;
      reason?: InstagramErrorReason | null;
      steps?: readonly AttemptStep[];
      cause?: unknown;
    } = {},
  ) {
    const explanation = EXPLANATIONS[code];
    const { detail = null, cause } = details;
    const message = detail === null ? explanation.message : `${explanation.message} ${detail}`;
    super(message, cause === undefined ? undefined : { cause });
    this.detail = detail;
    this.code = code;
    this.retryable = explanation.retryable;
    this.step = details.step ?? null;
    this.during = this.step === null ? workUnderWay() : "sign_in";
    this.cure = cureOf(code, this.during);
    this.traceId = details.traceId ?? null;
    this.reason = details.reason ?? null;
    this.steps = details.steps ?? stepsUnderWay();
  }
}

/** Whether a text is one of the codes a use case can fail with. */
export function isErrorCode(text: string): text is ConnectionErrorCode {
  return Object.hasOwn(EXPLANATIONS, text);
}

/** Whether a text is one of the reasons that Meta's answers are told apart by. */
export function isErrorReason(text: string): text is InstagramErrorReason {
  return Object.hasOwn(ERROR_REASONS, text);
}

/** A stored code as far as this version knows it: rows may be of another one. */
export function knownErrorCode(stored: string): ConnectionErrorCode {
  return isErrorCode(stored) ? stored : "unknown";
}
