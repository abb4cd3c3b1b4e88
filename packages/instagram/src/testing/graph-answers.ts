import type { TestAnswer } from "./open-test-login.ts";
import { exchange, lengthen, media, refresh, type SortedAnswer } from "./sorted-answer.ts";

/** A Graph envelope, as section C1 shows it. */
export function graph(code: number, message: string, more: object = {}, status = 400): TestAnswer {
  return { status, json: { error: { message, type: "OAuthException", code, fbtrace_id: "Aabc", ...more } } };
}

const PREFIX = "Error validating access token: ";
const UNSUPPORTED = "Unsupported request - method type: get";

/** Answers in the Graph envelope. */
export const GRAPH_ANSWERS: SortedAnswer[] = [
  // (3) A4, A5, C4
  [
    "a wrong secret under code 100",
    lengthen,
    graph(100, "Error validating client secret."),
    "invalid_client",
    "neither",
  ],
  [
    "a wrong secret under code 1",
    lengthen,
    graph(1, "Error validating client secret."),
    "invalid_client",
    "neither",
  ],
  [
    "an unsupported request at the exchange",
    lengthen,
    graph(100, UNSUPPORTED, { type: "IGApiException" }),
    "app_not_available",
    "neither",
  ],
  ["an unsupported request at a refresh", refresh, graph(100, UNSUPPORTED), "app_not_available", "neither"],
  ["an unsupported request at a read", media, graph(100, UNSUPPORTED), "app_not_available", "neither"],
  ["a blocked app", media, graph(200, "API access blocked."), "app_not_available", "neither"],
  [
    "an account that is not professional",
    media,
    graph(10, "The user is not an Instagram Business"),
    "account_not_eligible",
    "neither",
  ],
  [
    "a young token, in words",
    refresh,
    graph(100, "The token must be at least 24 hours old"),
    "token_too_young",
    "retry",
  ],
  // (4) 190 and 102
  [
    "a removed app",
    refresh,
    graph(190, `${PREFIX}The user has not authorized application 1.`, { error_subcode: 458 }),
    "token_revoked",
    "reauth",
  ],
  [
    "a checkpoint",
    refresh,
    graph(190, "You cannot access the app till you log in", { error_subcode: 459 }),
    "token_invalid",
    "reauth",
  ],
  ["a changed password", refresh, graph(190, PREFIX, { error_subcode: 460 }, 401), "token_revoked", "reauth"],
  [
    "an expired token",
    refresh,
    graph(190, `${PREFIX}Session has expired on Monday`, { error_subcode: 463 }),
    "token_expired",
    "reauth",
  ],
  [
    "an expired token, in strings",
    refresh,
    { status: 400, json: { error: { message: "", code: "190", error_subcode: "463" } } },
    "token_expired",
    "reauth",
  ],
  [
    "an unconfirmed person",
    refresh,
    graph(190, "Sessions", { error_subcode: 464 }),
    "token_invalid",
    "reauth",
  ],
  ["a logged-out session", refresh, graph(190, PREFIX, { error_subcode: 467 }), "token_invalid", "reauth"],
  ["a lost Page role", media, graph(190, "", { error_subcode: 492 }), "permission_missing", "reauth"],
  ["a bare 190", refresh, graph(190, "Invalid OAuth access token."), "token_invalid", "reauth"],
  [
    "a 190 with a subcode nobody knows",
    refresh,
    graph(190, "", { error_subcode: 999 }),
    "token_invalid",
    "reauth",
  ],
  [
    "an expired token without a subcode",
    refresh,
    graph(190, `${PREFIX}Session has expired on Monday`),
    "token_expired",
    "reauth",
  ],
  [
    "a removed app without a subcode",
    refresh,
    graph(190, `${PREFIX}The user has not authorized application 1.`),
    "token_revoked",
    "reauth",
  ],
  [
    "a token that cannot be parsed",
    refresh,
    graph(190, "Invalid OAuth access token - Cannot parse access token"),
    "token_invalid",
    "reauth",
  ],
  [
    "a 190 that calls itself transient",
    refresh,
    graph(190, "", { is_transient: true }),
    "token_invalid",
    "reauth",
  ],
  ["a 190 under 200", refresh, graph(190, "", { error_subcode: 463 }, 200), "token_expired", "reauth"],
  ["a 102", refresh, graph(102, "Session key invalid"), "token_invalid", "reauth"],
  ["a 102 with a subcode", refresh, graph(102, "", { error_subcode: 458 }), "token_revoked", "reauth"],
  [
    "a 452 at a refresh",
    refresh,
    graph(452, "Session key invalid. This could be because"),
    "token_invalid",
    "reauth",
  ],
  // (5) throttles
  [
    "the app's limit",
    media,
    graph(4, "(#4) Application request limit reached", {}, 403),
    "rate_limited",
    "retry",
  ],
  [
    "the user's limit, transient",
    media,
    graph(17, "(#17) User request limit reached", { is_transient: true }),
    "rate_limited",
    "retry",
  ],
  ["the Page's limit", media, graph(32, "(#32) Page request limit reached"), "rate_limited", "retry"],
  ["the app's other limit", media, graph(341, ""), "rate_limited", "retry"],
  ["a block for a while", media, graph(368, ""), "rate_limited", "retry"],
  [
    "a custom throttle",
    media,
    graph(613, "(#613) Calls to this api have exceeded the rate limit."),
    "rate_limited",
    "retry",
  ],
  ["a Page's business limit", media, graph(80001, ""), "rate_limited", "retry"],
  [
    "an account's business limit under 500",
    refresh,
    graph(80002, "(#80002) There have been too many calls", {}, 500),
    "rate_limited",
    "retry",
  ],
  [
    "a 429 without a code",
    refresh,
    { status: 429, json: { error: { message: "slow down" } } },
    "rate_limited",
    "retry",
  ],
  ["a throttled code exchange", exchange, graph(4, ""), "rate_limited", "reauth"],
  // (6) permissions
  [
    "a missing permission",
    refresh,
    graph(10, "(#10) Application does not have permission for this action"),
    "permission_missing",
    "reauth",
  ],
  [
    "a missing permission, 200",
    refresh,
    graph(200, "(#200) Requires extended permission", {}, 403),
    "permission_missing",
    "reauth",
  ],
  ["a missing permission, 299", refresh, graph(299, ""), "permission_missing", "reauth"],
  ["a missing capability", media, graph(3, ""), "app_not_available", "neither"],
  ["an unknown application", refresh, graph(101, ""), "invalid_client", "neither"],
  ["a broken redirect value", exchange, graph(191, ""), "redirect_uri_mismatch", "neither"],
  // (7) nobody's fault for long
  ["code 1", refresh, graph(1, "An unknown error occurred", { error_subcode: 99 }), "transient", "retry"],
  ["code 2", refresh, graph(2, "Service temporarily unavailable", {}, 500), "transient", "retry"],
  [
    "anything that calls itself transient",
    refresh,
    graph(99_999, "", { is_transient: true }),
    "transient",
    "retry",
  ],
  ["an unknown code under 500", refresh, graph(99_999, "", {}, 500), "transient", "retry"],
  ["an object without an error under 500", refresh, { status: 500, json: {} }, "transient", "retry"],
  ["code 2 at a code exchange", exchange, graph(2, "", {}, 500), "transient", "reauth"],
  // (8) the rest
  ["an error code nobody knows", refresh, graph(99_999, "?"), "unknown", "retry"],
  [
    "a field that does not exist",
    media,
    graph(100, "(#100) Tried accessing nonexisting field (x)"),
    "unknown",
    "neither",
  ],
  [
    "an object not visible",
    media,
    graph(100, "Object does not exist", { error_subcode: 33 }),
    "unknown",
    "neither",
  ],
  ["an alias that does not exist", media, graph(803, ""), "unknown", "neither"],
  ["an unknown path", media, graph(2500, ""), "unknown", "neither"],
  [
    "a version that has ended",
    refresh,
    graph(
      2635,
      "(#2635) You are calling a deprecated version of the API. Please update to the latest version",
    ),
    "unknown",
    "neither",
  ],
  ["an object without an error under 400", refresh, { status: 400, json: {} }, "unknown", "retry"],
  ["an error that says nothing", refresh, { status: 400, json: { error: {} } }, "unknown", "retry"],
];
