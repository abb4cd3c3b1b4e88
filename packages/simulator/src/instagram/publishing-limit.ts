import type { Endpoint } from "../endpoint.ts";
import { graphError, graphReply } from "../meta/graph-reply.ts";
import { identifyByToken, requireAccess, requirePermission, unsupported } from "./access.ts";
import { parseFields, unknownField } from "./fields.ts";
import { isSelf, missingObject } from "./node.ts";
import { CONTENT_PUBLISH } from "./scopes.ts";

const SECONDS_PER_DAY = 86_400;

/** `GET /{professional id}/content_publishing_limit`: posts used and allowed per day. */
export const publishingLimit: Endpoint = {
  at: "quota",
  flavour: "ig",
  identify: identifyByToken,
  process(world, call, subject) {
    if (call.method !== "GET") return graphError(world, unsupported(call), subject.user);
    const access = requireAccess(world, call, subject);
    if ("refusal" in access) return access.refusal;
    const { user } = access;
    if (!isSelf(user, call.nodeId)) return missingObject(world, call.nodeId, user);
    const lacking = requirePermission(world, access, CONTENT_PUBLISH);
    if (lacking !== undefined) return lacking;
    const limit: Record<string, unknown> = {};
    for (const { name } of parseFields(call.query.get("fields") ?? "quota_usage")) {
      if (name === "quota_usage") limit[name] = user.publishedToday;
      else if (name === "config") {
        limit[name] = { quota_total: world.policy.current.quota_total, quota_duration: SECONDS_PER_DAY };
      } else return unknownField(world, name, "IGContentPublishingLimit", user);
    }
    return graphReply(world, user, JSON.stringify({ data: [limit] }));
  },
};
