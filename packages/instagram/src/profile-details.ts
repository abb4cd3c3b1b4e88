import { callGraph, field, tokenFields, type GraphClient } from "./client.ts";
import { InstagramError } from "./errors.ts";
import type { InstagramProfile } from "./fetch-profile.ts";
import { readCount, readText, readWebAddress, type JsonObject } from "./wire.ts";

/** The part of a profile that may be missing. */
export type ProfileDetails = Omit<InstagramProfile, "accountId" | "appScopedId" | "username" | "accountType">;

// one unknown field fails a whole call
const CERTAIN_FIELDS = "name,profile_picture_url,followers_count,follows_count,media_count";
const ALL_FIELDS = `${CERTAIN_FIELDS},biography,website`;

const NO_DETAILS: ProfileDetails = {
  name: null,
  pictureUrl: null,
  followersCount: null,
  followsCount: null,
  mediaCount: null,
  biography: null,
  website: null,
};

/** Where the account's fields stand: in the node asked, or in an object inside it. */
type Place = {
  fieldsOf: (accountFields: string) => string;
  accountIn: (answer: JsonObject) => JsonObject | null;
};

/**
 * Reads a profile's details, once more and fewer when a field is refused. An {@link InstagramError} never gets
 * out of it: the details are worth no sign-in. `onCall` hears of the failed call; they are null then.
 */
export async function fetchProfileDetails(
  client: GraphClient,
  token: { value: string },
  place: Place,
): Promise<ProfileDetails> {
  try {
    return await callDetails(client, token, place, ALL_FIELDS);
  } catch (error) {
    if (!isRefusedField(error)) return absent(error);
  }
  try {
    return await callDetails(client, token, place, CERTAIN_FIELDS);
  } catch (error) {
    return absent(error);
  }
}

/** A failed call has been reported to `onCall`; anything else is a fault of ours and is passed on. */
function absent(error: unknown): ProfileDetails {
  if (error instanceof InstagramError) return NO_DETAILS;
  throw error;
}

function isRefusedField(error: unknown): boolean {
  return error instanceof InstagramError && error.metaCode === 100 && error.reason === "bad_request";
}

async function callDetails(
  client: GraphClient,
  token: { value: string },
  place: Place,
  fields: string,
): Promise<ProfileDetails> {
  return await callGraph(client, {
    operation: "fetch_profile_details",
    origin: client.origins.graph,
    path: `${client.versionPath}/me`,
    query: `${field("fields", place.fieldsOf(fields))}&${tokenFields(client, token)}`,
    read: (answer) => {
      const account = place.accountIn(answer);
      return account === null ? null : readProfileDetails(account);
    },
  });
}

/** What an account's fields hold of the details; null for those that are missing. */
export function readProfileDetails(account: JsonObject): ProfileDetails {
  return {
    name: readText(account.name, 255),
    pictureUrl: readWebAddress(account.profile_picture_url),
    followersCount: readCount(account.followers_count),
    followsCount: readCount(account.follows_count),
    mediaCount: readCount(account.media_count),
    biography: readText(account.biography, 2200),
    website: readWebAddress(account.website),
  };
}
