import type { FacebookClient } from "../client.ts";
import type { LongLivedToken } from "../long-lived-token.ts";
import { inspect } from "./inspect-token.ts";
import { endsOfToken } from "./token-ends.ts";

/**
 * Facebook knows no renewal: a token that is kept, a Page's or a system user's, is proven alive and given back
 * with its ends as they are now. Only the person moves them, by coming back.
 *
 * @throws {InstagramError} `needsReauth` once only a new sign-in helps; `foreign_app` as its reason for a token
 *   of another app. Errors name the inspection.
 * @throws {TypeError} when the token is empty.
 * @see https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived
 */
export async function renewKeptToken(
  client: FacebookClient,
  token: { value: string; issuedAt?: Date },
): Promise<LongLivedToken> {
  const inspection = await inspect(client, token);
  const { scopes, issuedAt } = inspection.report;
  return {
    value: token.value,
    permissions: scopes.length === 0 ? null : scopes,
    issuedAt: token.issuedAt ?? issuedAt ?? inspection.asOf,
    ...endsOfToken(inspection),
  };
}
