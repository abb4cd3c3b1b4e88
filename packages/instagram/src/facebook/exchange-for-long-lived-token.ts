import { callGraph, field, type FacebookClient } from "../client.ts";
import type { LongLivedToken } from "../long-lived-token.ts";
import { longLivedExpiry } from "../token-life.ts";
import { hasRepeatedKey, readToken, type JsonObject } from "../wire.ts";
import { inspect } from "./inspect-token.ts";
import { endsOfToken } from "./token-ends.ts";

type Exchanged = { value: string; issuedAt: Date; expiresIn: unknown };

/**
 * Exchanges a person's short-lived token for a long-lived one. Where the answer does not say when it ends, the
 * token is inspected, which also tells the end of the access to the data; else `dataAccessExpiresAt` is null
 * here and told by {@link inspectToken}, or by the Pages. An exchange of a long-lived token may give it back with
 * the end it had.
 *
 * @throws {InstagramError} `invalid_client` for a wrong app secret, and the token's own faults.
 * @throws {TypeError} when the token is empty.
 * @see https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived
 */
export async function exchangeForLongLivedUserToken(
  client: FacebookClient,
  token: { value: string },
): Promise<LongLivedToken> {
  if (token.value.trim() === "") throw new TypeError("The token is empty.");
  const { value, issuedAt, expiresIn } = await callGraph(client, {
    operation: "exchange_for_long_lived_token",
    origin: client.origins.graph,
    path: `${client.versionPath}/oauth/access_token`,
    query: [
      "grant_type=fb_exchange_token",
      field("client_id", client.app.clientId),
      field("client_secret", client.app.clientSecret),
      field("fb_exchange_token", token.value),
    ].join("&"),
    read: readExchanged,
  });
  const expiry = longLivedExpiry(issuedAt, expiresIn);
  if (!expiry.isExpiryEstimated) {
    return { value, permissions: null, issuedAt, ...expiry, dataAccessExpiresAt: null, hasNoExpiry: false };
  }
  const inspection = await inspect(client, { value });
  const { scopes } = inspection.report;
  return { value, permissions: scopes.length === 0 ? null : scopes, issuedAt, ...endsOfToken(inspection) };
}

function readExchanged(answer: JsonObject, sentAt: Date, text: string): Exchanged | null {
  const value = readToken(answer.access_token);
  if (value === null || hasRepeatedKey(text, "access_token")) return null;
  return { value, issuedAt: sentAt, expiresIn: answer.expires_in };
}
