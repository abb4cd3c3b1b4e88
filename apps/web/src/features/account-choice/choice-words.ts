import type { AccountOption } from "../../components/account-options.tsx";
import type { AccountChoice } from "../../lib/trpc.ts";

type Account = AccountChoice["accounts"][number];
type UnusableReason = AccountChoice["unusable"][number]["reason"];
type EmptyReason = NonNullable<AccountChoice["emptyBecause"]>;

const NOTES: Record<Account["standing"], string | null> = {
  new: null,
  connected: "Connected already; it will be renewed.",
  held: "Another person here has connected it. They would have to disconnect it first.",
};

/** An account as the list shows it. */
export function optionOf({ accountId, username, name, pictureUrl, page, standing }: Account): AccountOption {
  const ownName = name === page?.name ? null : name;
  const parts = [ownName, page === null ? null : `Page: ${page.name}`].filter((part) => part !== null);
  return {
    accountId,
    username,
    pictureUrl,
    details: parts.join(" · "),
    note: NOTES[standing],
    isDisabled: standing === "held",
  };
}

/** What is ticked at first: everything that is new. */
export function preselected(accounts: readonly Account[]): ReadonlySet<string> {
  return new Set(accounts.filter(({ standing }) => standing === "new").map(({ accountId }) => accountId));
}

/** What the button says: what picking so many accounts does. */
export function connectWords(count: number): string {
  if (count === 0) return "Connect accounts";
  return count === 1 ? "Connect 1 account" : `Connect ${count} accounts`;
}

/** Pages that give no account for the same reason. */
export type UnusableGroup = { reason: UnusableReason; pages: Page[] };
type Page = { id: string; name: string };

/** The Pages by what they lack, in the order in which each reason came first: sixty may lack the same. */
export function groupUnusable(pages: AccountChoice["unusable"]): UnusableGroup[] {
  const groups = new Map<UnusableReason, Page[]>();
  for (const { reason, id, name } of pages) groups.set(reason, [...(groups.get(reason) ?? []), { id, name }]);
  return [...groups].map(([reason, pages]) => ({ reason, pages }));
}

/** Why a Page gives no account, and what to do about it. */
export const UNUSABLE: Record<UnusableReason, { why: string; cure: string }> = {
  no_instagram_account: {
    why: "No professional Instagram account is linked.",
    cure: "In the Page’s settings, open Linked accounts and connect one. It has to be a Business or Creator account.",
  },
  no_page_task: {
    why: "Your role does not allow publishing.",
    cure: "Ask an administrator of the Page for access to content or full control.",
  },
  no_token: {
    why: "Facebook gave no access.",
    cure: "Try again, and in Facebook’s dialog leave the Page and all permissions ticked.",
  },
};

/** Why there is nothing to pick at all, and what to do about it. */
export const EMPTY: Record<EmptyReason, { title: string; why: string; cures: readonly string[] }> = {
  no_pages: {
    title: "Facebook shows no Page of yours",
    why: "With Facebook Login an Instagram account is reached through the Page it is linked to, and this login reaches none.",
    cures: [
      "Try again, and in Facebook’s dialog tick the Pages you want to use.",
      "If you have no Page, make one on Facebook and link your Instagram account to it.",
      "Or go back and use Continue with Instagram, which needs no Page.",
    ],
  },
  business_management_missing: {
    title: "Your Pages may belong to a business portfolio",
    why: "Facebook shows such Pages only with the permission business_management, and it was not granted.",
    cures: ["Try again, and leave the permission to manage your business ticked."],
  },
  pages_show_list_missing: {
    title: "Facebook may not show your Pages",
    why: "The permission pages_show_list was not granted. Without it no Page is to be seen.",
    cures: ["Try again, and leave the permission to show a list of your Pages ticked."],
  },
  instagram_basic_missing: {
    title: "Facebook may not show your accounts",
    why: "The permission instagram_basic was not granted. Without it no account of your Pages is to be seen.",
    cures: ["Try again, and leave the permission to read your Instagram profile ticked."],
  },
  no_linked_account: {
    title: "None of your Pages has an account to connect",
    why: "Facebook shows your Pages, but no professional Instagram account can be reached through them.",
    cures: [
      "Look below what each Page lacks, put it right at Facebook, and try again.",
      "In the Instagram app, the account has to be switched to Business or Creator.",
    ],
  },
};
