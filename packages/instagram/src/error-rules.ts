import type { InstagramOperation } from "./error-codes.ts";
import type { InstagramErrorReason } from "./error-reasons.ts";

/** One text that means something more exact than the code beside it. */
export type TextRule = {
  /** Part of the upstream message, in lower case. */
  contains: string;
  reason: InstagramErrorReason;
  /** Only on these calls; without it, on all. */
  operations?: readonly InstagramOperation[];
};

/**
 * Texts that win over the generic meaning of their code, first match first. Facebook Login has a table of its
 * own.
 *
 * @see https://developers.facebook.com/documentation/instagram-platform/instagram-api-with-instagram-login/business-login
 */
export const INSTAGRAM_TEXT_RULES: readonly TextRule[] = [
  // A3: the authorization code
  { contains: "matching code was not found or was already used", reason: "code_used" },
  { contains: "no matching code found", reason: "code_used" },
  { contains: "authorization code has been used", reason: "code_used" },
  { contains: "authorization code has expired", reason: "code_expired" },
  { contains: "invalid authorization code", reason: "code_malformed" },
  // A3: redirect URI, app id, app secret, roles
  { contains: "error validating verification code", reason: "redirect_uri_mismatch" },
  { contains: "invalid redirect_uri", reason: "redirect_uri_not_registered" },
  { contains: "redirect uri does not match registered redirect uri", reason: "redirect_uri_not_registered" },
  { contains: "redirect_uri isn't an absolute uri", reason: "redirect_uri_mismatch" },
  { contains: "invalid platform app", reason: "wrong_kind_of_app_id" },
  { contains: "invalid client secret", reason: "client_secret_wrong" },
  { contains: "error validating client secret", reason: "client_secret_wrong" },
  { contains: "missing required field client_id", reason: "app_unknown" },
  { contains: "missing client_id parameter", reason: "app_unknown" },
  { contains: "no application data was given", reason: "app_unknown" },
  { contains: "cannot get application info", reason: "app_unknown" },
  { contains: "invalid application id", reason: "app_unknown" },
  { contains: "insufficient developer role", reason: "tester_role_missing" },
  { contains: "the user is not an instagram business", reason: "account_not_professional" },
  // A4: a token from the dashboard's "Generate token" is long-lived from the start
  {
    contains: "session key invalid",
    reason: "already_long_lived",
    operations: ["exchange_for_long_lived_token"],
  },
  // A5: no verified text exists; these are the words of the documentation page
  {
    contains: "at least 24 hours",
    reason: "token_too_young",
    operations: ["refresh_long_lived_token"],
  },
  // C4: not about the HTTP method
  { contains: "unsupported request - method type", reason: "unsupported_request" },
  { contains: "api access blocked", reason: "app_blocked" },
  { contains: "calling a deprecated version of the api", reason: "version_ended" },
];

/**
 * What Facebook Login's texts mean, first match first: a wrong secret comes under code 1, an unknown app under
 * 101 as a "system error", so the text has to be read before the code.
 *
 * @see https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow
 */
export const FACEBOOK_TEXT_RULES: readonly TextRule[] = [
  // B2: the authorization code, the redirect URI, the app
  { contains: "authorization code has been used", reason: "code_used" },
  { contains: "authorization code has expired", reason: "code_expired" },
  { contains: "invalid verification code format", reason: "code_malformed" },
  { contains: "error validating verification code", reason: "redirect_uri_mismatch" },
  { contains: "redirect_uri isn't an absolute uri", reason: "redirect_uri_mismatch" },
  { contains: "error validating client secret", reason: "client_secret_wrong" },
  { contains: "invalid client secret", reason: "client_secret_wrong" },
  { contains: "error validating application", reason: "app_unknown" },
  { contains: "cannot get application info", reason: "app_unknown" },
  { contains: "missing client_id parameter", reason: "app_unknown" },
  { contains: "invalid application id", reason: "app_unknown" },
  // B4: a field of one kind of node asked of another
  { contains: "nonexisting field (instagram_business_account)", reason: "page_token_needed" },
  {
    contains: "nonexisting field (accounts)",
    reason: "user_token_needed",
    operations: ["fetch_pages"],
  },
  // B5: an app may inspect no tokens but its own
  { contains: "did not match the viewing app", reason: "foreign_app", operations: ["inspect_token"] },
  { contains: "you must provide an app access token", reason: "foreign_app", operations: ["inspect_token"] },
  // B6
  { contains: "appsecret_proof", reason: "secret_proof_refused" },
  // C4, C5
  { contains: "the user is not an instagram business", reason: "account_not_professional" },
  { contains: "unsupported request - method type", reason: "unsupported_request" },
  { contains: "api access blocked", reason: "app_blocked" },
  { contains: "calling a deprecated version of the api", reason: "version_ended" },
];

