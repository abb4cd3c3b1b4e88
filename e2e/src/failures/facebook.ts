import {
  CONNECTED,
  DENIED,
  faultsAt,
  forOperator,
  forPerson,
  passing,
  PASSED,
  TRACED,
  type Case,
  type Page,
} from "./case.ts";
import { casesOfEither } from "./either.ts";

const [code, debug, pages] = [faultsAt("code"), faultsAt("debug"), faultsAt("pages")];

const NO_PAGE: Page = { heading: /shows no Page of yours/, says: /tick the Pages you want to use/ };
const noAccount = (says: RegExp): Page => ({ heading: /None of your Pages has an account/, says });
const NO_LINK = noAccount(/No professional Instagram account is linked/);
const NO_TOKEN = noAccount(/Facebook gave no access/);
/** Facebook has one word for two things. */
const MAY_BE_DENIED: Page = { ...DENIED, says: /you have no role in it/ };

/** What may be wrong with the list of Pages, and with what is told of a token. */
const LISTS: [variant: string, ends: Case["ends"]][] = [
  ["no_instagram", NO_LINK],
  ["null_instagram", NO_LINK],
  ["null_token", NO_TOKEN],
  ["no_token", NO_TOKEN],
  ["no_tasks", CONNECTED],
];
const INSPECTIONS: [variant: string, ends: Case["ends"]][] = [
  ["data_access_past", forPerson(/took this login for an earlier one.*seconds old/s)],
  ["other_app", { first: /proxy or a cache.*another one/s, endedBy: "A matter of what was sent" }],
  ["invalid", forPerson(/It was withdrawn/)],
  ["no_user_id", passing(/A fault at Meta/)],
  ["no_end", CONNECTED],
  ["no_granular_scopes", CONNECTED],
];

/** Every fault that the simulated Facebook can play in a sign-in. */
export const FACEBOOK_CASES: readonly Case[] = [
  // first, as what somebody unticked once stays so
  { id: "F33", what: "a person without a Page", person: "nadia.new", ends: NO_PAGE },
  {
    id: "F17 OA-13",
    what: "Pages that may not be listed",
    person: "nadia.new",
    untick: ["pages_show_list"],
    ends: { heading: /may not show your Pages/, says: /pages_show_list/ },
  },
  {
    id: "F17 OA-13",
    what: "accounts that may not be read",
    person: "maya.brandt",
    untick: ["instagram_basic"],
    ends: { heading: /may not show your accounts/, says: /instagram_basic/ },
  },
  {
    id: "F17 OA-13",
    what: "an unticked permission",
    person: "alex.kim.studio",
    untick: ["instagram_content_publish"],
    ends: CONNECTED,
  },

  ...casesOfEither({ last: "pages", isCodeTraced: true }),
  {
    id: "F15",
    what: "a Page's limit",
    faults: pages.throttle(32),
    ends: passing(/one Page/, TRACED),
  },
  {
    id: "F16",
    what: "a role on the Page that was lost",
    faults: pages.graph(190, { sub: 492 }),
    ends: forPerson(/removed the role/, TRACED),
  },
  {
    id: "F13",
    what: "a token that cannot be looked into",
    faults: debug.graph(2),
    ends: passing(PASSED, TRACED),
  },
  {
    id: "F23",
    what: "a wrong secret, in words that mislead",
    faults: [
      ...code.reason("redirect_uri_mismatch"),
      { at: "code", do: "graph_error", with: { reason: "invalid_client_secret" } },
    ],
    ends: forOperator(/secret does not belong.*refuses the pair, too/s, TRACED),
  },
  {
    id: "F23",
    what: "an app that nobody knows, right by now",
    faults: code.reason("unknown_app"),
    ends: forOperator(/put right since/, TRACED),
  },
  ...LISTS.map(([variant, ends]) => ({
    id: "F33",
    what: `a list of Pages: ${variant}`,
    faults: pages.answer("pages", { variant }),
    ends,
  })),
  ...INSPECTIONS.map(([variant, ends]) => ({
    id: "F33",
    what: `a token looked into: ${variant}`,
    faults: debug.answer("debug", { variant }),
    ends,
  })),

  { id: "F33", what: "Pages without an account", person: "paul.plain", ends: NO_LINK },
  {
    id: "F33",
    what: "sixty Pages on three sheets",
    person: "casa.colectiva",
    ends: { heading: /^Which accounts/, says: /@daily\.bread/ },
  },
  {
    id: "B1",
    what: "a person without a role in the app",
    person: "rita.outside",
    ends: forOperator(/no role in the app.*in place of a code/s),
  },
  {
    id: "B1",
    what: "the same, in the words of a refusal",
    person: "rita.outside",
    policy: { fb_no_role: "access_denied" },
    ends: MAY_BE_DENIED,
  },
  { id: "OA-12", what: "a person who refuses", decision: "refuse", ends: MAY_BE_DENIED },
  {
    id: "F36",
    what: "an app that is removed meanwhile",
    meanwhile: ["facebook/people/remove_app", { user: "alex.kim.shop" }],
    ends: forPerson(/app was removed/, TRACED),
  },
  {
    id: "F04 F31",
    what: "one company that is away, while the other answers",
    faults: [{ at: "tcp", do: "tcp_refuse", match: { flavour: "fb" } }],
    ends: passing(/Facebook cannot be reached, while its sister can/),
  },
];
