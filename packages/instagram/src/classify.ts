import type { InstagramOperation } from "./error-codes.ts";
import { reasonRow, type InstagramErrorReason } from "./error-reasons.ts";
import {
  BAD_REQUEST_CODES,
  PARAMETER_SUBCODES,
  PERMISSION_CODES,
  reasonOfCode,
  reasonOfText,
  THROTTLE_CODES,
  TOKEN_CODES,
  TOKEN_SUBCODES,
  TOKEN_TEXT_RULES,
  type TextRule,
} from "./error-rules.ts";
import { InstagramError } from "./errors.ts";
import type { TransportError } from "./transport-error.ts";
import { headerOf, isAppUsedUp, parseUsageHeaders, retryAfterMsOf, type UsageReport } from "./usage.ts";
import type { ErrorEnvelope } from "./wire.ts";

/** An answer that is not what was asked for. */
export type FailedAnswer = {
  operation: InstagramOperation;
  status: number;
  headers: Readonly<Record<string, string>>;
  /** `unreadable`: no JSON object. `incomplete`: one without what it must hold. */
  body: ErrorEnvelope | "unreadable" | "incomplete";
  /** What was sent: a trace id that repeats part of it is dropped. */
  sent: string;
  textRules: readonly TextRule[];
  /** The access token sent was the app's own: a refusal of it is about our id and secret, not about a person. */
  isAboutOurApp: boolean;
  now: Date;
  /** How long until the token sent is old enough to be refreshed; 0 when it is, or is not known. */
  tooYoungForMs: number;
};

type Verdict = { reason: InstagramErrorReason; isDefinite: boolean };

/**
 * A call that ended without an answer: step (1) of the order of decision. An authorization code is sent
 * once: when it may have arrived, only a new sign-in helps.
 *
 * @see https://developers.facebook.com/documentation/instagram-platform/instagram-api-with-instagram-login/business-login
 */
export function errorOfTransport(operation: InstagramOperation, cause: TransportError): InstagramError {
  const isSent = cause.requestMayHaveBeenProcessed;
  const reason = cause.code === "redirect_refused" ? "redirected" : isSent ? "answer_lost" : "not_reached";
  return new InstagramError({
    code: "transient",
    operation,
    reason,
    ...flagsOf(operation, reason, isSent),
    httpStatus: cause.httpStatus,
    cause,
  });
}

/**
 * An answer that is an error, or no answer at all in what it says: steps (2) to (8) of the order of
 * decision, first match first.
 *
 * @see https://developers.facebook.com/docs/graph-api/guides/error-handling
 */
export function errorOfAnswer(answer: FailedAnswer): InstagramError {
  const { operation, status, headers, body, tooYoungForMs } = answer;
  const envelope = typeof body === "string" ? undefined : body;
  const usage = parseUsageHeaders(headers);
  const verdict = ofWholeApp(decide(answer), usage);
  const isTooYoung = tooYoungForMs > 0 && isUnsettledUnder24Hours(verdict);
  const reason = isTooYoung ? "token_too_young" : verdict.reason;
  const row = reasonRow(reason);
  const flags = flagsOf(operation, reason, true);
  const saidMs = retryAfterMsOf(headers, usage, answer.now);
  return new InstagramError({
    code: row.code,
    operation,
    reason,
    ...flags,
    httpStatus: status,
    metaCode: envelope?.code,
    metaSubcode: envelope?.subcode,
    traceId: traceIdOf(headers, envelope, answer.sent),
    retryAfterMs: isTooYoung ? tooYoungForMs : row.retryable ? (saidMs ?? row.retryAfterMs) : undefined,
  });
}

