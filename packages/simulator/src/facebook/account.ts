import type { Call, Endpoint, Subject } from "../endpoint.ts";
import type { Reply } from "../http/reply.ts";
import { graphError, graphReply, missingObject } from "../meta/graph-reply.ts";
import { pageOfMedia } from "../meta/media.ts";
import { publishingLimitReply } from "../meta/publishing-limit.ts";
import { unsupported } from "../meta/token-refusal.ts";
import type { SimulatedUser } from "../people.ts";
import type { World } from "../world.ts";
import { identifyByToken, requireAccess, requirePermission, sharedPages, type Access } from "./access.ts";
import { ACCOUNT, linkedAccount, readFields, renderKnown } from "./nodes.ts";
import type { FacebookPage } from "./person.ts";
import { BASIC, CONTENT_PUBLISH } from "./scopes.ts";

/** `GET /{professional id}`: the account behind a Page. */
export const account: Endpoint = {
  at: "account",
  flavour: "fb",
  identify,
  process(world, call, subject) {
    const found = requireAccount(world, call, subject, BASIC);
    if ("refusal" in found) return found.refusal;
    const read = readFields(world, ACCOUNT, call.query, "id");
    if ("refusal" in read) return read.refusal;
    const rendered = renderKnown(ACCOUNT, { world, account: found.user }, read.fields);
    return graphReply(world, found.user, JSON.stringify(rendered));
  },
};

/** `GET /{professional id}/media`: posts, newest first, a page at a time. */
export const mediaList: Endpoint = {
  at: "media",
  flavour: "fb",
  identify,
  process(world, call, subject) {
    const found = requireAccount(world, call, subject, BASIC);
    if ("refusal" in found) return found.refusal;
    return refuseContent(world, found) ?? pageOfMedia(world, found.user, call);
  },
};

/** `GET /{professional id}/content_publishing_limit`: posts used and allowed per day. */
export const publishingLimit: Endpoint = {
  at: "quota",
  flavour: "fb",
  identify,
  process(world, call, subject) {
    const found = requireAccount(world, call, subject, CONTENT_PUBLISH);
    if ("refusal" in found) return found.refusal;
    return refuseContent(world, found) ?? publishingLimitReply(world, found.user, call);
  },
};

/** Such a call counts against the account, whoever makes it. */
function identify(world: World, call: Call): Subject {
  const metered = world.people.findByProfessionalId(call.nodeId);
  return { ...identifyByToken(world, call), ...(metered === undefined ? {} : { metered }) };
}

type Found = { access: Access; user: SimulatedUser; pages: FacebookPage[] };

/** The account a path names, if it is linked to a Page this token may see. */
function requireAccount(
  world: World,
  call: Call,
  subject: Subject,
  permission: string,
): Found | { refusal: Reply } {
  if (call.method !== "GET") return { refusal: graphError(world, unsupported(call), subject.metered) };
  const access = requireAccess(world, call, subject);
  if ("refusal" in access) return access;
  const user = world.people.findByProfessionalId(call.nodeId);
  const pages = sharedPages(access).filter((page) => linkedAccount(world, page) === user);
  if (user === undefined || pages.length === 0) {
    const type = "GraphMethodException";
    return { refusal: missingObject(world, call.nodeId, subject.metered, type) };
  }
  const refusal = requirePermission(world, access, permission, user);
  return refusal === undefined ? { access, user, pages } : { refusal };
}

/**
 * Content takes a task that is sufficient on the Page, and, where the Page is a portfolio's, the Page's own token or a
 * system user's.
 */
function refuseContent(world: World, { access: { token }, user, pages }: Found): Reply | undefined {
  const isOfPerson = token.pageId === null && token.kind !== "system_user";
  const isOpen = pages.some(
    ({ portfolio, tasks }) =>
      !(isOfPerson && portfolio !== null) && (tasks.includes("MANAGE") || tasks.includes("CREATE_CONTENT")),
  );
  if (isOpen) return undefined;
  const message = "(#10) Application does not have permission for this action";
  return graphError(world, { status: 403, code: 10, message }, user);
}
