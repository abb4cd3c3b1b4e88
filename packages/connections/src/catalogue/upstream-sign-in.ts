import type { InstagramErrorReason } from "@perennial/instagram";

import { PAGES, type CatalogueEntry } from "./entry.ts";

/** The cause that a call of our own can prove or rule out. */
export const WRONG_SECRET = "The app secret does not belong to the app id.";

/** What helps against it, and nothing else. */
export const COPY_SECRET = "Copy the app secret from the dashboard again.";

const START_AGAIN = "Start the sign-in again from the first page. It takes one click.";

/** What the login page and the code exchange can answer. */
export const OF_SIGN_IN = {
  code_used: {
    meaning: "An authorization code works once. Meta does not know this one, or has already taken it.",
    endedBy: "person",
    causes: [
      "The redirect address was opened twice: a reload, a double click, a link preview or a virus scanner.",
      "An earlier answer to the same exchange was lost on the way, after Meta had taken the code.",
      "Another program reads the same redirect address and was faster.",
    ],
    steps: {
      person: [START_AGAIN],
      developer: [
        "Look whether a connection was stored after all: the first of two calls may have succeeded.",
        "Make sure that nothing else exchanges codes sent to this redirect address.",
      ],
      operator: [],
    },
    link: PAGES.businessLogin,
  },
  code_expired: {
    meaning:
      "An authorization code has to be used soon: within an hour for Instagram, about ten minutes for Facebook.",
    endedBy: "person",
    causes: [
      "The page stood open for long before it was finished.",
      "The address was copied and used later.",
      "The clock of this machine is far off.",
    ],
    steps: {
      person: [START_AGAIN],
      developer: [],
      operator: ["Compare this machine's clock: run `perennial doctor`."],
    },
    link: PAGES.businessLogin,
  },
  code_malformed: {
    meaning: "What arrived as a code is not one that Meta ever issued.",
    endedBy: "person",
    causes: [
      "The address was cut off or changed on its way, often by copying it.",
      "The code was encoded twice, or the trailing `#_` was taken for a part of it.",
    ],
    steps: {
      person: [START_AGAIN],
      developer: ["Hand over the whole query of the redirect address, unchanged."],
      operator: [],
    },
    link: PAGES.manualFlow,
  },
  redirect_uri_mismatch: {
    meaning:
      "The redirect address of the exchange is not the one the sign-in began with. Meta answers the same when the app secret is wrong.",
    endedBy: "operator",
    causes: [
      "APP_URL was changed between the start of the sign-in and its end.",
      WRONG_SECRET,
      "A proxy changes scheme, host or the slash at the end.",
    ],
    steps: {
      person: ["Start again in a moment. If it fails again, tell whoever runs this site."],
      developer: [
        "Compare the redirect address with the dashboard, letter for letter, with the slash at the end.",
      ],
      operator: [
        "Run `perennial doctor`: it prints the exact addresses and tests the app secret.",
        COPY_SECRET,
      ],
    },
    link: PAGES.businessLogin,
  },
  redirect_uri_not_registered: {
    meaning: "Meta sends people back only to addresses that are registered for the app, letter for letter.",
    endedBy: "operator",
    causes: [
      "The address is not in the app dashboard yet.",
      "It is there with another scheme, host, port, path or slash at the end; some dashboard forms add a slash.",
      "It was added to the list of the other login: Instagram and Facebook have one each.",
    ],
    steps: {
      person: ["Tell whoever runs this site. Nothing is wrong with your account."],
      developer: ["Registered addresses have to be https, also for local work."],
      operator: [
        "Run `perennial doctor` and copy the redirect addresses it prints.",
        "Instagram: dashboard > Instagram > API setup with Instagram login > Business login settings.",
        "Facebook: dashboard > Facebook Login for Business > Settings > Valid OAuth Redirect URIs.",
        "Save, open the form again, and compare what is stored.",
      ],
    },
    link: PAGES.businessLogin,
  },
  wrong_kind_of_app_id: {
    meaning:
      "The app id is one of the Meta app. Instagram Login needs the Instagram app id, which is another number.",
    endedBy: "operator",
    causes: [
      "The ids of the two logins were exchanged: INSTAGRAM_CLIENT_ID holds the Facebook app's.",
      "The product Instagram is not added to the app.",
    ],
    steps: {
      person: ["Tell whoever runs this site."],
      developer: [],
      operator: [
        "Copy id and secret from dashboard > Instagram > API setup with Instagram login.",
        "The pair under Settings > Basic belongs into FACEBOOK_CLIENT_ID and FACEBOOK_CLIENT_SECRET.",
      ],
    },
    link: PAGES.businessLogin,
  },
  app_unknown: {
    meaning: "Meta does not know the app id. Facebook words it as a system error, but waiting does not help.",
    endedBy: "operator",
    causes: [
      "The Instagram app id stands where the Facebook app's belongs, or the reverse.",
      "The id was copied with a blank, a quote or a digit too few.",
      "The app was deleted.",
    ],
    steps: {
      person: ["Tell whoever runs this site."],
      developer: [],
      operator: [
        "Copy the id again: Settings > Basic for Facebook Login, Instagram > API setup for Instagram Login.",
        "Run `perennial doctor`: it tells quotes, blanks and exchanged pairs.",
      ],
    },
    link: PAGES.manualFlow,
  },
  app_credentials_refused: {
    meaning: "App id and app secret do not belong together.",
    endedBy: "operator",
    causes: [
      "The secret is another app's.",
      "The secret was reset in the dashboard.",
      "One of them was copied with a blank or a quote.",
    ],
    steps: {
      person: ["Tell whoever runs this site."],
      developer: [],
      operator: ["Copy both from the same page of the dashboard.", "Restart, then run `perennial doctor`."],
    },
    link: PAGES.manualFlow,
  },
  client_secret_wrong: {
    meaning:
      'Meta refuses the app secret. Facebook sends this with a code that usually means "try again"; it does not pass.',
    endedBy: "operator",
    causes: [
      "The secret was copied from the other login's page, or of another app.",
      "It was reset in the dashboard.",
      "It was copied with a blank, a quote or a line break.",
    ],
    steps: {
      person: ["Tell whoever runs this site."],
      developer: [],
      operator: [
        "Press Show in the dashboard and copy the secret again: Instagram > API setup for Instagram Login, Settings > Basic for Facebook Login.",
        "Restart, then run `perennial doctor`. Connections go on by themselves after that.",
      ],
    },
    link: PAGES.manualFlow,
  },
  secret_proof_refused: {
    meaning:
      "The app demands a proof of its secret with each call, and the one that was sent does not fit the token.",
    endedBy: "operator",
    causes: ["The app secret is wrong or was reset.", "The token was issued to another app."],
    steps: {
      person: [],
      developer: ["A token of another app cannot be used here: make one with this app."],
      operator: ["Copy the app secret from the dashboard again and restart."],
    },
    link: PAGES.secureRequests,
  },
  denied: {
    meaning: "The person pressed Cancel or Not now on the login page. Nothing was stored.",
    endedBy: "person",
    causes: ["The person does not want to allow it, or not now.", "The wrong account was signed in there."],
    steps: {
      person: ["Begin again whenever you like.", "To use another account, switch to it in Instagram first."],
      developer: [],
      operator: [],
    },
    link: null,
  },
} as const satisfies Partial<Record<InstagramErrorReason, CatalogueEntry>>;
