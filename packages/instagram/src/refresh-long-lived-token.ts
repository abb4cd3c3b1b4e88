import { callGraph, tokenFields, type InstagramClient } from "./client.ts";
import type { LongLivedToken } from "./long-lived-token.ts";
import { longLivedExpiry } from "./token-life.ts";
import { hasRepeatedKey, onlyRecord, readPermissions, readToken, type JsonObject } from "./wire.ts";

/**
 * Refreshes a long-lived token. The answer replaces the token passed in, may be the same string, and lives
 * about 60 days from now. Instagram refuses tokens younger than 24 hours in words nobody has written down:
 * given `issuedAt`, a refusal of such a token that proves nothing is `token_too_young`.
 *
 * @throws {InstagramError} `needsReauth` once only a new sign-in helps.
 * @throws {TypeError} when the token is empty.
 * @see https://developers.facebook.com/documentation/instagram-platform/reference/refresh_access_token
 */
export async function refreshLongLivedToken(
  client: InstagramClient,
  token: { value: string; issuedAt?: Date },
): Promise<LongLivedToken> {
  return await callGraph(client, {
    operation: "refresh_long_lived_token",
    origin: client.origins.graph,
    path: "/refresh_access_token",
    query: `grant_type=ig_refresh_token&${tokenFields(client, token)}`,
    tokenIssuedAt: token.issuedAt,
    read: readLongLivedToken,
  });
}

/** The long-lived token in an answer, or null when there is none to rely on. */
export function readLongLivedToken(answer: JsonObject, sentAt: Date, text: string): LongLivedToken | null {
  const record = onlyRecord(answer);
  const value = readToken(record?.access_token);
  if (record === null || value === null || hasRepeatedKey(text, "access_token")) return null;
  return {
    value,
    permissions: readPermissions(record.permissions),
    issuedAt: sentAt,
    ...longLivedExpiry(sentAt, record.expires_in),
    dataAccessExpiresAt: null,
    hasNoExpiry: false,
  };
}
