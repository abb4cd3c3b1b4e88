import type { InstagramProfile } from "../fetch-profile.ts";
import type { LongLivedToken } from "../long-lived-token.ts";
import type { Page } from "./page.ts";

/** An Instagram account that can be connected, with the Page it is linked to. */
export type FacebookAccount = {
  /** `appScopedId` is the Facebook user id. The account type is not to be had on this host: "unknown". */
  profile: InstagramProfile;
  page: { id: string; name: string };
  /** The Page's token: it has no expiry date, but ends with the access to the person's data. */
  token: LongLivedToken;
};

/**
 * A Page whose Instagram account cannot be connected.
 *
 * - `no_instagram_account` no professional account is linked to it, or this token may not see it
 * - `no_page_task` the person has no task on it that allows to publish, such as MANAGE or CREATE_CONTENT
 * - `no_token` Facebook gave no token for it
 */
export type UnusablePage = {
  id: string;
  /** Its id, where the name is not to be had. */
  name: string;
  reason: "no_instagram_account" | "no_page_task" | "no_token";
};

/** Every Page a person's token reaches. */
export type FacebookPages = {
  /** The Facebook user id: whose token it was. */
  userId: string;
  /** What was granted, read back; null means unknown, not none. */
  permissions: string[] | null;
  accounts: FacebookAccount[];
  unusable: UnusablePage[];
  /**
   * Why there is no account to connect; null when there is one.
   *
   * - `pages_show_list_missing`, `business_management_missing` no Page is to be seen, and this permission,
   *   without which all or some of them are hidden, was not granted
   * - `instagram_basic_missing` there are Pages, but without this permission no account of theirs is to be seen
   * - `no_pages` no Page is to be seen, though both were granted
   * - `no_linked_account` there are Pages, but none to connect an account of: `unusable` says why for each
   */
  emptyBecause:
    | null
    | "no_pages"
    | "business_management_missing"
    | "pages_show_list_missing"
    | "instagram_basic_missing"
    | "no_linked_account";
};

/** What all accounts of one person have in common. */
type Person = {
  userId: string;
  permissions: string[] | null;
  pageToken: Omit<LongLivedToken, "value">;
};

/** Sorts what was found, each Page once, into accounts to connect and Pages that give none. */
export function sortPages(found: readonly (Page | { id: string })[], person: Person): FacebookPages {
  const accounts: FacebookAccount[] = [];
  const unusable: UnusablePage[] = [];
  for (const page of eachOnce(found)) {
    const sorted = sortPage(page, person);
    if ("reason" in sorted) unusable.push(sorted);
    else accounts.push(sorted);
  }
  const { userId, permissions } = person;
  const emptyBecause = accounts.length > 0 ? null : whyEmpty(unusable, permissions);
  return { userId, permissions, accounts, unusable, emptyBecause };
}

/**
 * Where a Page was found twice, the finding that holds its token counts, else the first that says anything; the
 * tasks, which one list alone tells, are kept.
 */
function eachOnce(found: readonly (Page | { id: string })[]): (Page | { id: string })[] {
  const pages = new Map<string, Page | { id: string }>();
  for (const page of found) {
    const known = pages.get(page.id);
    if (known !== undefined && worthOf(page) <= worthOf(known)) continue;
    const knownTasks = known !== undefined && "tasks" in known ? known.tasks : null;
    pages.set(page.id, "tasks" in page ? { ...page, tasks: page.tasks ?? knownTasks } : page);
  }
  return [...pages.values()];
}

function worthOf(page: Page | { id: string }): number {
  if (!("token" in page)) return 0;
  return page.token === null ? 1 : 2;
}

function sortPage(page: Page | { id: string }, person: Person): FacebookAccount | UnusablePage {
  if (!("token" in page)) return { id: page.id, name: page.id, reason: "no_token" };
  const { id, name, account, token } = page;
  if (account === null) return { id, name, reason: "no_instagram_account" };
  if (page.tasks !== null && !page.tasks.some(allowsToPublish)) return { id, name, reason: "no_page_task" };
  if (token === null) return { id, name, reason: "no_token" };
  return {
    profile: { ...account, appScopedId: person.userId, accountType: "unknown" },
    page: { id, name },
    token: { value: token, ...person.pageToken },
  };
}

/** Also under the names the tasks of Pages in the new experience have. */
function allowsToPublish(task: string): boolean {
  return /^(?:PROFILE_PLUS_)?(?:MANAGE|CREATE_CONTENT|FULL_CONTROL)$/.test(task);
}

function whyEmpty(
  unusable: readonly UnusablePage[],
  permissions: string[] | null,
): FacebookPages["emptyBecause"] {
  const isMissing = (scope: string): boolean => permissions?.includes(scope) === false;
  const isWithoutAccount = unusable.some(({ reason }) => reason === "no_instagram_account");
  if (isWithoutAccount && isMissing("instagram_basic")) return "instagram_basic_missing";
  if (unusable.length > 0) return "no_linked_account";
  if (isMissing("pages_show_list")) return "pages_show_list_missing";
  return isMissing("business_management") ? "business_management_missing" : "no_pages";
}
