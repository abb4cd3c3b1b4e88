import type { Endpoint } from "../endpoint.ts";
import type { Reply } from "../http/reply.ts";
import { parseFields, unknownField, type FieldRequest } from "../meta/fields.ts";
import { graphError, graphReply, missingObject } from "../meta/graph-reply.ts";
import { idJson } from "../meta/id-json.ts";
import { findMedia, mediaObject } from "../meta/media.ts";
import { profilePictureUrl } from "../meta/pictures.ts";
import { unsupported } from "../meta/token-refusal.ts";
import type { SimulatedUser } from "../people.ts";
import type { World } from "../world.ts";
import { identifyByToken, requireAccess, requirePermission } from "./access.ts";
import { isSelf } from "./node.ts";
import { BASIC } from "./scopes.ts";

type Render = (world: World, user: SimulatedUser) => string | undefined;

const FIELDS: Readonly<Record<string, Render>> = {
  id: (world, user) => idJson(user.appScopedId, profileIdAs(world)),
  user_id: (world, user) => idJson(user.professionalId, profileIdAs(world)),
  username: (_world, user) => JSON.stringify(user.username),
  name: (_world, user) => orMissing(user.name),
  account_type: (_world, user) => JSON.stringify(user.accountType),
  profile_picture_url: (world, user) => JSON.stringify(profilePictureUrl(world, user)),
  followers_count: (_world, user) => String(user.followersCount),
  follows_count: (_world, user) => String(user.followsCount),
  media_count: (_world, user) => String(user.media.length),
  biography: (_world, user) => orMissing(user.biography),
  website: (_world, user) => orMissing(user.website),
};

/** `GET /me` and `GET /{professional id}`: who the token belongs to. `GET /{media id}` answers with a post. */
export const profile: Endpoint = {
  at: "me",
  flavour: "ig",
  identify: identifyByToken,
  process(world, call, subject) {
    if (call.method !== "GET") return graphError(world, unsupported(call), subject.metered);
    const access = requireAccess(world, call, subject);
    if ("refusal" in access) return access.refusal;
    const { user } = access;
    const fields = parseFields(call.query.get("fields") ?? "");
    const media = findMedia(user, call.nodeId);
    if (media === undefined && !isSelf(user, call.nodeId)) return missingObject(world, call.nodeId, user);
    return (
      requirePermission(world, access, BASIC) ??
      (media === undefined ? profileReply(world, user, fields) : mediaObject(world, user, media, fields))
    );
  },
};

function profileReply(world: World, user: SimulatedUser, fields: readonly FieldRequest[]): Reply {
  let body = "";
  let hasId = false;
  for (const { name } of fields) {
    const render = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    if (render === undefined) return unknownField(world, name, "IGUser", user);
    const json = render(world, user);
    if (json !== undefined) body += `${body === "" ? "" : ","}"${name}":${json}`;
    hasId ||= name === "id";
  }
  if (!hasId) body += `${body === "" ? "" : ","}"id":${FIELDS["id"]?.(world, user) ?? "null"}`;
  const isWrapped = world.policy.current.shape === "docs";
  return graphReply(world, user, isWrapped ? `{"data":[{${body}}]}` : `{${body}}`);
}

/** The documentation's shape comes with the documentation's strings. */
function profileIdAs(world: World): "number" | "string" {
  return world.policy.current.shape === "docs" ? "string" : world.policy.current.id_as;
}

function orMissing(text: string | null): string | undefined {
  return text === null ? undefined : JSON.stringify(text);
}
