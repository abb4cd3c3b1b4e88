import type { InstagramErrorReason } from "@perennial/instagram";

import { PAGES, type CatalogueEntry } from "./entry.ts";

/** What the person does about a connection whose token is gone. */
export const RECONNECT = "Reconnect the account. It takes one click.";
/** The last of several steps. */
export const THEN_RECONNECT = "Then reconnect the account here.";
/** Of a person who left by themselves. */
export const IF_NOT_MEANT = "If it was meant, nothing to do. Otherwise reconnect the account.";

/** Why a token does not work. */
export const OF_TOKEN = {
  token_expired: {
    meaning:
      "A long-lived token lives sixty days from its last renewal. An expired one cannot be renewed by anybody.",
    endedBy: "person",
    causes: [
      "Renewals failed until the end; the history says since when and why.",
      "No worker ran for weeks.",
      "It was brought by hand with less life left than was thought.",
    ],
    steps: {
      person: [RECONNECT],
      developer: ["Read the connection's history: the first failure tells the cause."],
      operator: ["See that a worker runs: `perennial doctor`."],
    },
    link: PAGES.refresh,
  },
  data_access_ended: {
    meaning:
      "Facebook lets an app use a person's data for ninety days after they last used it. That time is over.",
    endedBy: "person",
    causes: ["Nobody signed in with this Facebook account for ninety days."],
    steps: {
      person: ["Sign in with Facebook again. One click starts another ninety days."],
      developer: [],
      operator: [],
    },
    link: PAGES.debugToken,
  },
  app_removed: {
    meaning:
      "The person removed this app in their settings at Instagram or Facebook. Every token of it ended with that.",
    endedBy: "person",
    causes: ["The app was removed under Apps and websites.", "The account was deleted or deactivated."],
    steps: {
      person: [IF_NOT_MEANT],
      developer: [],
      operator: [],
    },
    link: PAGES.errors,
  },
  password_changed: {
    meaning:
      "The password was changed, or Meta reset the sessions for security. Tokens from before do not work any more.",
    endedBy: "person",
    causes: ["The password was changed.", "Meta saw something unusual and ended all sessions."],
    steps: { person: [RECONNECT], developer: [], operator: [] },
    link: PAGES.errors,
  },
  checkpoint: {
    meaning: "Instagram or Facebook wants the person to confirm something before any app may act for them.",
    endedBy: "person",
    causes: [
      "A security check waits: a code, a photo, new terms.",
      "A sign-in from an unusual place has to be confirmed.",
    ],
    steps: {
      person: ["Open Instagram or Facebook with this account and answer what it asks.", THEN_RECONNECT],
      developer: [],
      operator: [],
    },
    link: PAGES.errors,
  },
  user_not_confirmed: {
    meaning: "The account's e-mail address or phone number was never confirmed.",
    endedBy: "person",
    causes: ["A new account whose confirmation was skipped."],
    steps: {
      person: ["Confirm the account at Instagram or Facebook.", THEN_RECONNECT],
      developer: [],
      operator: [],
    },
    link: PAGES.errors,
  },
  logged_out: {
    meaning: "The session behind the token was ended.",
    endedBy: "person",
    causes: ["The person chose to log out everywhere."],
    steps: { person: [RECONNECT], developer: [], operator: [] },
    link: PAGES.errors,
  },
  foreign_app: {
    meaning:
      "The token works, but it was issued to another app. Kept here, it could be neither renewed nor told apart from a theft.",
    endedBy: "caller",
    causes: [
      "It was made with another app in the Graph API Explorer or the dashboard.",
      "This site's app id was changed since.",
    ],
    steps: {
      person: ["Sign in here; it takes one click."],
      developer: ["Choose this site's app in the Graph API Explorer before making the token."],
      operator: [],
    },
    link: PAGES.debugToken,
  },
  token_unreadable: {
    meaning: "Meta cannot read the token: it is damaged, or meant for its other host.",
    endedBy: "person",
    causes: [
      "An Instagram token was sent to Facebook's host, or the reverse.",
      "It was stored with quotes, blanks or a line break, or cut off.",
    ],
    steps: {
      person: [RECONNECT],
      developer: [
        "Tokens of Instagram Login begin with IG, of Facebook Login with EAA. Bring it with `perennial import`, which cleans it.",
      ],
      operator: [],
    },
    link: PAGES.errors,
  },
  token_rejected: {
    meaning: "Meta no longer accepts the token, and does not say why.",
    endedBy: "person",
    causes: [
      "It was withdrawn: password, security check, or the app removed.",
      "It expired.",
      "The account lost what makes it eligible, such as its professional kind.",
    ],
    steps: {
      person: [RECONNECT],
      developer: ["Ask `debug_token` where Facebook Login is configured: it may name the cause."],
      operator: [],
    },
    link: PAGES.errors,
  },
  already_long_lived: {
    meaning: "A long-lived token was sent to be exchanged for a long-lived one.",
    endedBy: "caller",
    causes: ["The token brought by hand is long-lived already."],
    steps: {
      person: [],
      developer: ["Bring it with `perennial import`: it finds out the kind by asking."],
      operator: [],
    },
    link: PAGES.refresh,
  },
  token_too_young: {
    meaning: "Instagram renews a token only once it is 24 hours old. Until then the present one works.",
    endedBy: "time",
    causes: ["The account was connected or renewed within the last day."],
    steps: { person: ["Nothing to do; it is renewed in time."], developer: [], operator: [] },
    link: PAGES.refresh,
  },
} as const satisfies Partial<Record<InstagramErrorReason, CatalogueEntry>>;
