/** Granted to every app that somebody signs in to. */
export const PUBLIC_PROFILE = "public_profile";
export const BASIC = "instagram_basic";
export const CONTENT_PUBLISH = "instagram_content_publish";
export const PAGES_SHOW_LIST = "pages_show_list";
export const PAGES_READ_ENGAGEMENT = "pages_read_engagement";
export const BUSINESS_MANAGEMENT = "business_management";

/** What each scope of Facebook Login is for, in words for the dialog. */
export const SCOPES: Readonly<Record<string, string>> = {
  [PUBLIC_PROFILE]: "See your name and picture",
  email: "See your e-mail address",
  [PAGES_SHOW_LIST]: "See the list of Pages you manage",
  [PAGES_READ_ENGAGEMENT]: "Read what is on your Pages",
  [BASIC]: "See profile and posts of the Instagram accounts of your Pages",
  [CONTENT_PUBLISH]: "Publish posts to these Instagram accounts",
  instagram_manage_comments: "Read and answer comments there",
  instagram_manage_insights: "Read the figures of account and posts",
  [BUSINESS_MANAGEMENT]: "See your business portfolios and what they own",
  ads_management: "Manage your ads",
  ads_read: "Read the figures of your ads",
};

/** What an app asks for that works with Instagram by way of Facebook. */
export const USUAL_SCOPES: readonly string[] = [
  BASIC,
  PAGES_SHOW_LIST,
  PAGES_READ_ENGAGEMENT,
  CONTENT_PUBLISH,
  BUSINESS_MANAGEMENT,
];

/** Names that Facebook took out of service, to be told apart from those that never were. */
const RETIRED: readonly string[] = [
  "manage_pages",
  "publish_pages",
  "publish_actions",
  "user_profile",
  "user_media",
  "business_basic",
  "business_content_publish",
];

export type ScopeVerdict =
  | { kind: "fine"; scopes: string[] }
  | { kind: "mixed_families" | "retired" | "invalid"; names: string[] };

/** Reads a comma or space list of scopes as the dialog does. */
export function judgeScopes(text: string): ScopeVerdict {
  const names = [...new Set(text.split(/[\s,]+/).filter((name) => name !== ""))];
  const others = names.filter((name) => !Object.hasOwn(SCOPES, name));
  const ofInstagram = others.filter((name) => name.startsWith("instagram_business_"));
  if (ofInstagram.length > 0) return { kind: "mixed_families", names: ofInstagram };
  const retired = others.filter((name) => RETIRED.includes(name));
  if (retired.length > 0) return { kind: "retired", names: retired };
  return others.length > 0 ? { kind: "invalid", names: others } : { kind: "fine", scopes: names };
}
