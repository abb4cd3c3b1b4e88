/** The one permission that cannot be left out. */
export const BASIC = "instagram_business_basic";
export const CONTENT_PUBLISH = "instagram_business_content_publish";

/** What each scope of Instagram Login is for, in words for the consent page. */
export const SCOPES: Readonly<Record<string, string>> = {
  [BASIC]: "See the profile and posts of this account",
  [CONTENT_PUBLISH]: "Publish posts to this account",
  instagram_business_manage_comments: "Read and answer comments",
  instagram_business_manage_messages: "Read and answer messages",
  instagram_business_manage_insights: "Read the figures of account and posts",
};

/** Scopes of Facebook Login and of Basic Display: together with a current one they are refused in words of their own. */
const OTHER_FAMILIES: readonly string[] = [
  "user_profile",
  "user_media",
  "instagram_basic",
  "instagram_content_publish",
  "instagram_manage_comments",
  "instagram_manage_insights",
  "pages_show_list",
  "pages_read_engagement",
  "business_management",
  "ads_management",
  "ads_read",
  "public_profile",
  "email",
];

export type ScopeVerdict =
  | { kind: "fine"; scopes: string[] }
  | { kind: "mixed_families" }
  | { kind: "invalid"; names: string[] };

/** Reads a comma or space list of scopes as the authorize page does. */
export function judgeScopes(text: string): ScopeVerdict {
  const names = [...new Set(text.split(/[\s,]+/).filter((name) => name !== ""))];
  const current = names.filter((name) => Object.hasOwn(SCOPES, name));
  const others = names.filter((name) => !Object.hasOwn(SCOPES, name));
  if (current.length > 0 && others.some((name) => OTHER_FAMILIES.includes(name)))
    return { kind: "mixed_families" };
  if (others.length > 0) return { kind: "invalid", names: others };
  return current.includes(BASIC) ? { kind: "fine", scopes: current } : { kind: "invalid", names: current };
}
