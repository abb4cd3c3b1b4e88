import type { Call } from "../endpoint.ts";
import type { Reply } from "../http/reply.ts";
import type { SimulatedMedia, SimulatedUser } from "../people.ts";
import type { World } from "../world.ts";
import { parseFields, unknownField, type FieldRequest } from "./fields.ts";
import { graphError, graphReply } from "./graph-reply.ts";
import { sheetOf } from "./paging.ts";
import { mediaPictureUrl } from "./pictures.ts";

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

/** Posts of an account, newest first, a page at a time. */
export function pageOfMedia(world: World, user: SimulatedUser, call: Call): Reply {
  const fields = parseFields(call.query.get("fields") ?? "id");
  const sheet = sheetOf(world, call, user.media);
  if (sheet === undefined) {
    return graphError(world, { code: 100, message: "(#100) Invalid cursor or limit" }, user);
  }
  const unknown = unknownAmong(fields);
  if (unknown !== undefined) return unknownField(world, unknown, "IGMedia", user);
  const data = sheet.items.map((media) => renderMedia({ world, user, media, of: [] }, fields));
  return graphReply(world, user, JSON.stringify({ data, paging: sheet.paging }));
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
