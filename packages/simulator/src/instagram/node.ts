import type { Reply } from "../http/reply.ts";
import { graphError } from "../meta/graph-reply.ts";
import type { Call, Subject } from "../endpoint.ts";
import type { SimulatedUser } from "../people.ts";
import type { World } from "../world.ts";
import { requireAccess, requirePermission, unsupported } from "./access.ts";

/** Whether a path's id is the token's own account: `me` or the professional id, never the app-scoped one. */
export function isSelf(user: SimulatedUser, nodeId: string): boolean {
  return nodeId === "me" || nodeId === user.professionalId;
}

/** An id that does not exist, or that this token may not see: Graph does not say which. */
export function missingObject(world: World, id: string, user: SimulatedUser): Reply {
  const message = `Unsupported get request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`;
  return graphError(world, { code: 100, subcode: 33, type: "IGApiException", message }, user);
}

/** The account whose own data a GET asks for, with a live token and one permission; or why not. */
export function requireOwnNode(
  world: World,
  call: Call,
  subject: Subject,
  permission: string,
): { user: SimulatedUser } | { refusal: Reply } {
  if (call.method !== "GET") return { refusal: graphError(world, unsupported(call), subject.user) };
  const access = requireAccess(world, call, subject);
  if ("refusal" in access) return access;
  const { user } = access;
  if (!isSelf(user, call.nodeId)) return { refusal: missingObject(world, call.nodeId, user) };
  const refusal = requirePermission(world, access, permission);
  return refusal === undefined ? { user } : { refusal };
}
