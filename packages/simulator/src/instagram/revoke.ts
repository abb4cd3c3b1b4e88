import type { Endpoint } from "../endpoint.ts";
import { graphError, graphReply } from "../meta/graph-reply.ts";
import { identifyByToken, requireAccess, unsupported } from "./access.ts";
import { isSelf, missingObject } from "./node.ts";

/** `DELETE /me/permissions`: the app gives the person's consent back; every token of theirs ends. */
export const revoke: Endpoint = {
  at: "revoke",
  flavour: "ig",
  identify: identifyByToken,
  process(world, call, subject) {
    if (call.method !== "DELETE") return graphError(world, unsupported(call), subject.user);
    const access = requireAccess(world, call, subject);
    if ("refusal" in access) return access.refusal;
    if (!isSelf(access.user, call.nodeId)) return missingObject(world, call.nodeId, access.user);
    world.tokens.endAll(access.user, world.clock.nowMs(), { subcode: 458, reason: "revoked_by_app" });
    return graphReply(world, access.user, '{"success":true}');
  },
};
