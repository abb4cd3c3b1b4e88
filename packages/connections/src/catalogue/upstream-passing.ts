import type { InstagramErrorReason } from "@perennial/instagram";

import { PAGES, type CatalogueEntry } from "./entry.ts";

/** What the person does about what passes, while a connection is kept alive. */
export const NOTHING_TO_DO = "Nothing to do: it is tried again by itself, long before the token ends.";

const limit = (meaning: string, cause: string): CatalogueEntry => ({
  meaning,
  endedBy: "time",
  causes: [cause, "Another program uses the same app or account."],
  steps: {
    person: [NOTHING_TO_DO],
    developer: ["Make fewer calls: ask for several fields at once, and keep answers."],
    operator: ["`perennial status` shows when the next attempt is due."],
  },
  link: PAGES.rateLimits,
});

const fault = (meaning: string, ...causes: [string, ...string[]]): CatalogueEntry => ({
  meaning,
  endedBy: "time",
  causes,
  steps: {
    person: [NOTHING_TO_DO],
    developer: [],
    operator: [
      "If it stays for hours: look at Meta's status page, and whether this machine reaches the internet.",
    ],
  },
  link: PAGES.status,
});

const puzzle = (meaning: string, ...causes: [string, ...string[]]): CatalogueEntry => ({
  meaning,
  endedBy: "time",
  causes,
  steps: {
    person: ["Try again in a while. If it stays, tell whoever runs this site."],
    developer: [
      "Quote Meta's trace id when you report it to Meta.",
      "Look into Meta's changelog: has something changed?",
    ],
    operator: ["Update Perennial: a later version may know this answer."],
  },
  link: PAGES.errors,
});

/** What passes, what nobody knows, and what Meta itself has ended. */
export const OF_PASSING = {
  app_throttled: limit(
    "The whole app has used up its calls. Every call within the next hour prolongs the pause, so all of them wait.",
    "Very many calls within an hour, counted over all accounts of the app.",
  ),
  user_throttled: limit(
    "The calls for this person have reached their limit.",
    "Many calls for one person within an hour.",
  ),
  page_throttled: limit(
    "The calls for this Page have reached their limit.",
    "Many calls for one Page within a day.",
  ),
  account_throttled: limit(
    "The calls for this account have reached their limit.",
    "Many calls for one account within a day.",
  ),
  throttled: limit("Meta asks for fewer calls.", "Too many calls within a short time."),
  blocked_for_a_while: limit(
    "Meta has blocked what this account does for hours.",
    "It looked like spam: many equal posts or comments.",
  ),
  not_reached: fault(
    "Meta could not be reached. Nothing was sent.",
    "This machine has no way to the internet, or a firewall or proxy stops it.",
    "Meta's name could not be looked up, or its certificate did not fit.",
  ),
  answer_lost: fault(
    "The connection broke before a whole answer had arrived.",
    "The network between here and Meta.",
    "Meta took longer than ten seconds.",
  ),
  redirected: fault(
    "The answer was a redirect. It is not followed: a token could go to somebody else.",
    "Meta moved something.",
    "A proxy or a captive portal stands in between.",
  ),
  answer_unreadable: fault(
    "The answer was not one that Meta's API gives: a page, nothing at all, or a part.",
    "A fault at Meta.",
    "A proxy answered in its place.",
  ),
  outage: fault("Meta reports a fault of its own.", "An outage or overload at Meta."),
  bad_request: puzzle(
    "Meta did not accept the request. Nothing follows from that for the token.",
    "A setting of this site holds something Meta does not know, such as a scope or a version.",
    "Meta changed something.",
  ),
  answer_incomplete: puzzle(
    "The answer lacks something it has to hold.",
    "A fault at Meta.",
    "Meta changed something.",
  ),
  unrecognised: puzzle(
    "Meta answered with an error that Perennial does not know.",
    "Meta changed something.",
  ),
  version_ended: {
    meaning:
      "Every version of Meta's API ends about two years after it came. Calls name the one in GRAPH_VERSION.",
    endedBy: "operator",
    causes: ["GRAPH_VERSION names a version that Meta has ended."],
    steps: {
      person: ["Tell whoever runs this site. Nothing is wrong with your account."],
      developer: ["Meta's changelog says how long each version lives, and what a later one changes."],
      operator: [
        "Take GRAPH_VERSION away, or name a later version; then restart.",
        "Run `perennial doctor`: it warns before a version ends.",
      ],
    },
    link: PAGES.changelog,
  },
} as const satisfies Partial<Record<InstagramErrorReason, CatalogueEntry>>;
