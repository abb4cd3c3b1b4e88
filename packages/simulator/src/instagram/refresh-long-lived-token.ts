import type { Endpoint } from "../endpoint.ts";
import { graphError } from "../meta/graph-reply.ts";
import type { World } from "../world.ts";
import { unsupported } from "../meta/token-refusal.ts";
import { identifyByToken, requireAccess, requirePermission, type Access } from "./access.ts";
import { longLivedReply, rotate } from "./long-lived-tokens.ts";
import { BASIC } from "./scopes.ts";

/** `GET /refresh_access_token`: a long-lived token for a fresh one. */
export const refreshLongLivedToken: Endpoint = {
  at: "refresh",
  flavour: "ig",
  identify: identifyByToken,
  process(world, call, subject) {
    if (call.method !== "GET" || subject.presentedToken === undefined) {
      return graphError(world, unsupported(call), subject.metered);
    }
    if (call.query.get("grant_type") !== "ig_refresh_token") {
      return graphError(
        world,
        { code: 100, message: "(#100) Invalid parameter: grant_type" },
        subject.metered,
      );
    }
    const access = requireAccess(world, call, subject);
    if ("refusal" in access) return access.refusal;
    return (
      refuseAge(world, access) ??
      requirePermission(world, access, BASIC) ??
      longLivedReply(world, rotate(world, access.token), true)
    );
  },
};

/** No public source settles these two texts; what matters is that neither is a 190. */
function refuseAge(world: World, { token, user }: Access) {
  if (token.kind !== "long_lived") {
    const message = "(#100) Only long-lived access tokens can be refreshed";
    return graphError(world, { code: 100, message }, user);
  }
  if (world.clock.nowMs() - token.issuedAtMs < world.policy.current.min_age_s * 1000) {
    const message = "(#100) The access token must be at least 24 hours old to be refreshed";
    return graphError(world, { code: 100, type: "IGApiException", message }, user);
  }
  return undefined;
}
