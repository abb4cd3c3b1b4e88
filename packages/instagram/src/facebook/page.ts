import { readProfileDetails, type ProfileDetails } from "../profile-details.ts";
import { asObject, readId, readText, readToken, type JsonObject } from "../wire.ts";

/** The professional account linked to a Page. */
export type LinkedAccount = { accountId: string; username: string } & ProfileDetails;

/** A Page as a person's token sees it. */
export type Page = {
  id: string;
  name: string;
  token: string | null;
  /** What the person may do on it; null when it was not told. */
  tasks: string[] | null;
  /** Null: none is linked, or it is not to be seen. */
  account: LinkedAccount | null;
};

// one unknown field fails a whole call: `account_type` does not exist on this host
const ACCOUNT_FIELDS = "instagram_business_account{id,username,name,profile_picture_url,followers_count}";

/** What is asked of a Page wherever it stands. */
export const PAGE_FIELDS = `id,name,access_token,${ACCOUNT_FIELDS}`;

/** What the list of a person's own Pages tells besides. */
export const OWN_PAGE_FIELDS = `id,name,access_token,tasks,${ACCOUNT_FIELDS}`;

/** A Page, or null for what is none. */
export function readPage(record: JsonObject): Page | null {
  const id = readId(record.id);
  if (id === null) return null;
  return {
    id,
    name: readText(record.name, 255) ?? id,
    token: readToken(record.access_token),
    tasks: readTasks(record.tasks),
    account: readLinkedAccount(record.instagram_business_account),
  };
}

function readTasks(value: unknown): string[] | null {
  return Array.isArray(value) ? value.filter((task) => typeof task === "string") : null;
}

function readLinkedAccount(value: unknown): LinkedAccount | null {
  const record = asObject(value);
  const accountId = readId(record?.id);
  const username = readText(record?.username, 255);
  if (record === null || accountId === null || username === null) return null;
  return { accountId, username, ...readProfileDetails(record) };
}
