import { callGraph, field, type FacebookClient } from "../client.ts";
import { InstagramError } from "../errors.ts";

/**
 * Proves that Facebook knows this app id with this secret, without a person: a code that is none is refused as
 * such only once both have been accepted. `onCall` hears of that refusal.
 *
 * @throws {InstagramError} `invalid_client` when they are wrong; anything else proves nothing.
 * @see https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow
 */
export async function checkCredentials(client: FacebookClient): Promise<void> {
  try {
    await callGraph(client, {
      operation: "check_credentials",
      origin: client.origins.graph,
      path: `${client.versionPath}/oauth/access_token`,
      form: [
        field("client_id", client.app.clientId),
        field("client_secret", client.app.clientSecret),
        field("redirect_uri", "https://localhost/"),
        "code=none",
      ].join("&"),
      isSignedByApp: true,
      read: () => null, // a token for this code would be no answer of Facebook's
    });
  } catch (error) {
    if (!isAboutTheCode(error)) throw error;
  }
}

function isAboutTheCode(error: unknown): boolean {
  if (!(error instanceof InstagramError) || error.code === "invalid_client") return false;
  return error.metaCode === 100 || error.code === "code_used" || error.code === "redirect_uri_mismatch";
}
