import type { Call, Subject } from "../endpoint.ts";
import type { Reply } from "../http/reply.ts";
import { graphError, type GraphFailure } from "../meta/graph-reply.ts";
import { expiredMessage, usualFailure } from "../meta/messages.ts";
import { standing, type SimulatedUser } from "../people.ts";
import { whyDead, type TokenRecord } from "../tokens.ts";
import type { World } from "../world.ts";

/** Finds out whose token a graph request carries, in the query or as a bearer header. */
export function identifyByToken(world: World, call: Call): Subject {
  const presentedToken = call.query.get("access_token") ?? call.bearer ?? call.form.get("access_token") ?? "";
  if (presentedToken === "") return {};
  const token = world.tokens.find(presentedToken);
  return token === undefined ? { presentedToken } : { presentedToken, token, user: token.lineage.user };
}

/** A token that may be used now, and its person. */
export type Access = { token: TokenRecord; user: SimulatedUser };

/** The person behind a working token, or the refusal Graph gives instead. */
export function requireAccess(world: World, call: Call, subject: Subject): Access | { refusal: Reply } {
  if (!world.usage.admit()) return refuse(world, subject, usualFailure(4, null));
  if (subject.presentedToken === undefined) {
    const wasEmpty = call.query.has("access_token");
    return refuse(world, subject, wasEmpty ? unsupported(call) : usualFailure(2500, null));
  }
  const { token } = subject;
  if (token === undefined || token.lineage.flavour !== "ig") {
    const message = "Invalid OAuth access token - Cannot parse access token";
    return refuse(world, subject, invalidToken(call, { code: 190, message }));
  }
  const { user } = token.lineage;
  const dead = describeDeath(token, world.clock.nowMs());
  if (dead !== undefined) return refuse(world, subject, invalidToken(call, dead));
  const appMode = world.policy.current.app_mode;
  if (user.accountType === "PERSONAL") {
    return refuse(world, subject, { code: 10, message: "(#10) The user is not an Instagram Business" });
  }
  if (standing(user, appMode) !== undefined) return refuse(world, subject, unsupported(call));
  return { token, user };
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

/** "Unsupported request": a fault of the app's set-up that speaks of the method only. */
export function unsupported(call: Call): GraphFailure {
  const message = `Unsupported request - method type: ${call.method.toLowerCase()}`;
  return { code: 100, type: "IGApiException", message };
}

function describeDeath(token: TokenRecord, nowMs: number): GraphFailure | undefined {
  const dead = whyDead(token, nowMs);
  if (dead === undefined) return undefined;
  if (dead === "expired") {
    return { code: 190, subcode: 463, message: expiredMessage(token.expiresAtMs, nowMs) };
  }
  return usualFailure(190, dead === "replaced" ? null : dead.subcode);
}

/** With a bearer header an invalid token is answered as RFC 6750 says. */
function invalidToken(call: Call, failure: GraphFailure): GraphFailure {
  if (call.bearer === undefined) return failure;
  const challenge = `OAuth "Facebook Platform" "invalid_token" "${failure.message}"`;
  return { ...failure, status: 401, headers: ["WWW-Authenticate", challenge] };
}

function refuse(world: World, subject: Subject, failure: GraphFailure): { refusal: Reply } {
  return { refusal: graphError(world, failure, subject.user) };
}
