import type { Endpoint } from "../endpoint.ts";
import { graphError, graphReply, missingObject } from "../meta/graph-reply.ts";
import { unsupported } from "../meta/token-refusal.ts";
import type { World } from "../world.ts";
import { identifyByToken, requireAccess, sharedPages, type Access } from "./access.ts";
import { readFields, renderKnown, PERSON } from "./nodes.ts";
import { pageReply } from "./page.ts";

/** `GET /me` and `GET /{user id}`: whose token it is. With a Page's token `/me` is the Page. */
export const me: Endpoint = {
  at: "me",
  flavour: "fb",
  identify: identifyByToken,
  process(world, call, subject) {
    if (call.method !== "GET") return graphError(world, unsupported(call), subject.metered);
    const access = requireAccess(world, call, subject);
    if ("refusal" in access) return access.refusal;
    if (access.token.pageId !== null && call.nodeId === "me") {
      const page = sharedPages(access).at(0);
      return page === undefined
        ? missingNode(world, access.token.pageId)
        : pageReply(world, call, access, page);
    }
    if (!isOwnNode(access, call.nodeId)) return missingNode(world, call.nodeId);
    const read = readFields(world, PERSON, call.query, "id,name");
    if ("refusal" in read) return read.refusal;
    const person = { id: userId(access), name: access.person.name };
    return graphReply(world, undefined, JSON.stringify(renderKnown(PERSON, person, read.fields)));
  },
};

/** Whether a path's id is the token's own person or system user; a Page's token stands for neither. */
export function isOwnNode(access: Access, nodeId: string): boolean {
  return access.token.pageId === null && (nodeId === "me" || nodeId === userId(access));
}

/** An id that does not exist here, or that this token may not see. */
export function missingNode(world: World, id: string) {
  return missingObject(world, id, undefined, "GraphMethodException");
}

function userId({ token, person }: Access): string {
  return token.kind === "system_user" ? person.systemUserId : person.appScopedId;
}
