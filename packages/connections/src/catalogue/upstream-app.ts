import type { InstagramErrorReason } from "@perennial/instagram";

import { PAGES, type CatalogueEntry } from "./entry.ts";
import { THEN_RECONNECT } from "./upstream-token.ts";

/** Causes of a missing permission that a list of what was granted can tell apart. */
export const UNTICKED = "The permission was unticked on the login page, or taken back later.";
export const NOT_APPROVED =
  "The app is not approved for it: then nobody outside the app's roles can grant it.";

/** What the person does who may have said no to something. */
export const RECONNECT_TICKED = "Reconnect the account and leave the permissions ticked.";

const TELL_OPERATOR = "Tell whoever runs this site. Nothing is wrong with your account.";

/** What follows from how the app or the account is set up. */
export const OF_APP_AND_ACCOUNT = {
  unsupported_request: {
    meaning:
      'Meta answers "Unsupported request - method type: get". It is not about the method: the app may not work with this account. The token may well be alive.',
    endedBy: "operator",
    causes: [
      "The app is in development and the account is not an Instagram tester of it, or has not accepted the invitation.",
      "The app has standard access only: other people's accounts need app review and business verification.",
      "The call was made without a token, or with one of the ended Basic Display API.",
    ],
    steps: {
      person: [
        "If you were invited as a tester: open Instagram on the web, Settings > Apps and websites > Tester invites, and accept.",
        "Then sign in again.",
      ],
      developer: [
        "Dashboard > App roles > Roles > Instagram Testers: add the account. Facebook's test users do not help.",
      ],
      operator: [
        "For accounts without a role in the app: apply for advanced access to each permission, and verify the business.",
      ],
    },
    link: PAGES.appReview,
  },
  account_not_professional: {
    meaning:
      "Instagram's API works for professional accounts: Business or Creator. A personal one has no access.",
    endedBy: "person",
    causes: ["The account is personal.", "It was professional and was switched back."],
    steps: {
      person: [
        "In the Instagram app: Settings > Account type and tools > Switch to professional account. It is free.",
        "Then sign in again.",
      ],
      developer: [],
      operator: [],
    },
    link: PAGES.overview,
  },
  tester_role_missing: {
    meaning: "An app in development serves only accounts that have a role in it.",
    endedBy: "operator",
    causes: [
      "The account was not added as an Instagram tester.",
      "It was added and has not accepted the invitation.",
      "The app is meant to be live and was not switched.",
    ],
    steps: {
      person: [
        "Open Instagram on the web, Settings > Apps and websites > Tester invites, and accept the invitation.",
        "Then sign in again.",
      ],
      developer: ["Dashboard > App roles > Roles > Instagram Testers > Add: the account's name."],
      operator: ["To serve everybody: app review, business verification, and the app switched to live."],
    },
    link: PAGES.appModes,
  },
  app_blocked: {
    meaning: "Meta has blocked the app. No connection of it works until that is settled.",
    endedBy: "operator",
    causes: [
      "A policy was found broken, or a yearly data check was missed.",
      "The business behind the app lost its verification.",
    ],
    steps: {
      person: ["Nothing to do. Connections come back by themselves once the app is unblocked."],
      developer: [],
      operator: [
        "Look for notices in the dashboard: Alerts and Required actions.",
        "Answer them; one connection goes on trying meanwhile.",
      ],
    },
    link: PAGES.appModes,
  },
  app_lacks_capability: {
    meaning: "The app has not the product or permission that this call needs.",
    endedBy: "operator",
    causes: [
      "The product Instagram is not added to the app.",
      "The permission was never asked for, or review refused it.",
    ],
    steps: {
      person: [TELL_OPERATOR],
      developer: [],
      operator: [
        "Add the product in the dashboard, and the permission under App review > Permissions and features.",
      ],
    },
    link: PAGES.appReview,
  },
  page_without_account: {
    meaning:
      "With Facebook Login an Instagram account is reached through a Page, and none is linked to this one.",
    endedBy: "person",
    causes: [
      "The Instagram account is not linked to the Page.",
      "The linked account is a personal one.",
      "The link was made with another Page.",
    ],
    steps: {
      person: [
        "On Facebook, open the Page's Settings > Linked accounts, and link the Instagram account.",
        "Then sign in again. Or use Continue with Instagram, which needs no Page.",
      ],
      developer: [],
      operator: [],
    },
    link: PAGES.facebookLogin,
  },
  page_token_needed: {
    meaning: "This call takes a Page's token, and a person's or an app's was sent.",
    endedBy: "caller",
    causes: [
      "A user token from the Graph API Explorer was taken for the Page's.",
      "The Page was not chosen when the token was made.",
    ],
    steps: {
      person: ["Sign in with Facebook here and pick the account."],
      developer: ["Ask `/me/accounts?fields=access_token` with the user token: it holds the Page's."],
      operator: [],
    },
    link: PAGES.longLived,
  },
  user_token_needed: {
    meaning: "This call takes a person's token, and a Page's or an app's was sent.",
    endedBy: "caller",
    causes: ["A Page token was brought where the list of Pages is to be read."],
    steps: {
      person: ["Sign in with Facebook here."],
      developer: ["Bring the user token of the person."],
      operator: [],
    },
    link: PAGES.longLived,
  },
  permission_missing: {
    meaning: "The token lacks a permission that this call needs.",
    endedBy: "person",
    causes: [UNTICKED, NOT_APPROVED, "The scopes asked for are of the other login, or retired."],
    steps: {
      person: [RECONNECT_TICKED],
      developer: ["Compare what was granted with what was asked for: `perennial validate` shows both."],
      operator: ["Dashboard > App review > Permissions and features: is it advanced access?"],
    },
    link: PAGES.permissions,
  },
  page_role_lost: {
    meaning: "The person who connected the account no longer has a role on its Page.",
    endedBy: "person",
    causes: ["An admin of the Page or of its business portfolio removed the role."],
    steps: {
      person: ["Ask an admin of the Page for a role that may manage or create content.", THEN_RECONNECT],
      developer: [],
      operator: [],
    },
    link: PAGES.facebookLogin,
  },
} as const satisfies Partial<Record<InstagramErrorReason, CatalogueEntry>>;
