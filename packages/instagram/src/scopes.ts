import {
  ENDINGS,
  FACEBOOK_SCOPES,
  INSTAGRAM_SCOPES,
  type FacebookScope,
  type InstagramScope,
} from "./dated-facts.ts";

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

const FAMILIES: ReadonlyMap<string, "Instagram Login" | "Facebook Login"> = new Map([
  ...INSTAGRAM_SCOPES.map(({ name }) => [name, "Instagram Login"] as const),
  ...FACEBOOK_SCOPES.map(({ name }) => [name, "Facebook Login"] as const),
]);

/** What guides still name and nobody can grant any more, and what to ask for instead. */
const RETIRED: ReadonlyMap<string, string> = new Map(
  ENDINGS.filter(({ kind, name }) => kind === "scope" && !FAMILIES.has(name)).map(({ name, instead }) => [
    name,
    instead,
  ]),
);

/**
 * Refuses scopes of the other login, and those that Meta has ended, which nobody can grant: the person would see an
 * error page instead of the question.
 *
 * @throws {TypeError} naming the first of them.
 */
export function refuseUngrantable(
  scopes: readonly string[],
  login: "Instagram Login" | "Facebook Login",
): void {
  for (const scope of scopes) {
    const family = FAMILIES.get(scope) ?? login;
    if (family !== login) throw new TypeError(`The scope ${scope} is one of ${family}, not of ${login}.`);
    const instead = RETIRED.get(scope);
    if (instead !== undefined)
      throw new TypeError(`The scope ${scope} is one that Meta has ended: ask for ${instead}.`);
  }
}