/**
 * Subcodes of 100 at the code exchange, for when Meta's wording changes.
 *
 * @see https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow
 */
export const PARAMETER_SUBCODES: ReadonlyMap<number, InstagramErrorReason> = new Map([
  [36007, "code_expired"],
  [36008, "redirect_uri_mismatch"],
  [36009, "code_used"],
] as const);

/** Codes that say the token itself was refused; their subcode says why. */
export const TOKEN_CODES: ReadonlySet<number> = new Set([102, 190, 452]);

/** @see https://developers.facebook.com/docs/graph-api/guides/error-handling */
export const TOKEN_SUBCODES: ReadonlyMap<number, InstagramErrorReason> = new Map([
  [458, "app_removed"],
  [459, "checkpoint"],
  [460, "password_changed"],
  [463, "token_expired"],
  [464, "user_not_confirmed"],
  [467, "logged_out"],
  [492, "page_role_lost"],
  [493, "data_access_ended"],
] as const);

/** What a token refusal without a known subcode says in words. Dates in it are Pacific time: not read. */
export const TOKEN_TEXT_RULES: readonly TextRule[] = [
  { contains: "has not authorized application", reason: "app_removed" },
  { contains: "you cannot access the app till you log in", reason: "checkpoint" },
  { contains: "changed their password", reason: "password_changed" },
  { contains: "session has expired", reason: "token_expired" },
  { contains: "not a confirmed user", reason: "user_not_confirmed" },
  { contains: "user logged out", reason: "logged_out" },
  { contains: "administrator of the page", reason: "page_role_lost" },
  { contains: "hasn't engaged the app in longer than", reason: "data_access_ended" },
  { contains: "cannot parse access token", reason: "token_unreadable" },
  { contains: "access token could not be decrypted", reason: "token_unreadable" },
];

/** Codes from one number to another, and what they mean. */
export type CodeRule = { from: number; to: number; reason: InstagramErrorReason };

const one = (code: number, reason: InstagramErrorReason): CodeRule => ({ from: code, to: code, reason });

/** @see https://developers.facebook.com/docs/graph-api/overview/rate-limiting */
export const THROTTLE_CODES: readonly CodeRule[] = [
  one(4, "app_throttled"),
  one(17, "user_throttled"),
  one(32, "page_throttled"),
  one(341, "app_throttled"),
  one(368, "blocked_for_a_while"),
  one(613, "throttled"),
  one(80001, "page_throttled"),
  { from: 80000, to: 80014, reason: "account_throttled" },
];

/** @see https://developers.facebook.com/docs/graph-api/guides/error-handling */
export const PERMISSION_CODES: readonly CodeRule[] = [
  one(3, "app_lacks_capability"),
  one(10, "permission_missing"),
  one(101, "app_unknown"),
  one(191, "redirect_uri_mismatch"),
  { from: 200, to: 299, reason: "permission_missing" },
];

/** Codes for which the same call never works, and which prove nothing about the token. */
export const BAD_REQUEST_CODES: readonly CodeRule[] = [
  one(100, "bad_request"),
  one(506, "bad_request"),
  one(803, "bad_request"),
  one(2500, "bad_request"),
  one(2635, "version_ended"),
];

/** A text by which a reason is known at a login, to play it again; null where it is known by a code alone. */
export function textOfReason(reason: InstagramErrorReason, flavour: "instagram" | "facebook"): string | null {
  const ofLogin = flavour === "instagram" ? INSTAGRAM_TEXT_RULES : FACEBOOK_TEXT_RULES;
  return [...ofLogin, ...TOKEN_TEXT_RULES].find((rule) => rule.reason === reason)?.contains ?? null;
}

/** The first rule for this code. */
export function reasonOfCode(
  rules: readonly CodeRule[],
  code: number | undefined,
): InstagramErrorReason | undefined {
  if (code === undefined) return undefined;
  return rules.find((rule) => code >= rule.from && code <= rule.to)?.reason;
}

/** The first rule whose text is part of this message, which must be in lower case. */
export function reasonOfText(
  rules: readonly TextRule[],
  message: string,
  operation: InstagramOperation,
): InstagramErrorReason | undefined {
  return rules.find(
    ({ contains, operations }) =>
      message.includes(contains) && (operations === undefined || operations.includes(operation)),
  )?.reason;
}
