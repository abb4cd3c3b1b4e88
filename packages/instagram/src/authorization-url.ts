import { field, type InstagramClient } from "./client.ts";
import { DEFAULT_SCOPES, refuseUngrantable } from "./scopes.ts";

/** What one authorization request asks for. */
export type AuthorizationRequest = {
  /** Letter for letter a URI registered for the app. */
  redirectUri: string;
  /** Comes back unchanged; ties the answer to the browser. */
  state: string;
  /** Default: {@link DEFAULT_SCOPES}, for Facebook Login {@link FACEBOOK_DEFAULT_SCOPES}. */
  scopes?: readonly string[];
  /** Ask for the password again even when the person is logged in. */
  forceReauth?: boolean;
  /** Ask again for what was declined before. Instagram Login has nothing but {@link forceReauth} for it. */
  rerequest?: boolean;
};

/**
 * The address of the page where a person allows the connection.
 *
 * @throws {TypeError} when the state, the redirect URI or the scopes are empty, or a scope is Facebook Login's.
 * @see https://developers.facebook.com/documentation/instagram-platform/instagram-api-with-instagram-login/business-login
 */
export function createAuthorizationUrl(client: InstagramClient, request: AuthorizationRequest): string {
  const { redirectUri, state, scopes = DEFAULT_SCOPES } = request;
  if (redirectUri === "" || state === "" || scopes.length === 0) {
    throw new TypeError("An authorization request needs a redirect URI, a state and at least one scope.");
  }
  refuseUngrantable(scopes, "Instagram Login");
  const query = [
    field("client_id", client.app.clientId),
    field("redirect_uri", redirectUri),
    "response_type=code",
    field("scope", scopes.join(",")),
    field("state", state),
  ];
  if (request.forceReauth === true || request.rerequest === true) query.push("force_reauth=true");
  return `${client.origins.authorize}/oauth/authorize?${query.join("&")}`;
}
