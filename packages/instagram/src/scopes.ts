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

/** A scope of Facebook Login an Instagram account is connected with. */
export type FacebookScope =
  | "instagram_basic"
  | "pages_show_list"
  | "pages_read_engagement"
  | "instagram_content_publish"
  | "instagram_manage_comments"
  | "instagram_manage_insights"
  | "business_management"
  | "ads_management"
  | "ads_read";

/**
 * The scopes of Facebook Login an Instagram account is connected with, and what each is for. They cannot take
 * the place of those of Instagram Login.
 *
 * @see https://developers.facebook.com/docs/instagram-platform/instagram-api-with-facebook-login/business-login-for-instagram
 */
export const FACEBOOK_SCOPES: readonly { name: FacebookScope; purpose: string }[] = [
  { name: "instagram_basic", purpose: "Read the profile and the media." },
  { name: "pages_show_list", purpose: "List the Pages, and with them the accounts." },
  { name: "pages_read_engagement", purpose: "Read the Pages the accounts are linked to." },
  { name: "instagram_content_publish", purpose: "Publish photos, videos, reels and stories." },
  { name: "instagram_manage_comments", purpose: "Read, answer, hide and delete comments." },
  { name: "instagram_manage_insights", purpose: "Read the figures of the account and its media." },
  { name: "business_management", purpose: "List the Pages that a business portfolio owns." },
  { name: "ads_management", purpose: "Use Pages whose role comes through a business portfolio." },
  { name: "ads_read", purpose: "Read Pages whose role comes through a business portfolio." },
];

/** What Facebook Login asks for unless somebody asks for more: enough to find an account and to publish to it. */
export const FACEBOOK_DEFAULT_SCOPES: readonly FacebookScope[] = [
  "instagram_basic",
  "pages_show_list",
  "pages_read_engagement",
  "instagram_content_publish",
  "business_management",
];

/** What Instagram Login asks for unless somebody asks for more: enough to show an account and to publish to it. */
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

const FAMILIES: ReadonlyMap<string, "Instagram Login" | "Facebook Login"> = new Map([
  ...INSTAGRAM_SCOPES.map(({ name }) => [name, "Instagram Login"] as const),
  ...FACEBOOK_SCOPES.map(({ name }) => [name, "Facebook Login"] as const),
]);

/**
 * Refuses scopes of the other login, which nobody can grant: the person would see an error page instead of the
 * question.
 *
 * @throws {TypeError} naming the first of them.
 */
export function refuseOtherFamily(
  scopes: readonly string[],
  login: "Instagram Login" | "Facebook Login",
): void {
  for (const scope of scopes) {
    const family = FAMILIES.get(scope) ?? login;
    if (family !== login) throw new TypeError(`The scope ${scope} is one of ${family}, not of ${login}.`);
  }
}
