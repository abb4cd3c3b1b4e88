import type { OwnErrorCode } from "../errors.ts";
import { PAGES, type CatalogueEntry } from "./entry.ts";
import { OF_CALLBACKS } from "./of-callbacks.ts";
import { OF_KEYS } from "./of-keys.ts";
import { OF_SINKS } from "./of-sinks.ts";

const START_AGAIN = "Start the sign-in again from the first page. It takes one click.";

const signIn = (
  meaning: string,
  causes: CatalogueEntry["causes"],
  steps: Partial<CatalogueEntry["steps"]> = {},
): CatalogueEntry => ({
  meaning,
  endedBy: "person",
  causes,
  steps: { person: [START_AGAIN], developer: [], operator: [], ...steps },
  link: null,
});

/** What Perennial itself finds. */
export const OF_OWN: Readonly<Record<OwnErrorCode, CatalogueEntry>> = {
  ...OF_CALLBACKS,
  ...OF_KEYS,
  ...OF_SINKS,

  account_held: {
    meaning: "An Instagram account belongs to one person here, and this one is another's.",
    endedBy: "person",
    causes: [
      "You signed in here before in another way, as what counts as another person.",
      "A colleague has connected the same account.",
    ],
    steps: {
      person: [
        "Sign out, and sign in with the account itself: that signs you in as whoever holds it.",
        "Or have it disconnected there first.",
      ],
      developer: [],
      operator: ["`perennial status` shows which user holds the account."],
    },
    link: null,
  },
  callback_damaged: signIn("The redirect address lacks parts, or has parts that contradict each other.", [
    "It was cut off or changed by copying it, or by a program that follows links.",
    "The login page could not be shown and sent nothing.",
  ]),
  choice_invalid: {
    meaning: "The accounts that were chosen are not among those that the sign-in gives access to.",
    endedBy: "person",
    causes: ["Nothing was ticked.", "The page was older than the sign-in."],
    steps: {
      person: ["Reload the page, and choose at least one of the accounts."],
      developer: [],
      operator: [],
    },
    link: null,
  },
  connection_not_found: {
    meaning: "There is no such connection, or it is not yours.",
    endedBy: "caller",
    causes: ["It was disconnected.", "The id was mistyped.", "You are signed in as somebody else."],
    steps: {
      person: ["Go back to your connections."],
      developer: ["`perennial status` lists the ids. An API key sees the connections of its owner only."],
      operator: [],
    },
    link: null,
  },
  data_access_ending: {
    meaning:
      "Facebook counts ninety days from the last time you signed in with it. That time is ending soon.",
    endedBy: "person",
    causes: ["Nobody signed in with this Facebook account for weeks. That is no fault."],
    steps: {
      person: ["Reconnect the account. One click starts another ninety days."],
      developer: [],
      operator: [],
    },
    link: PAGES.debugToken,
  },
  flavour_not_configured: {
    meaning: "This installation has no app for that login.",
    endedBy: "operator",
    causes: [
      "The app id and secret of that login are not set.",
      "They were taken away while connections still need them.",
    ],
    steps: {
      person: ["Use the other login, or ask whoever runs this site."],
      developer: [],
      operator: ["Set INSTAGRAM_CLIENT_ID and INSTAGRAM_CLIENT_SECRET, or the two of FACEBOOK, and restart."],
    },
    link: null,
  },
  import_not_better: {
    meaning:
      "The connection already holds a token that works and lives longer. Nothing that works is replaced by something that lives less long.",
    endedBy: "caller",
    causes: ["An older token of the same account was brought."],
    steps: {
      person: ["Nothing to do. To replace it anyway, disconnect the account first."],
      developer: [],
      operator: [],
    },
    link: null,
  },
  import_unreadable: {
    meaning: "What was pasted holds no access token, or several.",
    endedBy: "caller",
    causes: [
      "Only a part was copied.",
      "An app secret, an authorization code or an API key was taken for a token.",
      "The text holds several different tokens.",
    ],
    steps: {
      person: [
        "Paste the token itself, the line of the .env file, the JSON, the URL or the curl command that holds it.",
      ],
      developer: [],
      operator: [],
    },
    link: null,
  },
  reconnect_link_invalid: {
    meaning: "A reconnect link works for a week, for its connection only.",
    endedBy: "person",
    causes: [
      "It is older than a week.",
      "It was cut off when it was copied.",
      "The account was disconnected meanwhile.",
    ],
    steps: {
      person: ["Sign in from the first page with the account; it does the same."],
      developer: [],
      operator: [],
    },
    link: null,
  },
  reconnect_required: {
    meaning: "Meta asks the person to sign in again before this connection works again.",
    endedBy: "person",
    causes: ["The token was withdrawn or has expired; the history says when."],
    steps: { person: ["Reconnect the account. It takes one click."], developer: [], operator: [] },
    link: PAGES.errors,
  },
  return_path_refused: signIn("After a sign-in only pages of this site are opened.", [
    "A link to this site names a page of another one, by mistake or to mislead you.",
  ]),
  session_changed: signIn(
    "An account is added for whoever began it, and somebody else was signed in at the end.",
    ["You signed in as somebody else in another tab.", "Your session ended meanwhile."],
    { person: ["Go back to your connections and add the account again."] },
  ),
  session_not_found: {
    meaning: "There is no such session, or it is not yours.",
    endedBy: "caller",
    causes: [
      "It was ended in another tab.",
      "It ended by itself, a week after the sign-in or after three days unused.",
    ],
    steps: { person: ["Reload the page. What is listed there is open."], developer: [], operator: [] },
    link: null,
  },
  sign_in_expired: signIn("A sign-in has to be finished within ten minutes.", [
    "The login page stood open for longer.",
    "The page was opened again from the history.",
  ]),
  sign_in_in_progress: {
    meaning: "The same sign-in is being finished by another page or process.",
    endedBy: "time",
    causes: ["The address was opened twice at once.", "Meta answers slowly."],
    steps: { person: ["Wait a moment, then reload the page."], developer: [], operator: [] },
    link: null,
  },
  sign_in_interrupted: signIn("The sign-in had begun its exchange and did not come to its end.", [
    "This server was restarted at that moment.",
    "The same account was connected elsewhere at the same moment.",
  ]),
  sign_in_unknown: signIn("This site knows nothing of the sign-in that the address belongs to.", [
    "The address is from another installation, or older than a day.",
    "Somebody sent you a link that is to sign you in as somebody else. Nothing has happened.",
  ]),
  sign_in_used: signIn("The sign-in was finished with another code. A second one is not taken.", [
    "The login page was confirmed twice.",
  ]),
  sign_in_wrong_browser: signIn(
    "A sign-in ends in the browser it began in, so that nobody can be signed in by a link.",
    [
      "The login was finished in another browser, often the one inside the Instagram app.",
      "Cookies are blocked or were deleted.",
      "The page is open at another address than APP_URL.",
    ],
    { person: ["Open the first page in this browser and start again there."] },
  ),
  sign_in_wrong_flavour: signIn(
    "An answer to one login arrived at the address of the other.",
    ["The redirect addresses of the two logins were exchanged in the dashboards."],
    { operator: ["Run `perennial doctor` and compare the redirect addresses of both logins."] },
  ),
  token_kind_unusable: {
    meaning: "The token is of a kind that cannot act for an Instagram account.",
    endedBy: "caller",
    causes: [
      "It is an app's token, or a system user's without a Page.",
      "It is a Page's, and the Page has no Instagram account.",
    ],
    steps: {
      person: ["Sign in here instead."],
      developer: ["Bring the token of a person, or of a Page with a professional account."],
      operator: [],
    },
    link: PAGES.longLived,
  },
  token_of_other_app: {
    meaning: "The token works, but it was issued to another app. Kept here, it could not be renewed.",
    endedBy: "caller",
    causes: [
      "It was made with another app in the Graph API Explorer or the dashboard.",
      "This site's app was changed.",
    ],
    steps: {
      person: ["Sign in here; it takes one click."],
      developer: ["Choose this site's app before making the token."],
      operator: [],
    },
    link: PAGES.debugToken,
  },
  token_unreadable: {
    meaning: "The stored token does not open with the keys this process has. It is kept as it is.",
    endedBy: "operator",
    causes: [
      "The key that sealed it is missing from TOKEN_KEYS.",
      "The database was restored beside other keys.",
      "The row was damaged or changed by hand.",
    ],
    steps: {
      person: ["Reconnecting the account helps at once."],
      developer: [],
      operator: ["Put the missing key back into TOKEN_KEYS and restart: `perennial doctor` names its id."],
    },
    link: null,
  },
  wrong_account: {
    meaning:
      "A connection is reconnected with its own account only, and another one was signed in at Instagram.",
    endedBy: "person",
    causes: ["Instagram or Facebook was signed in with another account."],
    steps: {
      person: ["Switch to the right account there, then reconnect again."],
      developer: [],
      operator: [],
    },
    link: null,
  },
};
