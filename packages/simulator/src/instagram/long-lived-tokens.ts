import type { Reply } from "../http/reply.ts";
import { graphReply } from "../meta/graph-reply.ts";
import { longLifetimeS } from "../meta/token-lifetime.ts";
import { graceSeconds } from "../policy.ts";
import type { SimulatedUser } from "../people.ts";
import type { IssueSource, LineageRecord, TokenRecord } from "../token-record.ts";
import type { World } from "../world.ts";

/** Issues a long-lived token that lives a little under the policy's lifetime, as Instagram's do. */
export function issueLongLived(
  world: World,
  lineage: LineageRecord<SimulatedUser>,
  permissions: readonly string[],
  source: IssueSource,
): TokenRecord<SimulatedUser> {
  return world.tokens.issue(lineage, {
    kind: "long_lived",
    source,
    permissions,
    issuedAtMs: world.clock.nowMs(),
    lifetimeS: longLifetimeS(world),
  });
}

/** Refreshes a token as the rotation policy says and gives the one to answer with. */
export function rotate(world: World, token: TokenRecord<SimulatedUser>): TokenRecord<SimulatedUser> {
  const { rotation } = world.policy.current;
  const nowMs = world.clock.nowMs();
  if (rotation === "same_token") {
    world.tokens.extend(token, nowMs, longLifetimeS(world));
    return token;
  }
  const next = issueLongLived(world, token.lineage, token.permissions, "refresh");
  const graceS = rotation === "revoke_old" ? 0 : graceSeconds(rotation);
  if (graceS !== undefined) world.tokens.replace(token, nowMs + graceS * 1000);
  return next;
}

/** The answer both to the exchange and to the refresh; only the refresh names permissions. */
export function longLivedReply(
  world: World,
  token: TokenRecord<SimulatedUser>,
  withPermissions: boolean,
): Reply {
  const expiresInS = Math.round((token.expiresAtMs - token.issuedAtMs) / 1000);
  const permissions = withPermissions ? `,"permissions":${JSON.stringify(token.permissions.join(","))}` : "";
  const body = `{"access_token":"${token.value}","token_type":"bearer","expires_in":${expiresInS}${permissions}}`;
  return { ...graphReply(world, token.lineage.user, body), issued: token };
}
