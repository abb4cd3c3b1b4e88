import { callGraph, field, tokenFields, type InstagramClient } from "./client.ts";
import { InstagramError } from "./errors.ts";
import type { LongLivedToken } from "./long-lived-token.ts";
import { readLongLivedToken, refreshLongLivedToken } from "./refresh-long-lived-token.ts";

/**
 * Exchanges a short-lived token for a long-lived one. A token that is long-lived already, such as one from
 * the app dashboard, is refreshed instead: an error that names that operation says that it was long-lived.
 *
 * @throws {InstagramError} `invalid_client` for a wrong app secret, and the token's own faults.
 * @throws {TypeError} when the token is empty.
 * @see https://developers.facebook.com/documentation/instagram-platform/reference/access_token
 */
export async function exchangeForLongLivedToken(
  client: InstagramClient,
  token: { value: string },
): Promise<LongLivedToken> {
  try {
    return await callGraph(client, {
      operation: "exchange_for_long_lived_token",
      origin: client.origins.graph,
      path: "/access_token",
      query: [
        "grant_type=ig_exchange_token",
        field("client_secret", client.app.clientSecret),
        tokenFields(client, token),
      ].join("&"),
      read: readLongLivedToken,
    });
  } catch (error) {
    if (!(error instanceof InstagramError) || error.reason !== "already_long_lived") throw error;
    // without its age: the token at hand is not the one whose issue time the caller knows
    return await refreshLongLivedToken(client, { value: token.value });
  }
}
