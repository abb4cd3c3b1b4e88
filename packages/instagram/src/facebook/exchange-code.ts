import { callGraph, field, type FacebookClient } from "../client.ts";
import { codeToSend, type ShortLivedToken } from "../exchange-code.ts";
import { shortLivedExpiry } from "../token-life.ts";
import { hasRepeatedKey, readToken, type JsonObject } from "../wire.ts";

/**
 * Exchanges an authorization code for a person's token. The code is sent once and never again: when an answer
 * is lost, the error says that the sign-in must be started again. Facebook often does not say how long the token
 * lives; an hour is assumed then.
 *
 * @throws {InstagramError} `retryable` only when it is certain that nothing was sent.
 * @throws {TypeError} when the code is empty.
 * @see https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow
 */
export async function exchangeFacebookCode(
  client: FacebookClient,
  input: { code: string; redirectUri: string },
): Promise<ShortLivedToken> {
  const code = codeToSend(input.code);
  return await callGraph(client, {
    operation: "exchange_code",
    origin: client.origins.graph,
    path: `${client.versionPath}/oauth/access_token`,
    form: [
      field("client_id", client.app.clientId),
      field("client_secret", client.app.clientSecret),
      field("redirect_uri", input.redirectUri),
      field("code", code),
    ].join("&"),
    read: readShortLivedToken,
  });
}

function readShortLivedToken(answer: JsonObject, sentAt: Date, text: string): ShortLivedToken | null {
  const value = readToken(answer.access_token);
  if (value === null || hasRepeatedKey(text, "access_token")) return null;
  return {
    value,
    appScopedId: null,
    permissions: null,
    issuedAt: sentAt,
    expiresAt: shortLivedExpiry(sentAt, answer.expires_in),
  };
}
