import { jsonReply, type Reply } from "../http/reply.ts";

/**
 * The refusals of the code exchange by what they mean. Texts are Instagram's, as apps have seen them;
 * where several are known the commonest is sent.
 */
export const OAUTH_REFUSALS = {
  code_used: "Matching code was not found or was already used",
  code_unknown: "Invalid authorization code",
  code_expired: "This authorization code has expired",
  redirect_uri_mismatch:
    "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request",
  redirect_uri_not_registered: "Redirect URI does not match registered redirect URI",
  invalid_platform_app: "Invalid platform app",
  invalid_client_secret: "Invalid Client Secret",
  insufficient_developer_role: "Insufficient developer role",
  not_professional: "The user is not an Instagram Business",
  missing_client_id: "Missing required field client_id",
  missing_client_secret: "Missing required field client_secret",
  missing_code: "Missing required field code",
  missing_redirect_uri: "Missing required field redirect_uri",
  invalid_grant_type: "Invalid grant_type",
  method_not_allowed: "Unsupported request method",
} as const;

export type OAuthRefusal = keyof typeof OAUTH_REFUSALS;

/** A refusal of the code exchange. Its `code` repeats the HTTP status and is no Graph code. */
export function oauthError(refusal: OAuthRefusal, status = 400): Reply {
  return oauthErrorWith(OAUTH_REFUSALS[refusal], refusal, status);
}

export function oauthErrorWith(message: string, refusal: string, status = 400): Reply {
  return jsonReply(status, { error_type: "OAuthException", code: status, error_message: message }, refusal);
}
