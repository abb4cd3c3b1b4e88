import { callGraph, field, tokenFields, type GraphClient } from "./client.ts";
import { nextCursor } from "./paging.ts";
import { asObject, readId, readText, readWebAddress, type JsonObject } from "./wire.ts";

/** One post. */
export type MediaItem = {
  id: string;
  kind: "image" | "video" | "carousel" | "unknown";
  /** Where it was published, such as `FEED`, `REELS` or `STORY`. */
  productType: string | null;
  caption: string | null;
  /** Null for media with a copyright flag. Expires. */
  mediaUrl: string | null;
  /** Videos only. Expires. */
  thumbnailUrl: string | null;
  permalink: string | null;
  publishedAt: Date | null;
  /** The media inside a carousel. */
  childIds: string[];
};

/** A page of posts, newest first. */
export type MediaPage = {
  items: MediaItem[];
  /** What to pass as `after` for the next page; null on the last. The cursor only: Instagram's own `next` holds the token. */
  after: string | null;
};

const FIELDS =
  "id,caption,media_type,media_product_type,media_url,thumbnail_url,permalink,timestamp,children";

const KINDS: ReadonlyMap<unknown, MediaItem["kind"]> = new Map([
  ["IMAGE", "image"],
  ["VIDEO", "video"],
  ["CAROUSEL_ALBUM", "carousel"],
] as const);

/**
 * Reads the account's posts, newest first, `limit` (1 to 100, default 25) at a time. `accountId` is the
 * professional account id of the profile.
 *
 * @throws {InstagramError} when Instagram does not give them.
 * @throws {RangeError} when the limit is out of range.
 * @throws {TypeError} when the account id is none, or the token is empty.
 * @see https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media
 */
export async function fetchRecentMedia(
  client: GraphClient,
  token: { value: string },
  accountId: string,
  { limit = 25, after }: { limit?: number; after?: string } = {},
): Promise<MediaPage> {
  if (readId(accountId) === null) throw new TypeError("An account id is made of digits only.");
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw new RangeError("The limit of a media page is a whole number from 1 to 100.");
  }
  const cursor = after === undefined ? "" : `&${field("after", after)}`;
  return await callGraph(client, {
    operation: "fetch_recent_media",
    origin: client.origins.graph,
    path: `${client.versionPath}/${accountId}/media`,
    query: `fields=${FIELDS}&limit=${limit}${cursor}&${tokenFields(client, token)}`,
    read: readMediaPage,
  });
}

function readMediaPage(answer: JsonObject): MediaPage | null {
  if (!Array.isArray(answer.data)) return null;
  const items = answer.data.map(readMediaItem).filter((item) => item !== null);
  return { items, after: nextCursor(answer) };
}

function readMediaItem(value: unknown): MediaItem | null {
  const record = asObject(value);
  const id = readId(record?.id);
  if (record === null || id === null) return null;
  return {
    id,
    kind: KINDS.get(record.media_type) ?? "unknown",
    productType: readText(record.media_product_type, 64),
    caption: readText(record.caption, 10_000),
    mediaUrl: readWebAddress(record.media_url),
    thumbnailUrl: readWebAddress(record.thumbnail_url),
    permalink: readWebAddress(record.permalink),
    publishedAt: readTimestamp(record.timestamp),
    childIds: readChildIds(record.children),
  };
}

/** `2026-06-01T12:30:00+0000`: the zone comes without a colon. */
function readTimestamp(value: unknown): Date | null {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:?\d\d)$/.test(value))
    return null;
  const date = new Date(value.replace(/([+-]\d\d):?(\d\d)$/, "$1:$2"));
  return Number.isNaN(date.getTime()) ? null : date;
}

function readChildIds(value: unknown): string[] {
  const data = asObject(value)?.data;
  if (!Array.isArray(data)) return [];
  return data.map((child) => readId(asObject(child)?.id)).filter((id) => id !== null);
}
