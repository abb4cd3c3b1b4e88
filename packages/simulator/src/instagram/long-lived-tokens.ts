import type { Reply } from "../http/reply.ts";
import { graphReply } from "../meta/graph-reply.ts";
import { graceSeconds } from "../policy.ts";
import type { IssueSource, LineageRecord, TokenRecord } from "../tokens.ts";
import type { World } from "../world.ts";

/** Issues a long-lived token that lives a little under the policy's lifetime, as Instagram's do. */
export function issueLongLived(
  world: World,
  lineage: LineageRecord,
  permissions: readonly string[],
  source: IssueSource,
): TokenRecord {
  return world.tokens.issue(lineage, {
    kind: "long_lived",
    source,
    permissions,
    issuedAtMs: world.clock.nowMs(),
    lifetimeS: lifetimeS(world),
  });
}

/** Refreshes a token as the rotation policy says and gives the one to answer with. */
export function rotate(world: World, token: TokenRecord): TokenRecord {
  const { rotation } = world.policy.current;
  const nowMs = world.clock.nowMs();
  if (rotation === "same_token") {
    world.tokens.extend(token, nowMs, lifetimeS(world));
    return token;
  }
  const next = issueLongLived(world, token.lineage, token.permissions, "refresh");
  const graceS = rotation === "revoke_old" ? 0 : graceSeconds(rotation);
  if (graceS !== undefined) world.tokens.replace(token, nowMs + graceS * 1000);
  return next;
}

/** The answer both to the exchange and to the refresh; only the refresh names permissions. */
export function longLivedReply(world: World, token: TokenRecord, withPermissions: boolean): Reply {
  const expiresInS = Math.round((token.expiresAtMs - token.issuedAtMs) / 1000);
  const permissions = withPermissions ? `,"permissions":${JSON.stringify(token.permissions.join(","))}` : "";
  const body = `{"access_token":"${token.value}","token_type":"bearer","expires_in":${expiresInS}${permissions}}`;
  return { ...graphReply(world, token.lineage.user, body), issued: token };
}

/** Sixty days come out as about 5183944 seconds; short lifetimes of tests stay exact. */
function lifetimeS(world: World): number {
  const { lifetime_s: full } = world.policy.current;
  return full - Math.floor(full * 1e-5 * (0.5 + world.random.fraction()));
}
