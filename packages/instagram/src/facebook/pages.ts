import type { InstagramProfile } from "../fetch-profile.ts";
import type { LongLivedToken } from "../long-lived-token.ts";

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
   *   without which some or all of them are hidden, was not granted
   * - `no_pages` no Page is to be seen, though both were granted
   * - `no_linked_account` there are Pages, but none to connect an account of: `unusable` says why for each
   */
  emptyBecause:
    | null
    | "no_pages"
    | "business_management_missing"
    | "pages_show_list_missing"
    | "no_linked_account";
};
