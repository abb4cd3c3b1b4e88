import type { InstagramErrorCode } from "./error-codes.ts";

type Reason = {
  code: InstagramErrorCode;
  /** The same call may work later without a person. */
  retryable: boolean;
  /** Only a new sign-in helps. */
  needsReauth: boolean;
  /** What it means, in our words: upstream text may reflect tokens. */
  meaning: string;
  /** What to do about it. */
  cure: string;
  /** How long to stay away when the answer itself does not say. */
  retryAfterMs?: number;
  /** What a throttle stops. */
  throttleScope?: ThrottleScope;
};

/** What a throttle stops: every call of the app, or the calls for one account. */
export type ThrottleScope = "app" | "account";

const reconnect = { retryable: false, needsReauth: true } as const;
const operator = { retryable: false, needsReauth: false } as const;
const later = { retryable: true, needsReauth: false } as const;
const throttledApp = { code: "rate_limited", ...later, throttleScope: "app" } as const;
const throttledAccount = { code: "rate_limited", ...later, throttleScope: "account" } as const;

const HOUR_MS = 3_600_000;

/**
 * Why a call failed, one step finer than its code. The table is the only place where a reason gets its
 * category, its two flags and its sentence.
 */
export const ERROR_REASONS = {
  // the authorization code
  code_used: {
    code: "code_used",
    ...reconnect,
    meaning: "the authorization code is unknown or was used before",
    cure: "Start the sign-in again",
  },
  code_expired: {
    code: "code_expired",
    ...reconnect,
    meaning: "the authorization code has expired",
    cure: "Start the sign-in again",
  },
  code_malformed: {
    code: "code_used",
    ...reconnect,
    meaning: "this is not an authorization code Meta knows",
    cure: "Start the sign-in again",
  },

  // how the app is set up
  redirect_uri_mismatch: {
    code: "redirect_uri_mismatch",
    ...operator,
    meaning: "the redirect URI differs from the one the sign-in began with, or the app secret is wrong",
    cure: "Compare both with the app dashboard",
  },
  redirect_uri_not_registered: {
    code: "redirect_uri_mismatch",
    ...operator,
    meaning: "the redirect URI is not registered for this app",
    cure: "Add it to the app dashboard letter for letter",
  },
  wrong_kind_of_app_id: {
    code: "invalid_client",
    ...operator,
    meaning: "this is not an Instagram app id",
    cure: "Instagram Login needs the Instagram app id, not the Meta one",
  },
  app_unknown: {
    code: "invalid_client",
    ...operator,
    meaning: "the app id is not known",
    cure: "Compare it with the app dashboard: Facebook Login needs the Meta app id, Instagram Login the Instagram one",
  },
  app_credentials_refused: {
    code: "invalid_client",
    ...operator,
    meaning: "the app id and the app secret do not belong together",
    cure: "Copy both from the app dashboard again",
  },
  secret_proof_refused: {
    code: "invalid_client",
    ...operator,
    meaning: "the proof of the app secret does not fit the token",
    cure: "Compare the app secret with the app dashboard; a token of another app is refused like this too",
  },
  client_secret_wrong: {
    code: "invalid_client",
    ...operator,
    meaning: "the app secret is wrong",
    cure: "Copy it from the app dashboard again",
  },
  unsupported_request: {
    code: "app_not_available",
    ...operator,
    meaning: "Meta does not let this app work with the account",
    cure: "Check tester roles, app review and business verification; the token may well be alive",
  },
  app_blocked: {
    code: "app_not_available",
    ...operator,
    meaning: "Meta has blocked this app",
    cure: "Look for notices in the app dashboard",
  },
  app_lacks_capability: {
    code: "app_not_available",
    ...operator,
    meaning: "this app lacks the capability",
    cure: "Add the product or permission in the app dashboard",
  },

  // the account
  tester_role_missing: {
    code: "account_not_eligible",
    ...operator,
    meaning: "the app is in development and the account is not one of its testers",
    cure: "Add it as an Instagram tester and let the account accept",
  },
  account_not_professional: {
    code: "account_not_eligible",
    ...operator,
    meaning: "the account is not a professional one",
    cure: "Switch it to Business or Creator, then sign in again",
  },

  page_without_account: {
    code: "account_not_eligible",
    ...operator,
    meaning: "no professional Instagram account is linked to the Page",
    cure: "Link one in the Page's settings, then sign in again",
  },

  // the token
  page_token_needed: {
    code: "account_not_eligible",
    ...operator,
    meaning: "this is a person's token or an app's, not a Page's",
    cure: "Use the token of the Page the Instagram account is linked to",
  },
  user_token_needed: {
    code: "account_not_eligible",
    ...operator,
    meaning: "this is a Page's token or an app's, not a person's",
    cure: "Use the token a sign-in gave",
  },
  foreign_app: {
    code: "token_invalid",
    ...reconnect,
    meaning: "the token was issued to another app",
    cure: "Sign in again with this one",
  },
  data_access_ended: {
    code: "token_expired",
    ...reconnect,
    meaning: "the access to the person's data has ended, as it does when they stay away for 90 days",
    cure: "Sign in again",
  },
  token_expired: {
    code: "token_expired",
    ...reconnect,
    meaning: "the token has expired and cannot be renewed any more",
    cure: "Sign in again",
  },
  app_removed: {
    code: "token_revoked",
    ...reconnect,
    meaning: "the person has removed the app",
    cure: "Sign in again",
  },
  password_changed: {
    code: "token_revoked",
    ...reconnect,
    meaning: "the password was changed or the session was reset for security",
    cure: "Sign in again",
  },
  checkpoint: {
    code: "token_invalid",
    ...reconnect,
    meaning: "Instagram or Facebook wants the person to confirm something first",
    cure: "Open it there, then sign in again",
  },
  user_not_confirmed: {
    code: "token_invalid",
    ...reconnect,
    meaning: "the account is not confirmed",
    cure: "Confirm it there, then sign in again",
  },
  logged_out: {
    code: "token_invalid",
    ...reconnect,
    meaning: "the session behind the token was ended",
    cure: "Sign in again",
  },
  page_role_lost: {
    code: "permission_missing",
    ...reconnect,
    meaning: "the person no longer has a role on the Page",
    cure: "Restore the role, then sign in again",
  },
  token_unreadable: {
    code: "token_invalid",
    ...reconnect,
    meaning: "Meta cannot read the token",
    cure: "Check that it belongs to this kind of login and was stored whole, then sign in again",
  },
  token_rejected: {
    code: "token_invalid",
    ...reconnect,
    meaning: "Meta no longer accepts the token",
    cure: "Sign in again",
  },
  already_long_lived: {
    code: "token_invalid",
    ...operator,
    meaning: "the token is long-lived already",
    cure: "Refresh it instead",
  },
  token_too_young: {
    code: "token_too_young",
    ...later,
    meaning: "a token can be renewed only once it is 24 hours old",
    cure: "Keep it and try later",
  },
  permission_missing: {
    code: "permission_missing",
    ...reconnect,
    meaning: "a permission is missing",
    cure: "Sign in again and leave it ticked, or get it approved for the app",
  },

  // throttles, by what they stop. Only the app's own limit stops everybody: a person's (17), a Page's (32) and
  // an account's (80000 and up, counted per app and account) leave the others their share, and so does a block
  // of what one account did (368). A throttle that does not say whose limit it is (613, a bare 429) is taken for
  // the account's, unless X-App-Usage says that the app has used up its own: if it was the app's after all, the
  // next call says so, while the other way round one account would keep all the others waiting.
  app_throttled: {
    ...throttledApp,
    // X-App-Usage counts over a rolling hour, and calls made meanwhile prolong the block
    retryAfterMs: HOUR_MS,
    meaning: "the whole app has reached its limit",
    cure: "Stop all its calls for a while",
  },
  user_throttled: {
    ...throttledAccount,
    meaning: "this person's calls have reached their limit",
    cure: "Wait",
  },
  page_throttled: {
    ...throttledAccount,
    meaning: "this Page's calls have reached their limit",
    cure: "Wait",
  },
  account_throttled: {
    ...throttledAccount,
    meaning: "this account's calls have reached their limit",
    cure: "Wait",
  },
  throttled: { ...throttledAccount, meaning: "too many calls", cure: "Wait" },
  blocked_for_a_while: {
    ...throttledAccount,
    retryAfterMs: 6 * HOUR_MS, // "much later" in Meta's words; still several attempts within a day
    meaning: "Meta has blocked this action for a while",
    cure: "Wait for hours, not minutes",
  },

  // nobody's fault for long
  not_reached: {
    code: "transient",
    ...later,
    meaning: "Meta could not be reached; nothing was sent",
    cure: "Try again later",
  },
  answer_lost: {
    code: "transient",
    ...later,
    meaning: "the connection failed before a whole answer arrived",
    cure: "Try again later",
  },
  redirected: {
    code: "transient",
    ...later,
    meaning: "the answer was a redirect, which is never followed",
    cure: "Try again later",
  },
  answer_unreadable: {
    code: "transient",
    ...later,
    meaning: "the answer was not one Meta's API gives",
    cure: "Try again later",
  },
  outage: {
    code: "transient",
    ...later,
    meaning: "Meta reports a fault of its own",
    cure: "Try again later",
  },

  // the rest
  denied: {
    code: "user_denied",
    ...reconnect,
    meaning: "the person did not allow the connection",
    cure: "They can begin again at any time",
  },
  version_ended: {
    code: "unknown",
    ...operator,
    meaning: "the version of Meta's API that is called has ended",
    cure: "Name a later one in GRAPH_VERSION",
  },
  bad_request: {
    code: "unknown",
    ...operator,
    meaning: "Meta did not accept the request",
    cure: "Nothing follows from this for the token",
  },
  answer_incomplete: {
    code: "unknown",
    ...later,
    meaning: "the answer lacks what it must hold",
    cure: "Nothing follows from this for the token",
  },
  unrecognised: {
    code: "unknown",
    ...later,
    meaning: "Meta answered with an error we do not know",
    cure: "Nothing follows from this for the token",
  },
} as const satisfies Record<string, Reason>;

/** Why a call failed, one step finer than its code: what to tell a person apart from what to do. Stable. */
export type InstagramErrorReason = keyof typeof ERROR_REASONS;

/** A row of the table, with the optional column readable on every row. */
export function reasonRow(reason: InstagramErrorReason): Reason {
  return ERROR_REASONS[reason];
}