function decide({ operation, status, body, textRules, isAboutOurApp }: FailedAnswer): Verdict {
  if (body === "incomplete") return guess("answer_incomplete");
  if (body === "unreadable") return guess(reasonOfStatus(status) ?? "unrecognised"); // (2)
  const message = body.message.toLowerCase();

  const exact = reasonOfText(textRules, message, operation); // (3)
  if (exact !== undefined) return guess(exact);
  const parameter = body.code === 100 ? PARAMETER_SUBCODES.get(body.subcode ?? 0) : undefined;
  if (parameter !== undefined) return guess(parameter);

  if (body.code !== undefined && TOKEN_CODES.has(body.code)) {
    return isAboutOurApp ? guess("app_credentials_refused") : decideToken(body, message, operation); // (4)
  }

  // some bodies repeat the status under HTTP 200
  const realStatus = status < 400 && body.status !== undefined ? body.status : status;
  const throttle = reasonOfCode(THROTTLE_CODES, body.code); // (5)
  if (throttle !== undefined) return guess(throttle);
  if (realStatus === 429) return guess("throttled");

  const permission = reasonOfCode(PERMISSION_CODES, body.code); // (6)
  if (permission !== undefined) return guess(permission);

  if (body.isTransient || body.code === 1 || body.code === 2 || realStatus >= 500) return guess("outage"); // (7)
  return guess(reasonOfCode(BAD_REQUEST_CODES, body.code) ?? "unrecognised"); // (8)
}

function decideToken(body: ErrorEnvelope, message: string, operation: InstagramOperation): Verdict {
  // without its text: the code alone, on this call, means the token is long-lived already
  if (body.code === 452 && operation === "exchange_for_long_lived_token") return guess("already_long_lived");
  const known = body.subcode === undefined ? undefined : TOKEN_SUBCODES.get(body.subcode);
  if (known !== undefined) return { reason: known, isDefinite: true };
  return guess(reasonOfText(TOKEN_TEXT_RULES, message, operation) ?? "token_rejected");
}

/** A throttle that does not say whose limit it is, while the app has used up its own, is the app's. */
function ofWholeApp(verdict: Verdict, usage: UsageReport | undefined): Verdict {
  return verdict.reason === "throttled" && isAppUsedUp(usage) ? guess("app_throttled") : verdict;
}

function guess(reason: InstagramErrorReason): Verdict {
  return { reason, isDefinite: false };
}

/** What a status alone says when the body says nothing. */
function reasonOfStatus(status: number): InstagramErrorReason | undefined {
  if (status === 429) return "throttled";
  if (status >= 500) return "outage";
  if (status >= 300 && status < 400) return "redirected";
  return status < 300 ? "answer_unreadable" : undefined;
}

/** How Instagram refuses a token under 24 hours is not settled: only a known subcode proves it dead. */
function isUnsettledUnder24Hours({ reason, isDefinite }: Verdict): boolean {
  const { code } = reasonRow(reason);
  return !isDefinite && code !== "transient" && code !== "rate_limited" && code !== "invalid_client";
}

function flagsOf(
  operation: InstagramOperation,
  reason: InstagramErrorReason,
  mayHaveBeenProcessed: boolean,
): { retryable: boolean; needsReauth: boolean } {
  const { retryable, needsReauth } = reasonRow(reason);
  const isSpent = operation === "exchange_code" && mayHaveBeenProcessed && retryable;
  return isSpent ? { retryable: false, needsReauth: true } : { retryable, needsReauth };
}

/** Meta's trace id from the body or the headers, unless it repeats part of what we sent. */
export function traceIdOf(
  headers: Readonly<Record<string, string>>,
  envelope: ErrorEnvelope | undefined,
  sent: string,
): string | undefined {
  const traceId = envelope?.traceId ?? headerOf(headers, "x-fb-trace-id");
  if (traceId === undefined || !/^[A-Za-z0-9_-]{1,64}$/.test(traceId)) return undefined;
  return repeatsPartOf(traceId, sent) ? undefined : traceId;
}

/** As many characters in a row as a leak is searched for by. */
const REPEATED_RUN = 12;

function repeatsPartOf(text: string, sent: string): boolean {
  for (let at = 0; at + REPEATED_RUN <= text.length; at += 1) {
    if (sent.includes(text.slice(at, at + REPEATED_RUN))) return true;
  }
  return false;
}
