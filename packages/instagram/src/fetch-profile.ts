import { callInstagram, tokenField, type InstagramClient } from "./client.ts";
import { InstagramError } from "./errors.ts";
import {
  hasRepeatedKey,
  onlyRecord,
  readCount,
  readId,
  readText,
  readWebAddress,
  type JsonObject,
} from "./wire.ts";

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
type Details = Omit<InstagramProfile, keyof Identity>;

// one unknown field fails a whole call, so the identity is asked for alone and with certain fields only
const IDENTITY_FIELDS = "id,user_id,username,account_type";
const CERTAIN_DETAILS = "name,profile_picture_url,followers_count,follows_count,media_count";
const ALL_DETAILS = `${CERTAIN_DETAILS},biography,website`;

const NO_DETAILS: Details = {
  name: null,
  pictureUrl: null,
  followersCount: null,
  followsCount: null,
  mediaCount: null,
  biography: null,
  website: null,
};

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
    callInstagram(client, {
      operation: "fetch_profile",
      origin: client.origins.graph,
      path: `${client.versionPath}/me`,
      query: `fields=${IDENTITY_FIELDS}&${tokenField(token)}`,
      read: readIdentity,
    }),
    fetchDetails(client, token),
  ]);
  return { ...identity, ...details };
}

/** An {@link InstagramError} never gets out of it: the details are worth no sign-in. */
async function fetchDetails(client: InstagramClient, token: { value: string }): Promise<Details> {
  try {
    return await callDetails(client, token, ALL_DETAILS);
  } catch (error) {
    if (!isRefusedField(error)) return absent(error);
  }
  try {
    return await callDetails(client, token, CERTAIN_DETAILS);
  } catch (error) {
    return absent(error);
  }
}

/** A failed call has been reported to `onCall`; anything else is a fault of ours and is passed on. */
function absent(error: unknown): Details {
  if (error instanceof InstagramError) return NO_DETAILS;
  throw error;
}

function isRefusedField(error: unknown): boolean {
  return error instanceof InstagramError && error.metaCode === 100 && error.reason === "bad_request";
}

async function callDetails(
  client: InstagramClient,
  token: { value: string },
  fields: string,
): Promise<Details> {
  return await callInstagram(client, {
    operation: "fetch_profile_details",
    origin: client.origins.graph,
    path: `${client.versionPath}/me`,
    query: `fields=${fields}&${tokenField(token)}`,
    read: readDetails,
  });
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

function readDetails(answer: JsonObject): Details | null {
  const record = onlyRecord(answer);
  if (record === null) return null;
  return {
    name: readText(record.name, 255),
    pictureUrl: readWebAddress(record.profile_picture_url),
    followersCount: readCount(record.followers_count),
    followsCount: readCount(record.follows_count),
    mediaCount: readCount(record.media_count),
    biography: readText(record.biography, 2200),
    website: readWebAddress(record.website),
  };
}
