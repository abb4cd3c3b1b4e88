import type { AuthorizationRequest } from "../authorization-url.ts";
import { field, type FacebookClient } from "../client.ts";
import { FACEBOOK_DEFAULT_SCOPES, refuseUngrantable } from "../scopes.ts";

/**
 * The address of the dialog where a person allows the connection. With a configuration of Facebook Login for
 * Business, which names the permissions itself, the scopes are left out.
 *
 * @throws {TypeError} when the state, the redirect URI or the scopes are empty, or a scope is Instagram Login's.
 * @see https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow
 */
export function createDialogUrl(client: FacebookClient, request: AuthorizationRequest): string {
  const { redirectUri, state, scopes = FACEBOOK_DEFAULT_SCOPES } = request;
  if (redirectUri === "" || state === "" || scopes.length === 0) {
    throw new TypeError("An authorization request needs a redirect URI, a state and at least one scope.");
  }
  refuseUngrantable(scopes, "Facebook Login");
  const query = [
    field("client_id", client.app.clientId),
    field("redirect_uri", redirectUri),
    "response_type=code",
    ...(client.configId === undefined
      ? [field("scope", scopes.join(","))]
      : // a configuration for system users would give a token in the fragment otherwise
        [field("config_id", client.configId), "override_default_response_type=true"]),
    field("state", state),
  ];
  const authTypes = [
    ...(request.rerequest === true ? ["rerequest"] : []),
    ...(request.forceReauth === true ? ["reauthenticate"] : []),
  ];
  if (authTypes.length > 0) query.push(field("auth_type", authTypes.join(",")));
  return `${client.origins.dialog}${client.versionPath}/dialog/oauth?${query.join("&")}`;
}
