import { callGraph, field, type InstagramClient } from "./client.ts";
import type { InstagramErrorCode } from "./error-codes.ts";
import { InstagramError } from "./errors.ts";

/** What is said of the token that is none, once the secret has been accepted. */
const ABOUT_THE_TOKEN: ReadonlySet<InstagramErrorCode> = new Set([
  "token_invalid",
  "token_expired",
  "token_revoked",
]);

/**
 * Proves that Instagram knows this app secret, without a person: a token that is none is refused as such only once
 * the secret has been accepted. The app id is not part of that call: only a sign-in proves it.
 *
 * @throws {InstagramError} `invalid_client` when the secret is wrong; anything else proves nothing.
 * @see https://developers.facebook.com/documentation/instagram-platform/reference/access_token
 */
export async function checkCredentials(client: InstagramClient): Promise<void> {
  try {
    await callGraph(client, {
      operation: "check_credentials",
      origin: client.origins.graph,
      path: "/access_token",
      query: [
        "grant_type=ig_exchange_token",
        field("client_secret", client.app.clientSecret),
        "access_token=none",
      ].join("&"),
      read: () => null, // a token for this one would be no answer of Instagram's
    });
  } catch (error) {
    if (!(error instanceof InstagramError) || !ABOUT_THE_TOKEN.has(error.code)) throw error;
  }
}
