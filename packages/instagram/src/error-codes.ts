/**
 * What Instagram or Facebook said, in the categories this product decides by. Stable.
 *
 * @see https://developers.facebook.com/docs/graph-api/guides/error-handling
 */
export const INSTAGRAM_ERROR_CODES = [
  "code_used",
  "code_expired",
  "redirect_uri_mismatch",
  "invalid_client",
  "token_expired",
  "token_invalid",
  "token_revoked",
  "permission_missing",
  "rate_limited",
  "transient",
  "token_too_young",
  "user_denied",
  "account_not_eligible",
  "app_not_available",
  "unknown",
] as const;

/** One of {@link INSTAGRAM_ERROR_CODES}. */
export type InstagramErrorCode = (typeof INSTAGRAM_ERROR_CODES)[number];

/** The calls this package makes, as errors, logs and metrics name them. */
export type InstagramOperation =
  | "exchange_code"
  | "exchange_for_long_lived_token"
  | "refresh_long_lived_token"
  | "fetch_profile"
  | "fetch_profile_details"
  | "fetch_recent_media"
  | "fetch_publishing_quota"
  | "probe_token"
  | "inspect_token"
  | "fetch_pages"
  | "fetch_permissions"
  | "revoke"
  | "check_credentials";

/** How each call is named in a sentence for people. */
export const OPERATION_PHRASES: Readonly<Record<InstagramOperation, string>> = {
  exchange_code: "Exchanging the authorization code",
  exchange_for_long_lived_token: "Exchanging the short-lived token for a long-lived one",
  refresh_long_lived_token: "Refreshing the long-lived token",
  fetch_profile: "Reading the profile",
  fetch_profile_details: "Reading the profile's details",
  fetch_recent_media: "Reading the recent media",
  fetch_publishing_quota: "Reading the publishing quota",
  probe_token: "Probing the token",
  inspect_token: "Inspecting the token",
  fetch_pages: "Reading the Pages",
  fetch_permissions: "Reading the permissions",
  revoke: "Revoking the permissions",
  check_credentials: "Checking the app id and secret",
};
