import type { Endpoint } from "../endpoint.ts";
import type { Reply } from "../http/reply.ts";
import { graphError, graphReply } from "../meta/graph-reply.ts";
import type { SimulatedMedia, SimulatedUser } from "../people.ts";
import type { World } from "../world.ts";
import { identifyByToken } from "./access.ts";
import { parseFields, unknownField, type FieldRequest } from "./fields.ts";
import { requireOwnNode } from "./node.ts";
import { mediaPictureUrl } from "./pictures.ts";
import { BASIC } from "./scopes.ts";

type MediaContext = { world: World; user: SimulatedUser; media: SimulatedMedia; of: readonly FieldRequest[] };

const FIELDS: Readonly<Record<string, (context: MediaContext) => unknown>> = {
  id: ({ media }) => media.id,
  caption: ({ media }) => media.caption ?? undefined,
  media_type: ({ media }) => media.mediaType,
  media_product_type: ({ media }) => (media.mediaType === "VIDEO" ? "REELS" : "FEED"),
  media_url: ({ world, media }) => mediaPictureUrl(world, media.id),
  thumbnail_url: ({ world, media }) =>
    media.mediaType === "VIDEO" ? mediaPictureUrl(world, media.id) : undefined,
  permalink: ({ media }) => `https://www.instagram.com/p/${BigInt(media.id).toString(36)}/`,
  timestamp: ({ media }) => media.postedAt.toISOString().replace(/\.\d{3}Z$/, "+0000"),
  username: ({ user }) => user.username,
  children: (context) => childrenOf(context),
};

/** `GET /me/media` and `GET /{professional id}/media`: posts, newest first, a page at a time. */
export const mediaList: Endpoint = {
  at: "media",
  flavour: "ig",
  identify: identifyByToken,
  process(world, call, subject) {
    const own = requireOwnNode(world, call, subject, BASIC);
    if ("refusal" in own) return own.refusal;
    const { user } = own;
    return pageOfMedia(world, user, call.path, call.query);
  },
};

const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 100;

function pageOfMedia(world: World, user: SimulatedUser, path: string, query: URLSearchParams): Reply {
  const fields = parseFields(query.get("fields") ?? "id");
  const limit = Math.min(Number(query.get("limit") ?? DEFAULT_LIMIT), MAX_LIMIT);
  const range = Number.isInteger(limit) && limit > 0 ? rangeOf(user, query, limit) : undefined;
  if (range === undefined)
    return graphError(world, { code: 100, message: "(#100) Invalid cursor or limit" }, user);
  const items = user.media.slice(range.start, range.end);
  const unknown = unknownAmong(fields);
  if (unknown !== undefined) return unknownField(world, unknown, "IGMedia", user);
  const data = items.map((media) => renderMedia({ world, user, media, of: [] }, fields));
  const first = items.at(0);
  const last = items.at(-1);
  if (first === undefined || last === undefined) return graphReply(world, user, '{"data":[]}');
  const cursors = { before: cursorOf(first), after: cursorOf(last) };
  const paging: Record<string, unknown> = { cursors };
  const link = (direction: "after" | "before") => pageLink(world, path, query, direction, cursors[direction]);
  if (range.start > 0) paging["previous"] = link("before");
  if (range.end < user.media.length) paging["next"] = link("after");
  return graphReply(world, user, JSON.stringify({ data, paging }));
}

/** Which posts a page holds; undefined for a cursor that belongs to no post of this account. */
function rangeOf(user: SimulatedUser, query: URLSearchParams, limit: number) {
  const [after, before] = [query.get("after"), query.get("before")];
  const cursor = after ?? before;
  if (cursor === null) return { start: 0, end: Math.min(limit, user.media.length) };
  const at = user.media.findIndex((media) => cursorOf(media) === cursor);
  if (at === -1) return undefined;
  if (after !== null) return { start: at + 1, end: Math.min(at + 1 + limit, user.media.length) };
  return { start: Math.max(0, at - limit), end: at };
}

function cursorOf(media: SimulatedMedia): string {
  return Buffer.from(`QVFI${media.id}`).toString("base64url");
}

/** As with the real one, the link to the next page carries the access token. */
function pageLink(
  world: World,
  path: string,
  query: URLSearchParams,
  direction: string,
  cursor: string,
): string {
  const next = new URLSearchParams(query);
  next.delete("after");
  next.delete("before");
  next.set(direction, cursor);
  return `${world.origin}${path}?${next.toString()}`;
}

function unknownAmong(fields: readonly FieldRequest[]): string | undefined {
  for (const { name, of } of fields) {
    if (!Object.hasOwn(FIELDS, name)) return name;
    const inner = unknownAmong(of);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function renderMedia(context: MediaContext, fields: readonly FieldRequest[]): Record<string, unknown> {
  const rendered: Record<string, unknown> = {};
  for (const { name, of } of fields) rendered[name] = FIELDS[name]?.({ ...context, of });
  rendered["id"] = context.media.id;
  return rendered;
}

function childrenOf({ world, user, media, of }: MediaContext): unknown {
  if (media.childIds === undefined) return undefined;
  const data = media.childIds.map((id) =>
    renderMedia({ world, user, media: { ...media, id, mediaType: "IMAGE" }, of: [] }, of),
  );
  return { data };
}

/** A post of this account by its id. */
export function findMedia(user: SimulatedUser, id: string): SimulatedMedia | undefined {
  return user.media.find((media) => media.id === id);
}

/** `GET /{media id}`. */
export function mediaObject(
  world: World,
  user: SimulatedUser,
  media: SimulatedMedia,
  fields: readonly FieldRequest[],
): Reply {
  const unknown = unknownAmong(fields);
  if (unknown !== undefined) return unknownField(world, unknown, "IGMedia", user);
  return graphReply(world, user, JSON.stringify(renderMedia({ world, user, media, of: [] }, fields)));
}
