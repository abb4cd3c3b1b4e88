import type { Endpoint } from "../endpoint.ts";
import { graphReply } from "../meta/graph-reply.ts";
import { identifyByToken } from "./access.ts";
import { removeApp } from "./end-tokens.ts";
import { requireOwnEdge } from "./page-lists.ts";

/** `GET /me/permissions`: what was granted, and what was declined. */
export const permissions: Endpoint = {
  at: "permissions",
  flavour: "fb",
  identify: identifyByToken,
  process(world, call, subject) {
    const own = requireOwnEdge(world, call, subject, "permissions");
    if ("refusal" in own) return own.refusal;
    const { token, consent } = own.access;
    const declined = consent.declined.filter((scope) => !token.permissions.includes(scope));
    const data = [
      ...token.permissions.map((permission) => ({ permission, status: "granted" })),
      ...declined.map((permission) => ({ permission, status: "declined" })),
    ];
    return graphReply(world, undefined, JSON.stringify({ data }));
  },
};

/** `DELETE /{user id}/permissions`: the app gives the person's consent back; every token of theirs ends. */
export const revoke: Endpoint = {
  at: "revoke",
  flavour: "fb",
  identify: identifyByToken,
  process(world, call, subject) {
    const own = requireOwnEdge(world, call, subject, "permissions", "DELETE");
    if ("refusal" in own) return own.refusal;
    const { person, token } = own.access;
    removeApp(world, person, token.lineage.appId, "revoked_by_app");
    return graphReply(world, undefined, '{"success":true}');
  },
};
