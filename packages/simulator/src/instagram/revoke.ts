import type { Endpoint } from "../endpoint.ts";
import { graphError, graphReply, missingObject } from "../meta/graph-reply.ts";
import { unsupported } from "../meta/token-refusal.ts";
import { identifyByToken, requireAccess } from "./access.ts";
import { isSelf } from "./node.ts";

/** `DELETE /me/permissions`: the app gives the person's consent back; every token of theirs ends. */
export const revoke: Endpoint = {
  at: "revoke",
  flavour: "ig",
  identify: identifyByToken,
  process(world, call, subject) {
    if (call.method !== "DELETE") return graphError(world, unsupported(call), subject.metered);
    const access = requireAccess(world, call, subject);
    if ("refusal" in access) return access.refusal;
    if (!isSelf(access.user, call.nodeId)) return missingObject(world, call.nodeId, access.user);
    const { appId } = access.token.lineage;
    const ending = { subcode: 458, reason: "revoked_by_app" };
    world.tokens.endAll(access.user, world.clock.nowMs(), ending, (token) => token.lineage.appId === appId);
    return graphReply(world, access.user, '{"success":true}');
  },
};
