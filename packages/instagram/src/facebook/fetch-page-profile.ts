import { callGraph, field, tokenFields, type FacebookClient } from "../client.ts";
import { InstagramError } from "../errors.ts";
import type { InstagramProfile } from "../fetch-profile.ts";
import { fetchProfileDetails } from "../profile-details.ts";
import { asObject, hasRepeatedKey, readId, readText, type JsonObject } from "../wire.ts";
import { inspect } from "./inspect-token.ts";
import { settleInOrder } from "./settle-in-order.ts";

type Identity = Pick<InstagramProfile, "accountId" | "username">;

/**
 * Reads which Instagram account a Page's token gives access to, in three calls side by side: the inspection,
 * which proves that the token is ours and names the person, the account, and its details, which may fail without
 * failing the profile. The account type is not to be had on this host: "unknown".
 *
 * @throws {InstagramError} `account_not_eligible` with the reason `page_without_account` or, for a token that is
 *   no Page's, `page_token_needed`; and the token's own faults.
 * @throws {TypeError} when the token is empty.
 * @see https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user
 */
export async function fetchPageProfile(
  client: FacebookClient,
  token: { value: string },
): Promise<InstagramProfile> {
  const operation = "fetch_profile";
  const [{ report }, { account }, details] = await settleInOrder([
    inspect(client, token),
    fetchIdentity(client, token),
    fetchProfileDetails(client, token, {
      fieldsOf: (fields) => `instagram_business_account{${fields}}`,
      accountIn: (answer) => asObject(answer.instagram_business_account),
    }),
  ]);
  if (report.kind !== "page") {
    throw new InstagramError({ code: "account_not_eligible", reason: "page_token_needed", operation });
  }
  if (account === null) {
    throw new InstagramError({ code: "account_not_eligible", reason: "page_without_account", operation });
  }
  if (report.userId === null) {
    throw new InstagramError({ code: "unknown", reason: "answer_incomplete", operation });
  }
  return { ...account, ...details, appScopedId: report.userId, accountType: "unknown" };
}

async function fetchIdentity(
  client: FacebookClient,
  token: { value: string },
): Promise<{ account: Identity | null }> {
  const fields = field("fields", "id,name,instagram_business_account{id,username}");
  return await callGraph(client, {
    operation: "fetch_profile",
    origin: client.origins.graph,
    path: `${client.versionPath}/me`,
    query: `${fields}&${tokenFields(client, token)}`,
    read: readIdentity,
  });
}

/**
 * Proves that a Page's token lives, by the smallest request there is, and gives back the professional account id
 * of the account linked to the Page. It changes nothing, so it may be repeated at any time.
 *
 * @throws {InstagramError} `needsReauth` when the token is dead; `account_not_eligible` as
 *   {@link fetchPageProfile}; anything else proves nothing about it.
 * @throws {TypeError} when the token is empty.
 * @see https://developers.facebook.com/docs/instagram-platform/instagram-api-with-facebook-login/business-login-for-instagram
 */
export async function probePageToken(client: FacebookClient, token: { value: string }): Promise<string> {
  const operation = "probe_token";
  const { accountId } = await callGraph(client, {
    operation,
    origin: client.origins.graph,
    path: `${client.versionPath}/me`,
    query: `fields=id,instagram_business_account&${tokenFields(client, token)}`,
    read: readAccountId,
  });
  if (accountId !== null) return accountId;
  throw new InstagramError({ code: "account_not_eligible", reason: "page_without_account", operation });
}

function readIdentity(answer: JsonObject, sentAt: Date, text: string): { account: Identity | null } | null {
  const found = readAccountId(answer, sentAt, text);
  if (found === null) return null;
  if (found.accountId === null) return { account: null };
  const username = readText(asObject(answer.instagram_business_account)?.username, 255);
  return username === null ? null : { account: { accountId: found.accountId, username } };
}

/** A Page without a linked account is an answer too: the field is missing then. */
function readAccountId(answer: JsonObject, _sentAt: Date, text: string): { accountId: string | null } | null {
  if (readId(answer.id) === null || hasRepeatedKey(text, "instagram_business_account")) return null;
  if (answer.instagram_business_account === undefined) return { accountId: null };
  const accountId = readId(asObject(answer.instagram_business_account)?.id);
  return accountId === null ? null : { accountId };
}
