import type { Endpoint } from "../endpoint.ts";
import { graphReply } from "../meta/graph-reply.ts";
import { identifyByToken } from "./access.ts";
import { parseFields, unknownField } from "./fields.ts";
import { requireOwnNode } from "./node.ts";
import { CONTENT_PUBLISH } from "./scopes.ts";

const SECONDS_PER_DAY = 86_400;

/** `GET /{professional id}/content_publishing_limit`: posts used and allowed per day. */
export const publishingLimit: Endpoint = {
  at: "quota",
  flavour: "ig",
  identify: identifyByToken,
  process(world, call, subject) {
    const own = requireOwnNode(world, call, subject, CONTENT_PUBLISH);
    if ("refusal" in own) return own.refusal;
    const { user } = own;
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
