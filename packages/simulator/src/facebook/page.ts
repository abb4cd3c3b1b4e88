import type { Call, Endpoint } from "../endpoint.ts";
import type { Reply } from "../http/reply.ts";
import { graphError, graphReply, missingObject } from "../meta/graph-reply.ts";
import { unsupported } from "../meta/token-refusal.ts";
import type { World } from "../world.ts";
import { identifyByToken, requireAccess, sharedPages, type Access } from "./access.ts";
import { PAGE, readFields, renderKnown } from "./nodes.ts";
import type { FacebookPage } from "./person.ts";
import { PAGES_READ_ENGAGEMENT } from "./scopes.ts";

/** `GET /{page id}`: one Page, whether or not `/me/accounts` lists it. */
export const page: Endpoint = {
  at: "page",
  flavour: "fb",
  identify: (world, call) => ({ ...identifyByToken(world, call), metered: { pageId: call.nodeId } }),
  process(world, call, subject) {
    if (call.method !== "GET") return graphError(world, unsupported(call), subject.metered);
    const access = requireAccess(world, call, subject);
    if ("refusal" in access) return access.refusal;
    const found = sharedPages(access).find(({ id }) => id === call.nodeId);
    return found === undefined
      ? missingObject(world, call.nodeId, subject.metered, "GraphMethodException")
      : pageReply(world, call, access, found);
  },
};

/** What a token may read of a Page. */
export function pageReply(world: World, call: Call, access: Access, found: FacebookPage): Reply {
  const metered = { pageId: found.id };
  if (!access.token.permissions.includes(PAGES_READ_ENGAGEMENT)) {
    const message =
      "(#10) This endpoint requires the 'pages_read_engagement' permission or the 'Page Public Content Access' feature.";
    return graphError(world, { status: 403, code: 10, message }, metered);
  }
  const read = readFields(world, PAGE, call.query, "id,name");
  if ("refusal" in read) return read.refusal;
  const body = JSON.stringify(renderKnown(PAGE, { world, access, page: found }, read.fields));
  return graphReply(world, metered, body);
}
