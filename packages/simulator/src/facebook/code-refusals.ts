import type { GraphFailure } from "../meta/graph-reply.ts";

/**
 * The refusals of Facebook's token endpoint by what they mean. Some codes say something else elsewhere: 1 is usually an
 * outage, and 101 speaks of a system error where the app's id is wrong.
 */
export const CODE_REFUSALS = {
  code_used: { code: 100, subcode: 36009, message: "This authorization code has been used." },
  code_expired: { code: 100, subcode: 36007, message: "This authorization code has expired." },
  code_unknown: { code: 100, message: "Invalid verification code format." },
  redirect_uri_mismatch: {
    code: 100,
    subcode: 36008,
    message:
      "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request",
  },
  redirect_uri_not_absolute: {
    code: 191,
    message: "redirect_uri isn't an absolute URI. Check RFC 3986.",
  },
  missing_redirect_uri: { code: 191, message: "Missing redirect_uri parameter." },
  invalid_client_secret: { status: 400, code: 1, message: "Error validating client secret." },
  missing_client_secret: { status: 400, code: 1, message: "Missing client_secret parameter." },
  unknown_app: {
    code: 101,
    message: "Error validating application. Cannot get application info due to a system error.",
  },
  invalid_app_id: { code: 101, message: "Error validating application. Invalid application ID." },
  missing_client_id: { code: 101, message: "Missing client_id parameter." },
  missing_code: { status: 400, code: 1, message: "Missing authorization code" },
  invalid_grant_type: { code: 100, message: "(#100) Invalid parameter: grant_type" },
} as const satisfies Record<string, GraphFailure>;

export type CodeRefusal = keyof typeof CODE_REFUSALS;
