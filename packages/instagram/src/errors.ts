import { OPERATION_PHRASES, type InstagramErrorCode, type InstagramOperation } from "./error-codes.ts";
import { reasonRow, type InstagramErrorReason, type ThrottleScope } from "./error-reasons.ts";
import type { TransportError } from "./transport-error.ts";

/** What an {@link InstagramError} is made of. Flags and message follow from code, reason and operation. */
export type InstagramErrorDetails = {
  code: InstagramErrorCode;
  operation: InstagramOperation;
  /** Why, one step finer than the code. Default: the commonest reason of the code. */
  reason?: InstagramErrorReason | undefined;
  /** Default: what the reason's row says. */
  retryable?: boolean | undefined;
  /** Default: what the reason's row says. */
  needsReauth?: boolean | undefined;
  httpStatus?: number | undefined;
  metaCode?: number | undefined;
  metaSubcode?: number | undefined;
  traceId?: string | undefined;
  retryAfterMs?: number | undefined;
  /** The transport's own failure, which holds no URL. Never an upstream text. */
  cause?: TransportError | undefined;
};

/** The reason an error has when only its code is known. */
const REASON_OF_CODE: Readonly<Record<InstagramErrorCode, InstagramErrorReason>> = {
  code_used: "code_used",
  code_expired: "code_expired",
  redirect_uri_mismatch: "redirect_uri_mismatch",
  invalid_client: "client_secret_wrong",
  token_expired: "token_expired",
  token_invalid: "token_rejected",
  token_revoked: "app_removed",
  permission_missing: "permission_missing",
  rate_limited: "throttled",
  transient: "outage",
  token_too_young: "token_too_young",
  user_denied: "denied",
  account_not_eligible: "account_not_professional",
  app_not_available: "unsupported_request",
  unknown: "unrecognised",
};

const SPENT_CURE = "The code may be spent: start the sign-in again";

const TRACE_ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * What Instagram did instead of what was asked. The message is always one of our own sentences: no token,
 * code, secret, URL query or upstream text ever gets into it.
 *
 * @see https://developers.facebook.com/docs/graph-api/guides/error-handling
 */
export class InstagramError extends Error {
  override readonly name = "InstagramError";
  /** The category to decide by. */
  readonly code: InstagramErrorCode;
  /** Why, one step finer than the code. */
  readonly reason: InstagramErrorReason;
  readonly operation: InstagramOperation;
  /** The same call may work later without a person. */
  readonly retryable: boolean;
  /** Only a new sign-in helps. */
  readonly needsReauth: boolean;
  readonly httpStatus: number | undefined;
  /** Meta's error code. */
  readonly metaCode: number | undefined;
  /** Meta's error subcode. */
  readonly metaSubcode: number | undefined;
  /** Meta's trace id, letters, digits, "_" and "-" only. */
  readonly traceId: string | undefined;
  /**
   * How long to stay away, at most 24 hours: as the answer said, else an hour for the app's limit and six for a
   * block. Undefined where neither is known: the caller's own back-off decides.
   */
  readonly retryAfterMs: number | undefined;
  /** What a throttle stops; null for everything that is no throttle. Follows from the reason. */
  readonly throttleScope: ThrottleScope | null;

  constructor(details: InstagramErrorDetails) {
    const reason = details.reason ?? REASON_OF_CODE[details.code];
    const row = reasonRow(reason);
    const needsReauth = details.needsReauth ?? row.needsReauth;
    // a fault that would pass by itself needs another cure when the call cannot be repeated
    const cure = needsReauth && !row.needsReauth ? SPENT_CURE : row.cure;
    super(
      `${OPERATION_PHRASES[details.operation]} failed: ${row.meaning}. ${cure}.`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = details.code;
    this.reason = reason;
    this.operation = details.operation;
    this.retryable = details.retryable ?? row.retryable;
    this.needsReauth = needsReauth;
    this.httpStatus = details.httpStatus;
    this.metaCode = details.metaCode;
    this.metaSubcode = details.metaSubcode;
    this.traceId =
      details.traceId !== undefined && TRACE_ID.test(details.traceId) ? details.traceId : undefined;
    this.retryAfterMs = details.retryAfterMs;
    this.throttleScope = row.throttleScope ?? null;
  }
}
