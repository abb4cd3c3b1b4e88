/** A scope of Instagram Login that exists today. */
export type InstagramScope =
  | "instagram_business_basic"
  | "instagram_business_content_publish"
  | "instagram_business_manage_comments"
  | "instagram_business_manage_messages"
  | "instagram_business_manage_insights";

/**
 * Every scope of Instagram Login and what it is for. `instagram_business_basic` must be part of every
 * request.
 *
 * @see https://developers.facebook.com/documentation/instagram-platform/instagram-api-with-instagram-login/business-login
 */
export const INSTAGRAM_SCOPES: readonly { name: InstagramScope; purpose: string }[] = [
  { name: "instagram_business_basic", purpose: "Read the profile and the media; renew the token." },
  { name: "instagram_business_content_publish", purpose: "Publish photos, videos, reels and stories." },
  { name: "instagram_business_manage_comments", purpose: "Read, answer, hide and delete comments." },
  { name: "instagram_business_manage_messages", purpose: "Read and answer direct messages." },
  { name: "instagram_business_manage_insights", purpose: "Read the figures of the account and its media." },
];

/** What is asked for unless somebody asks for more: enough to show an account and to publish to it. */
export const DEFAULT_SCOPES: readonly InstagramScope[] = [
  "instagram_business_basic",
  "instagram_business_content_publish",
];

/**
 * Scopes old guides still name, and what to ask for instead; null where nothing took their place. Asking
 * for one of them breaks the sign-in.
 */
export const RETIRED_SCOPES: ReadonlyMap<string, InstagramScope | null> = new Map([
  ["user_profile", "instagram_business_basic"],
  ["user_media", "instagram_business_basic"],
  ["business_basic", "instagram_business_basic"],
  ["business_content_publish", "instagram_business_content_publish"],
  ["business_manage_comments", "instagram_business_manage_comments"],
  ["business_manage_messages", "instagram_business_manage_messages"],
  ["instagram_business_content_publishing", "instagram_business_content_publish"],
] as const);
