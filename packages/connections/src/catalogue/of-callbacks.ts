import type { OwnErrorCode } from "../errors.ts";
import { ownEntry, type CatalogueEntry } from "./entry.ts";

type CallbackCode = Extract<OwnErrorCode, `signed_request_${string}` | `erasure_${string}`>;

/** What can stand in the way of callbacks of Meta's, and of an erasure that a person asks for. */
export const OF_CALLBACKS: Readonly<Record<CallbackCode, CatalogueEntry>> = {
  erasure_not_confirmed: ownEntry(
    "person",
    "Everything about a person is erased only where they typed the name of one of their accounts.",
    ["The name was mistyped.", "You are signed in as somebody else than you think."],
    { person: ["Look whose accounts are shown, then type one of their usernames."] },
  ),
  signed_request_forged: ownEntry(
    "operator",
    "A request came in that says it is Meta's, and no app secret that is configured here has signed it. Nothing was done.",
    [
      "Somebody else than Meta sent it.",
      "The app secret was reset in the app dashboard, and the old one is still configured here.",
      "The dashboard of another app names this address.",
    ],
    {
      operator: [
        "Compare INSTAGRAM_CLIENT_SECRET and FACEBOOK_CLIENT_SECRET with the app dashboard.",
        "See that the addresses for deauthorization and data deletion are set in the dashboards of these apps alone.",
      ],
    },
  ),
  signed_request_invalid: ownEntry(
    "caller",
    "What came in has not the form of Meta's signed requests. Nothing was done.",
    ["Somebody else than Meta sent it.", "It was changed on its way."],
    { operator: ["A proxy in front of Perennial has to pass the body of a request on as it is."] },
  ),
  signed_request_stale: ownEntry(
    "operator",
    "A request that Meta signed came in more than a day later, or from more than ten minutes ahead. Nothing was done.",
    ["Somebody repeats a request that they have seen.", "The clock of the server is wrong."],
    { operator: ["`perennial doctor` compares the clock of the server with Meta's."] },
  ),
};
