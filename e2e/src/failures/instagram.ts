import { CONNECTED, DENIED, faultsAt, forOperator, forPerson, passing, TRACED, type Case } from "./case.ts";
import { casesOfEither } from "./either.ts";

const [code, exchange, me] = [faultsAt("code"), faultsAt("exchange"), faultsAt("me")];

/** Every fault that the simulated Instagram can play in a sign-in. */
export const INSTAGRAM_CASES: readonly Case[] = [
  ...casesOfEither({ last: "me", isCodeTraced: false }),
  {
    id: "F17",
    what: "a consent in part, without what is needed",
    faults: [...code.answer("grant", { scopes: ["instagram_business_content_publish"] }), ...me.graph(200)],
    ends: forPerson(/unticked.*instagram_business_basic/s, TRACED),
  },
  {
    id: "F23",
    what: "a wrong secret, in words that mislead",
    faults: [...code.reason("redirect_uri_mismatch"), ...exchange.reason("invalid_client_secret")],
    ends: forOperator(/secret does not belong.*refuses the pair, too/s),
  },
  {
    id: "F23",
    what: "a redirect address that nobody registered",
    faults: code.reason("redirect_uri_not_registered"),
    ends: forOperator(/not registered exactly/),
  },
  {
    id: "F23",
    what: "an app id of the other kind, right by now",
    faults: code.reason("invalid_platform_app"),
    ends: forOperator(/put right since/),
  },
  {
    id: "F21",
    what: "a profile without its id",
    faults: me.answer("field", { $remove: ["user_id"] }),
    ends: passing(/A fault at Meta/),
  },
  { id: "F22", what: "answers as the documentation shows them", policy: { shape: "docs" }, ends: CONNECTED },

  { id: "F36", what: "a personal account", person: "tom.private", ends: forPerson(/account is personal/) },
  {
    id: "F36",
    what: "a personal account, by its profile",
    faults: me.answer("field", { account_type: "PERSONAL" }),
    ends: forPerson(/account is personal/),
  },
  {
    id: "F36",
    what: "an account that becomes personal meanwhile",
    person: "hotel.miramar",
    meanwhile: ["users/switch_personal", { user: "hotel.miramar" }],
    ends: forPerson(/account is personal/),
  },
  {
    id: "A3",
    what: "an account without a role in the app",
    person: "studio.noor",
    ends: forOperator(/not added as an Instagram tester/),
  },
  {
    id: "C4",
    what: "the same, told by Graph",
    person: "studio.noor",
    policy: { refuse_at: "graph" },
    ends: forOperator(/no role in the app.*took the code/s, TRACED),
  },
  { id: "OA-12", what: "a person who refuses", decision: "refuse", ends: DENIED },
  {
    id: "OA-13",
    what: "an unticked permission",
    untick: ["instagram_business_content_publish"],
    ends: CONNECTED,
  },
];
