import type { FaultRule } from "@perennial/simulator";

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
  type Stop,
} from "./case.ts";

const NOBODYS_FAULT = passing(/A fault at Meta/);

/** An address that was cut or changed on its way. */
const DAMAGED: Stop = {
  first: /cut off or changed by copying/,
  endedBy: "You can end it",
  isOfNoAttempt: true,
};

type Endpoints = {
  /** The last call that a sign-in cannot do without. */
  last: FaultRule["at"];
  /** Facebook's token endpoint answers as Graph does, with a trace id. */
  isCodeTraced: boolean;
};

/** The faults that can hit a sign-in with either company, at each of its calls. */
export function casesOfEither({ last, isCodeTraced }: Endpoints): readonly Case[] {
  const [code, exchange, end] = [faultsAt("code"), faultsAt("exchange"), faultsAt(last)];
  const traced = { hasTrace: isCodeTraced };
  const both = [...exchange.reason("unsupported_request"), ...end.reason("unsupported_request")];
  const cases: [id: string, what: string, faults: FaultRule[], ends: Case["ends"]][] = [
    ["F05", "a reset before anything happened", code.answer("reset", { point: "before" }), passing(PASSED)],
    ["F06", "an answer that got lost", end.answer("reset", { point: "after" }), passing(PASSED)],
    ["F08", "half an answer", exchange.answer("truncate"), passing(PASSED)],
    ["F10", "a page under 200", code.answer("html", { status: 200 }), passing(PASSED)],
    ["F10", "a page under 502", exchange.answer("html"), passing(PASSED)],
    ["F11", "nothing under 200", end.answer("junk", { kind: "empty" }), passing(PASSED)],
    ["F11", "an object without a token", code.answer("junk", { kind: "empty_object" }), NOBODYS_FAULT],
    ["F11", "one token twice", exchange.answer("junk", { kind: "duplicate_keys" }), NOBODYS_FAULT],
    ["F11", "bytes that are no text", end.answer("junk", { kind: "invalid_utf8" }), NOBODYS_FAULT],
    ["F11", "a byte-order mark", exchange.answer("junk", { kind: "bom" }), CONNECTED],
    ["F12", "a flood", end.answer("flood", { kind: "body" }), passing(PASSED)],
    ["F12", "a bomb", exchange.answer("flood", { kind: "gzip" }), passing(PASSED)],
    ["F12", "a header of a megabyte", code.answer("flood", { kind: "header" }), passing(PASSED)],
    ["F25", "a redirect", code.answer("redirect"), passing(PASSED)],
    [
      "F25",
      "a redirect that keeps the method",
      exchange.answer("redirect", { status: 307 }),
      passing(PASSED),
    ],
    ["F30", "an outage", code.answer("status", { status: 503 }), passing(PASSED)],
    ["F32", "a last call that fails", end.answer("status", { status: 503 }), passing(PASSED)],
    ["F38", "no room for a call", end.answer("capacity", { n: 0 }), passing(PASSED)],

    ["F13", "a fault of Meta's", exchange.graph(1), passing(PASSED, TRACED)],
    ["F13", "a service that is away", end.graph(2), passing(PASSED, TRACED)],
    ["F14", "a fault of Meta's under 200", exchange.graph(2, { status: 200 }), passing(PASSED, TRACED)],
    ["F15", "the app's limit", code.throttle(4, { retry_after: "120" }), passing(/Very many calls/, TRACED)],
    ["F15", "the person's limit", end.throttle(17), passing(/one person/, TRACED)],
    ["F15", "an account's limit", end.throttle(80_002, { minutes: 30 }), passing(/one account/, TRACED)],
    ["F15", "a limit of its own", exchange.throttle(613), passing(/Too many calls/, TRACED)],
    ["F15", "429 without a word", exchange.answer("status", { status: 429 }), passing(/Too many calls/)],
    ["F16", "a token refused without a reason", end.graph(190), forPerson(/It was withdrawn/, TRACED)],
    ["F16", "an app removed", exchange.graph(190, { sub: 458 }), forPerson(/app was removed/, TRACED)],
    ["F16", "a checkpoint", end.graph(190, { sub: 459 }), forPerson(/security check/, TRACED)],
    ["F16", "a password changed", end.graph(190, { sub: 460 }), forPerson(/password was changed/, TRACED)],
    ["F16", "a new token said to be old", end.graph(190, { sub: 463 }), forPerson(/seconds old/, TRACED)],
    [
      "F16",
      "an unconfirmed person",
      end.graph(190, { sub: 464 }),
      forPerson(/confirmation was skip/, TRACED),
    ],
    ["F16", "a session ended", exchange.graph(190, { sub: 467 }), forPerson(/log out everywhere/, TRACED)],
    [
      "F17",
      "a permission granted and refused",
      end.graph(10),
      forPerson(/app is not approved.*granted/s, TRACED),
    ],
    ["F37", "an unsupported request", both, forOperator(/no role in the app.*took the code/s, TRACED)],
    ["F37", "a version that ended", exchange.reason("version_retired"), forOperator(/GRAPH_VERSION/, TRACED)],
    ["F37", "an error nobody knows", end.graph(99_999), passing(/Meta changed something/, TRACED)],
    ["C2", "a blocked app", exchange.reason("app_blocked"), forOperator(/policy was found broken/, TRACED)],
    ["F34", "a token in the text of an error", end.answer("reflect"), forPerson(/It was withdrawn/, TRACED)],
    [
      "F34",
      "the secret in it",
      exchange.answer("reflect", { what: "secret" }),
      forPerson(/withdrawn/, TRACED),
    ],
    ["F34", "a trace id that is none", end.graph(2, { fbtrace_id: "a\r\nb\u001B[31m" }), passing(PASSED)],

    ["F23", "a code that was used", code.reason("code_used"), forPerson(/opened twice/, traced)],
    ["F23", "a code that has expired", code.reason("code_expired"), forPerson(/stood open/, traced)],
    ["F23", "a code that is none", code.reason("code_unknown"), forPerson(/cut off or changed/, traced)],
    [
      "F23",
      "another redirect address",
      code.reason("redirect_uri_mismatch"),
      forOperator(/not registered exactly.*so the secret is right/s, traced),
    ],
    [
      "F23",
      "a secret that is right by now",
      code.reason("invalid_client_secret"),
      forOperator(/put right since.*accepts the pair now/s, traced),
    ],
    [
      "F20",
      "no word of how long a token lives",
      exchange.answer("field", { $remove: ["expires_in"] }),
      CONNECTED,
    ],
    ["F20", "a life of no time", exchange.answer("field", { expires_in: 0 }), CONNECTED],
    ...SPOILT_REDIRECTS,
  ];
  return cases.map(([id, what, faults, ends]) => ({ id, what, faults, ends }));
}

const spoilt = (variant: string, ends: Case["ends"]) =>
  ["F24", `a redirect spoilt: ${variant}`, faultsAt("authorize").answer("authorize", { variant }), ends] as [
    string,
    string,
    FaultRule[],
    Case["ends"],
  ];

/** The redirect from the login page. */
const SPOILT_REDIRECTS = [
  ...["no_state", "altered_state", "double_encoded", "repeated", "no_code", "bare_error"].map((variant) =>
    spoilt(variant, DAMAGED),
  ),
  spoilt("error_code", forOperator(/has no role in the app.*in place of a code/s)),
  spoilt("code_and_error", DENIED),
  spoilt("denial", DENIED),
  ...["extra_iss", "no_fragment", "fragment_in_code"].map((variant) => spoilt(variant, CONNECTED)),
];
