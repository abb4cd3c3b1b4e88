import { callGraph, field, type InstagramClient } from "./client.ts";
import { withoutFragment } from "./parse-callback.ts";
import { shortLivedExpiry } from "./token-life.ts";
import { hasRepeatedKey, onlyRecord, readId, readPermissions, readToken, type JsonObject } from "./wire.ts";

/** What a code is exchanged for: a token of one hour. */
export type ShortLivedToken = {
  value: string;
  /** The id Meta's callbacks carry. Not the account id: that one comes with the profile. */
  appScopedId: string | null;
  /** What was granted; null means unknown, not none. */
  permissions: string[] | null;
  /** Before the request was sent, so that the expiry errs early. By the server's clock if ours is wrong. */
  issuedAt: Date;
  expiresAt: Date;
};

/**
 * Exchanges an authorization code for a short-lived token. The code is sent once and never again: when an
 * answer is lost, the error says that the sign-in must be started again.
 *
 * @throws {InstagramError} `retryable` only when it is certain that nothing was sent.
 * @throws {TypeError} when the code is empty.
 * @see https://developers.facebook.com/documentation/instagram-platform/instagram-api-with-instagram-login/business-login
 */
export async function exchangeCode(
  client: InstagramClient,
  input: { code: string; redirectUri: string },
): Promise<ShortLivedToken> {
  const code = codeToSend(input.code);
  return await callGraph(client, {
    operation: "exchange_code",
    origin: client.origins.api,
    path: "/oauth/access_token",
    form: [
      field("client_id", client.app.clientId),
      field("client_secret", client.app.clientSecret),
      "grant_type=authorization_code",
      field("redirect_uri", input.redirectUri),
      field("code", code),
    ].join("&"),
    read: readShortLivedToken,
  });
}

/** A code as it is sent: without the fragment that comes along when an address was copied. @throws {TypeError} when it is empty */
export function codeToSend(given: string): string {
  const code = withoutFragment(given.trim());
  if (code === "") throw new TypeError("The authorization code is empty.");
  return code;
}

function readShortLivedToken(answer: JsonObject, sentAt: Date, text: string): ShortLivedToken | null {
  const record = onlyRecord(answer);
  const value = readToken(record?.access_token);
  if (record === null || value === null || hasRepeatedKey(text, "access_token")) return null;
  return {
    value,
    appScopedId: readId(record.user_id),
    permissions: readPermissions(record.permissions),
    issuedAt: sentAt,
    expiresAt: shortLivedExpiry(sentAt),
  };
}
