import type { Endpoint, Flavour } from "../endpoint.ts";
import { splitNode, withoutVersion } from "../meta/paths.ts";
import { authorizeDecision, authorizePage } from "./authorize.ts";
import { exchangeCode } from "./exchange-code.ts";
import { exchangeForLongLivedToken } from "./exchange-for-long-lived-token.ts";
import { mediaList } from "./media.ts";
import { profile } from "./profile.ts";
import { publishingLimit } from "./publishing-limit.ts";
import { refreshLongLivedToken } from "./refresh-long-lived-token.ts";
import { revoke } from "./revoke.ts";
import { unknownPath } from "./unknown-path.ts";

/** Paths without an object in them. The authorize host and the code host know no version prefix. */
const FIXED: ReadonlyMap<string, { method: string; endpoint: Endpoint }> = new Map([
  ["/oauth/authorize", { method: "GET", endpoint: authorizePage }],
  ["/oauth/authorize/decision", { method: "POST", endpoint: authorizeDecision }],
]);
const ANY_METHOD: ReadonlyMap<string, Endpoint> = new Map([["/oauth/access_token", exchangeCode]]);
const VERSIONED: ReadonlyMap<string, Endpoint> = new Map([
  ["/access_token", exchangeForLongLivedToken],
  ["/refresh_access_token", refreshLongLivedToken],
]);
const EDGES: ReadonlyMap<string, Endpoint> = new Map([
  ["media", mediaList],
  ["content_publishing_limit", publishingLimit],
  ["permissions", revoke],
]);

/** Instagram Login: everything under www, api and graph.instagram.com that an app needs, under one origin. */
export const instagramLogin: Flavour = {
  name: "ig",
  unknown: unknownPath,
  route({ method, path: fullPath }) {
    const whole = ANY_METHOD.get(fullPath);
    if (whole !== undefined) return { endpoint: whole, nodeId: "" };
    const fixed = FIXED.get(fullPath);
    if (fixed?.method === method) return { endpoint: fixed.endpoint, nodeId: "" };
    const path = withoutVersion(fullPath);
    if (path === undefined) return undefined;
    const token = VERSIONED.get(path);
    if (token !== undefined) return { endpoint: token, nodeId: "" };
    const node = splitNode(path);
    if (node === undefined) return undefined;
    const endpoint = node.edge === undefined ? profile : EDGES.get(node.edge);
    return endpoint === undefined ? undefined : { endpoint, nodeId: node.nodeId };
  },
};
