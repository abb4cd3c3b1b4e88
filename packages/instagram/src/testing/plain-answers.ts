import { TransportError } from "../transport-error.ts";
import type { TestAnswer } from "./open-test-login.ts";
import { exchange, media, refresh, type SortedAnswer } from "./sorted-answer.ts";

/** The flat envelope of the code exchange, as section A3 shows it. */
function flat(message: string, status = 400): TestAnswer {
  return { status, json: { error_type: "OAuthException", code: 400, error_message: message } };
}

const REDIRECT =
  "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request";

const UNSENT = new TransportError("connect_failed", { requestMayHaveBeenProcessed: false });
const LOST = new TransportError("reset", { requestMayHaveBeenProcessed: true });

/** Answers that are no JSON, lack what they must hold, or come from the code exchange. */
export const PLAIN_ANSWERS: SortedAnswer[] = [
  // (1) no answer
  ["a host that is not reached", refresh, UNSENT, "transient", "retry"],
  ["an answer that got lost", refresh, LOST, "transient", "retry"],
  ["a host that is not reached with a code", exchange, UNSENT, "transient", "retry"],
  ["an answer to a code that got lost", exchange, LOST, "transient", "reauth"],
  // (2) not JSON
  ["an HTML page under 200", refresh, { text: "<!doctype html><p>Hi" }, "transient", "retry"],
  ["an HTML page under 502", refresh, { status: 502, text: "<html>" }, "transient", "retry"],
  ["an HTML page under 503", media, { status: 503, text: "<html>" }, "transient", "retry"],
  ["an HTML page under 429", refresh, { status: 429, text: "<html>" }, "rate_limited", "retry"],
  ["an HTML page under 403", refresh, { status: 403, text: "<html>" }, "unknown", "retry"],
  ["an HTML page under 401", refresh, { status: 401, text: "<html>" }, "unknown", "retry"],
  ["a redirect", refresh, { status: 302, text: "", headers: { location: "/" } }, "transient", "retry"],
  [
    "a redirect with a token in it",
    refresh,
    { status: 302, json: { access_token: "IGAA" } },
    "transient",
    "retry",
  ],
  ["an empty 200", refresh, { text: "" }, "transient", "retry"],
  ["a cut body", refresh, { text: '{"access_token":"IGAA' }, "transient", "retry"],
  ["a bare false", refresh, { text: "false" }, "transient", "retry"],
  ["a bare null", refresh, { text: "null" }, "transient", "retry"],
  ["an array", refresh, { text: '[{"access_token":"IGAA"}]' }, "transient", "retry"],
  ["invalid UTF-8", refresh, { text: "\uFFFD\uFFFD{" }, "transient", "retry"],
  ["deep nesting", refresh, { text: `{"a":${"[".repeat(100_000)}` }, "transient", "retry"],
  ["an HTML page instead of a code's answer", exchange, { text: "<html>" }, "transient", "reauth"],
  // 2xx without what it must hold
  ["an empty object", refresh, { json: {} }, "unknown", "retry"],
  ["an empty token", refresh, { json: { access_token: "" } }, "unknown", "retry"],
  ["a token that is a number", refresh, { json: { access_token: 7 } }, "unknown", "retry"],
  ["a token with a line break", refresh, { json: { access_token: "IG\r\nAA" } }, "unknown", "retry"],
  [
    "two tokens",
    refresh,
    { json: { data: [{ access_token: "a" }, { access_token: "b" }] } },
    "unknown",
    "retry",
  ],
  ["one token twice", refresh, { text: '{"access_token":"a","access_token" : "b"}' }, "unknown", "retry"],
  ["a code's answer without a token", exchange, { json: { user_id: "1" } }, "unknown", "reauth"],
  // (3) A3
  ["a used code", exchange, flat("Matching code was not found or was already used"), "code_used", "reauth"],
  ["an unknown code", exchange, flat("No matching code found"), "code_used", "reauth"],
  ["a used code, otherwise", exchange, flat("This authorization code has been used."), "code_used", "reauth"],
  ["an expired code", exchange, flat("This authorization code has expired."), "code_expired", "reauth"],
  ["no code at all", exchange, flat("Invalid authorization code"), "code_used", "reauth"],
  ["another redirect URI", exchange, flat(REDIRECT), "redirect_uri_mismatch", "neither"],
  [
    "another redirect URI, in capitals",
    exchange,
    flat(REDIRECT.toUpperCase()),
    "redirect_uri_mismatch",
    "neither",
  ],
  [
    "an unregistered redirect URI",
    exchange,
    flat("Invalid redirect_uri"),
    "redirect_uri_mismatch",
    "neither",
  ],
  [
    "an unregistered redirect URI, otherwise",
    exchange,
    flat("Redirect URI does not match registered redirect URI"),
    "redirect_uri_mismatch",
    "neither",
  ],
  ["a Meta app id", exchange, flat("Invalid platform app"), "invalid_client", "neither"],
  ["a wrong secret", exchange, flat("Invalid Client Secret"), "invalid_client", "neither"],
  ["a form without fields", exchange, flat("Missing required field client_id"), "invalid_client", "neither"],
  [
    "an app nobody knows",
    exchange,
    { status: 400, json: { error_message: "No application data was given: x", error_code: 1349026 } },
    "invalid_client",
    "neither",
  ],
  [
    "an account without a tester role",
    exchange,
    flat("Insufficient Developer Role"),
    "account_not_eligible",
    "neither",
  ],
  [
    "the old envelope",
    exchange,
    {
      status: 400,
      json: { meta: { error_type: "OAuthException", code: 400, error_message: "No matching code found" } },
    },
    "code_used",
    "reauth",
  ],
  [
    "an error under 200",
    exchange,
    flat("Matching code was not found or was already used", 200),
    "code_used",
    "reauth",
  ],
  ["a fault of the exchange", exchange, flat("Sorry", 500), "transient", "reauth"],
  [
    "a 5xx repeated under 200",
    media,
    { json: { error_type: "X", code: 503, error_message: "" } },
    "transient",
    "retry",
  ],
  [
    "a 429 repeated under 200",
    media,
    { json: { error_type: "X", code: 429, error_message: "" } },
    "rate_limited",
    "retry",
  ],
  [
    "the plain OAuth shape",
    exchange,
    { status: 400, json: { error: "invalid_client", error_description: "Invalid client secret" } },
    "invalid_client",
    "neither",
  ],
  [
    "a plain fail",
    exchange,
    { status: 400, json: { status: "fail", message: "Invalid platform app" } },
    "invalid_client",
    "neither",
  ],
];
