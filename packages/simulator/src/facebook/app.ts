import type { Endpoint } from "../endpoint.ts";
import { parseFields, unknownField } from "../meta/fields.ts";
import { graphError, graphReply } from "../meta/graph-reply.ts";
import { usualFailure } from "../meta/messages.ts";
import { presentedToken, unsupported } from "../meta/token-refusal.ts";
import type { World } from "../world.ts";
import { requireApp } from "./access.ts";
import { APP_NAME } from "./debug-token.ts";
import { missingNode } from "./me.ts";

/** `GET /{app id}`, with `fields=roles` who has a role in it: a way to try out a pair of id and secret. */
export const appNode: Endpoint = {
  at: "app",
  flavour: "fb",
  identify(_world, call) {
    const presented = presentedToken(call);
    return presented === "" ? {} : { presentedToken: presented };
  },
  process(world, call, subject) {
    if (call.method !== "GET") return graphError(world, unsupported(call));
    if (!world.usage.admit()) return graphError(world, usualFailure(4, null));
    const asking = requireApp(world, call, subject);
    if ("refusal" in asking) return asking.refusal;
    const { clientId } = asking.app;
    if (clientId !== call.nodeId) return missingNode(world, call.nodeId);
    const node: Record<string, unknown> = {};
    for (const { name } of parseFields(call.query.get("fields") ?? "id,name")) {
      if (name === "name") node[name] = APP_NAME;
      else if (name === "roles") node[name] = { data: rolesOf(world, clientId) };
      else if (name !== "id") return unknownField(world, name, "Application");
    }
    return graphReply(world, undefined, JSON.stringify({ ...node, id: clientId }));
  },
};

function rolesOf(world: World, appId: string): { app_id: string; user: string; role: string }[] {
  if (appId !== world.facebook.app.clientId) return [];
  return world.facebook.people
    .list()
    .flatMap(({ appRole, appScopedId }) =>
      appRole === null ? [] : { app_id: appId, user: appScopedId, role: appRole },
    );
}
