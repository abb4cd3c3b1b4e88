import { callGraph, tokenFields, type InstagramClient } from "./client.ts";
import { fetchProfileDetails } from "./profile-details.ts";
import { hasRepeatedKey, onlyRecord, readId, readText, type JsonObject } from "./wire.ts";

/** The kinds of account. `personal` ones cannot use the API: it is for the caller to refuse them. */
export type InstagramAccountType = "business" | "creator" | "personal" | "unknown";

/** Who a token belongs to. Everything below `accountType` may change or be missing at any time. */
export type InstagramProfile = {
  /** The professional account id, usually `17841…`: the key of a connection. */
  accountId: string;
  /** The id Meta's callbacks carry. */
  appScopedId: string;
  /** Can change: never a key. */
  username: string;
  accountType: InstagramAccountType;
  name: string | null;
  /** A signed address that expires within days. */
  pictureUrl: string | null;
  followersCount: number | null;
  followsCount: number | null;
  mediaCount: number | null;
  biography: string | null;
  website: string | null;
};

type Identity = Pick<InstagramProfile, "accountId" | "appScopedId" | "username" | "accountType">;

// one unknown field fails a whole call, so the identity is asked for alone and with certain fields only
const IDENTITY_FIELDS = "id,user_id,username,account_type";

const ACCOUNT_TYPES: ReadonlyMap<string, InstagramAccountType> = new Map([
  ["business", "business"],
  ["media_creator", "creator"],
  ["creator", "creator"],
  ["personal", "personal"],
] as const);

/**
 * Reads who a token belongs to, in two calls side by side: the identity, and the details, which may fail
 * without failing the profile (`onCall` hears of it; the details are null then).
 *
 * @throws {InstagramError} when the identity is not to be had, or lacks an id or the username.
 * @throws {TypeError} when the token is empty.
 * @see https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user
 */
export async function fetchProfile(
  client: InstagramClient,
  token: { value: string },
): Promise<InstagramProfile> {
  const [identity, details] = await Promise.all([
    callGraph(client, {
      operation: "fetch_profile",
      origin: client.origins.graph,
      path: `${client.versionPath}/me`,
      query: `fields=${IDENTITY_FIELDS}&${tokenFields(client, token)}`,
      read: readIdentity,
    }),
    fetchProfileDetails(client, token, { fieldsOf: (fields) => fields, accountIn: onlyRecord }),
  ]);
  return { ...identity, ...details };
}

function readIdentity(answer: JsonObject, _sentAt: Date, text: string): Identity | null {
  const record = onlyRecord(answer);
  if (record === null || hasRepeatedKey(text, "user_id") || hasRepeatedKey(text, "id")) return null;
  const accountId = readId(record.user_id);
  const appScopedId = readId(record.id);
  const username = readText(record.username, 255);
  if (accountId === null || appScopedId === null || username === null) return null;
  const accountType = ACCOUNT_TYPES.get(String(record.account_type).toLowerCase()) ?? "unknown";
  return { accountId, appScopedId, username, accountType };
}
