import { graph } from "./graph-answers.ts";
import { exchange, lengthen, media, refresh, type SortedAnswer } from "./sorted-answer.ts";

const REDIRECT =
  "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request";
const NO_APP = "Error validating application. Cannot get application info due to a system error.";

/** Answers of the Facebook host: where the code beside the text would say something else. */
export const FACEBOOK_ANSWERS: SortedAnswer[] = [
  // (3) B2
  [
    "a used code",
    exchange,
    graph(100, "This authorization code has been used.", { error_subcode: 36009 }),
    "code_used",
    "reauth",
  ],
  [
    "an expired code",
    exchange,
    graph(100, "This authorization code has expired.", { error_subcode: 36007 }),
    "code_expired",
    "reauth",
  ],
  [
    "another redirect URI",
    exchange,
    graph(100, REDIRECT, { error_subcode: 36008 }),
    "redirect_uri_mismatch",
    "neither",
  ],
  ["a used code, by its subcode", exchange, graph(100, "", { error_subcode: 36009 }), "code_used", "reauth"],
  [
    "an expired code, by its subcode",
    exchange,
    graph(100, "", { error_subcode: 36007 }),
    "code_expired",
    "reauth",
  ],
  [
    "another redirect URI, by its subcode",
    exchange,
    graph(100, "", { error_subcode: 36008 }),
    "redirect_uri_mismatch",
    "neither",
  ],
  ["what is no code", exchange, graph(100, "Invalid verification code format."), "code_used", "reauth"],
  [
    "a broken redirect URI",
    exchange,
    graph(191, "redirect_uri isn't an absolute URI. Check RFC 3986."),
    "redirect_uri_mismatch",
    "neither",
  ],
  [
    "a wrong secret under code 1",
    exchange,
    graph(1, "Error validating client secret."),
    "invalid_client",
    "neither",
  ],
  [
    "a wrong secret at the exchange",
    lengthen,
    graph(1, "Error validating client secret."),
    "invalid_client",
    "neither",
  ],
  ["an unknown app under 101", exchange, graph(101, NO_APP), "invalid_client", "neither"],
  ["an unknown app under 101 and 500", exchange, graph(101, NO_APP, {}, 500), "invalid_client", "neither"],
  ["an unknown app under 1", exchange, graph(1, NO_APP, {}, 500), "invalid_client", "neither"],
  ["no app id", exchange, graph(101, "Missing client_id parameter."), "invalid_client", "neither"],
  [
    "an app id that is none",
    exchange,
    graph(101, "Error validating application. Invalid application ID."),
    "invalid_client",
    "neither",
  ],
  ["an outage under code 1", lengthen, graph(1, "An unknown error occurred"), "transient", "retry"],
  // (3) B4, B6, C4
  [
    "a person's token where a Page's belongs",
    media,
    graph(100, "(#100) Tried accessing nonexisting field (instagram_business_account) on node type (User)"),
    "account_not_eligible",
    "neither",
  ],
  [
    "a proof that is wanted",
    media,
    graph(100, "API calls from the server require an appsecret_proof argument"),
    "invalid_client",
    "neither",
  ],
  [
    "a proof that does not fit",
    media,
    graph(100, "Invalid appsecret_proof provided in the API argument"),
    "invalid_client",
    "neither",
  ],
  ["a blocked app", media, graph(200, "API access blocked."), "app_not_available", "neither"],
  [
    "an account that is not professional",
    media,
    graph(10, "The user is not an Instagram Business"),
    "account_not_eligible",
    "neither",
  ],
  // (4) C3
  ["a lost Page role", media, graph(190, "", { error_subcode: 492 }), "permission_missing", "reauth"],
  [
    "a lost Page role without a subcode",
    media,
    graph(190, "The user must be an administrator of the page in order to impersonate it."),
    "permission_missing",
    "reauth",
  ],
  [
    "an end of data access",
    media,
    graph(190, "The access token is invalid since the user hasn't engaged the app in longer than 90 days.", {
      error_subcode: 493,
    }),
    "token_expired",
    "reauth",
  ],
  [
    "an end of data access without a subcode",
    media,
    graph(190, "The access token is invalid since the user hasn't engaged the app in longer than 90 days."),
    "token_expired",
    "reauth",
  ],
  ["a changed password", media, graph(190, "", { error_subcode: 460 }), "token_revoked", "reauth"],
  [
    "an expired token at the exchange",
    lengthen,
    graph(190, "", { error_subcode: 463 }),
    "token_expired",
    "reauth",
  ],
  [
    "our own pair at a renewal",
    refresh,
    graph(190, "Invalid OAuth access token signature."),
    "invalid_client",
    "neither",
  ],
  // (5) to (8)
  ["the app's limit", media, graph(4, "(#4) Application request limit reached"), "rate_limited", "retry"],
  ["the Page's limit", media, graph(32, "(#32) Page request limit reached"), "rate_limited", "retry"],
  ["a Page of a portfolio without the permission", media, graph(10, "(#10)"), "permission_missing", "reauth"],
  ["an object not visible", media, graph(100, "", { error_subcode: 33 }), "unknown", "neither"],
  ["a version that has ended, by its code", media, graph(2635, ""), "unknown", "neither"],
  ["an error code nobody knows", refresh, graph(99_999, "?"), "unknown", "retry"],
];
