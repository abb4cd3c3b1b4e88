import type { Endpoint } from "../endpoint.ts";
import { publishingLimitReply } from "../meta/publishing-limit.ts";
import { identifyByToken } from "./access.ts";
import { requireOwnNode } from "./node.ts";
import { CONTENT_PUBLISH } from "./scopes.ts";

/** `GET /{professional id}/content_publishing_limit`: posts used and allowed per day. */
export const publishingLimit: Endpoint = {
  at: "quota",
  flavour: "ig",
  identify: identifyByToken,
  process(world, call, subject) {
    const own = requireOwnNode(world, call, subject, CONTENT_PUBLISH);
    return "refusal" in own ? own.refusal : publishingLimitReply(world, own.user, call);
  },
};
