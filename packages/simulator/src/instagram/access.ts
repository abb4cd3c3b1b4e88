import type { Call, Subject } from "../endpoint.ts";
import type { Reply } from "../http/reply.ts";
import { graphError, type GraphFailure } from "../meta/graph-reply.ts";
import { usualFailure } from "../meta/messages.ts";
import {
  CANNOT_PARSE,
  deathFailure,
  invalidToken,
  presentedToken,
  unsupported,
} from "../meta/token-refusal.ts";
import { standing, type SimulatedUser } from "../people.ts";
import type { TokenRecord } from "../token-record.ts";
import type { World } from "../world.ts";

/** Finds out whose token a graph request carries. */
export function identifyByToken(world: World, call: Call): Subject {
  const presented = presentedToken(call);
  if (presented === "") return {};
  const token = world.tokens.find(presented);
  if (token === undefined) return { presentedToken: presented };
  const { user } = token.lineage;
  return { presentedToken: presented, token, user, metered: user };
}

/** A token that may be used now, and its person. */
export type Access = { token: TokenRecord<SimulatedUser>; user: SimulatedUser };

/** The person behind a working token, or the refusal Graph gives instead. */
export function requireAccess(world: World, call: Call, subject: Subject): Access | { refusal: Reply } {
  if (!world.usage.admit()) return refuse(world, subject, usualFailure(4, null));
  if (subject.presentedToken === undefined) {
    const wasEmpty = call.query.has("access_token");
    return refuse(world, subject, wasEmpty ? unsupported(call) : usualFailure(2500, null));
  }
  const token = world.tokens.find(subject.presentedToken);
  if (token === undefined) return refuse(world, subject, invalidToken(call, CANNOT_PARSE));
  const { user } = token.lineage;
  const nowMs = world.clock.nowMs();
  const dead = world.tokens.whyDead(token, nowMs);
  if (dead !== undefined) {
    return refuse(world, subject, invalidToken(call, deathFailure(dead, token, nowMs)));
  }
  if (user.accountType === "PERSONAL") {
    return refuse(world, subject, { code: 10, message: "(#10) The user is not an Instagram Business" });
  }
  const hasNoStanding = standing(user, world.policy.current.app_mode) !== undefined;
  return hasNoStanding ? refuse(world, subject, unsupported(call)) : { token, user };
}

/** Refuses a token that lacks a permission; undefined when it has it. */
export function requirePermission(
  world: World,
  { token, user }: Access,
  permission: string,
): Reply | undefined {
  if (token.permissions.includes(permission)) return undefined;
  const message = `(#10) Application does not have permission for this action: ${permission}`;
  return graphError(world, { status: 403, code: 10, message }, user);
}

function refuse(world: World, subject: Subject, failure: GraphFailure): { refusal: Reply } {
  return { refusal: graphError(world, failure, subject.metered) };
}
