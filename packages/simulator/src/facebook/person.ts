import type { ProfileVariant } from "../hostile-profiles.ts";

/** What a person may do on a Page, as the wire spells it. MANAGE or CREATE_CONTENT is enough to publish. */
export type PageTask = "MANAGE" | "CREATE_CONTENT" | "MODERATE" | "MESSAGING" | "ADVERTISE" | "ANALYZE";

/**
 * Where a Page of a business portfolio shows: an `assigned` one in `/me/accounts` (with `business_management`), one of
 * a mere `member` of the portfolio under `/me/businesses` only, one without a role (`none`) by its id alone.
 */
export type PortfolioRole = "assigned" | "member" | "none";

/** The business portfolio a Page belongs to, and the person's role there. */
export type PagePortfolio = {
  id: string;
  name: string;
  /** Whether the Page comes under `owned_pages` or under `client_pages`. */
  relation: "owned" | "client";
  role: PortfolioRole;
};

/** One Page and what a person may do on it. Several people may have the same Page, each with tasks of their own. */
export type FacebookPage = {
  id: string;
  name: string;
  tasks: PageTask[];
  /** Key of the linked Instagram account among the simulator's people; null when none is linked. */
  instagramUser: string | null;
  /** Null for a Page that belongs to no portfolio. */
  portfolio: PagePortfolio | null;
};

/** A role in the Meta app, as `GET /{app id}?fields=roles` names it. */
export type AppRole = "administrators" | "developers" | "testers";

/** One Facebook person whom a developer or a test can play. */
export type FacebookPerson = {
  /** How tests and switches name this person; never sent to an app. */
  key: string;
  /** Not unique: two people may have the same one. */
  name: string;
  /** The user id that apps see: `id` of `/me`, `user_id` of `/debug_token`. */
  appScopedId: string;
  /** The id of the system user that a business login configuration of this person's gives tokens of. */
  systemUserId: string;
  /** Null for a person without a role in the app: sign-in fails while the app is in development. */
  appRole: AppRole | null;
  /** Facebook has the person confirm who they are: until then every call gets 190/459. */
  isCheckpointed: boolean;
  passwordChangedAt: Date | null;
  pages: FacebookPage[];
  /** The part this person plays, shown in the dialog. */
  part: string;
};

/** A Page to add: everything that is left out is filled in. The default is every task, no account, no portfolio. */
export type NewFacebookPage = Partial<FacebookPage>;

/** A person to add: everything that is left out is filled in. */
export type NewFacebookPerson = Partial<Omit<FacebookPerson, "pages">> & {
  pages?: NewFacebookPage[];
  /** Gives name and Page a hostile text. */
  variant?: ProfileVariant;
};
