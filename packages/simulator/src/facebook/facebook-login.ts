import type { Endpoint, Flavour, RoutedRequest } from "../endpoint.ts";
import { graphError } from "../meta/graph-reply.ts";
import { splitNode, withoutVersion } from "../meta/paths.ts";
import type { World } from "../world.ts";
import { identifyByToken } from "./access.ts";
import { account, mediaList, publishingLimit } from "./account.ts";
import { appNode } from "./app.ts";
import { debugToken } from "./debug-token.ts";
import { dialog, dialogDecision } from "./dialog.ts";
import { exchangeCode } from "./exchange-code.ts";
import { exchangeForLongLivedToken } from "./exchange-for-long-lived-token.ts";
import { me } from "./me.ts";
import { businesses, clientPages, ownedPages, pages } from "./page-lists.ts";
import { page } from "./page.ts";
import { parameterOf } from "./parameter.ts";
import { permissions, revoke } from "./permissions.ts";

const FIXED: ReadonlyMap<string, Endpoint> = new Map([
  ["GET /dialog/oauth", dialog],
  ["POST /dialog/oauth/decision", dialogDecision],
]);
const EDGES: ReadonlyMap<string, Endpoint> = new Map([
  ["accounts", pages],
  ["businesses", businesses],
  ["owned_pages", ownedPages],
  ["client_pages", clientPages],
  ["media", mediaList],
  ["content_publishing_limit", publishingLimit],
]);

/** What Graph says to a path it does not have, an API version that has ended included. */
const unknownPath: Endpoint = {
  at: "unknown",
  flavour: "fb",
  identify: identifyByToken,
  process: (world, call) =>
    graphError(world, { code: 2500, message: `Unknown path components: ${call.path}` }),
};

/** Facebook Login: everything under www and graph.facebook.com that an app needs, under one origin. */
export const facebookLogin: Flavour = {
  name: "fb",
  unknown: unknownPath,
  route(request, world) {
    const path = withoutVersion(request.path);
    if (path === undefined) return undefined;
    const fixed = FIXED.get(`${request.method} ${path}`);
    if (fixed !== undefined) return { endpoint: fixed, nodeId: "" };
    if (path === "/oauth/access_token") return { endpoint: tokenEndpoint(request), nodeId: "" };
    if (path === "/debug_token") return { endpoint: debugToken, nodeId: "" };
    const node = splitNode(path);
    if (node === undefined) return undefined;
    const { nodeId, edge } = node;
    const endpoint = edge === undefined ? nodeEndpoint(world, nodeId) : edgeEndpoint(request.method, edge);
    return endpoint === undefined ? undefined : { endpoint, nodeId };
  },
};

/** One path, two exchanges: the grant type tells. */
function tokenEndpoint(request: RoutedRequest): Endpoint {
  const isExchange = parameterOf(request, "grant_type") === "fb_exchange_token";
  return isExchange ? exchangeForLongLivedToken : exchangeCode;
}

function edgeEndpoint(method: string, edge: string): Endpoint | undefined {
  if (edge === "permissions") return method === "DELETE" ? revoke : permissions;
  return EDGES.get(edge);
}

/** What kind of node an id is shows only in the world. */
function nodeEndpoint({ facebook, people }: World, nodeId: string): Endpoint {
  const { app, foreignApp } = facebook;
  if (nodeId === app.clientId || nodeId === foreignApp.clientId) return appNode;
  if (facebook.people.isPage(nodeId)) return page;
  return people.findByProfessionalId(nodeId) === undefined ? me : account;
}
