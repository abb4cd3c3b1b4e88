import type { Reply } from "../http/reply.ts";
import { graphError, missingObject } from "../meta/graph-reply.ts";
import { unsupported } from "../meta/token-refusal.ts";
import type { Call, Subject } from "../endpoint.ts";
import type { SimulatedUser } from "../people.ts";
import type { World } from "../world.ts";
import { requireAccess, requirePermission } from "./access.ts";

/** Whether a path's id is the token's own account: `me` or the professional id, never the app-scoped one. */
export function isSelf(user: SimulatedUser, nodeId: string): boolean {
  return nodeId === "me" || nodeId === user.professionalId;
}

/** The account whose own data a GET asks for, with a live token and one permission; or why not. */
export function requireOwnNode(
  world: World,
  call: Call,
  subject: Subject,
  permission: string,
): { user: SimulatedUser } | { refusal: Reply } {
  if (call.method !== "GET") return { refusal: graphError(world, unsupported(call), subject.metered) };
  const access = requireAccess(world, call, subject);
  if ("refusal" in access) return access;
  const { user } = access;
  if (!isSelf(user, call.nodeId)) return { refusal: missingObject(world, call.nodeId, user) };
  const refusal = requirePermission(world, access, permission);
  return refusal === undefined ? { user } : { refusal };
}
