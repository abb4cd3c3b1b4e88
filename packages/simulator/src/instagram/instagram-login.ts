import type { Endpoint, Flavour } from "../endpoint.ts";
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
const FIXED: ReadonlyMap<string, Endpoint> = new Map([
  ["GET /oauth/authorize", authorizePage],
  ["POST /oauth/authorize/decision", authorizeDecision],
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

/** API versions in service in November 2026; v20.0 ended on 24 September 2026. */
const VERSIONS: ReadonlySet<string> = new Set(["v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0"]);

/** Instagram Login: everything under www, api and graph.instagram.com that an app needs, under one origin. */
export const instagramLogin: Flavour = {
  name: "ig",
  unknown: unknownPath,
  route(method, fullPath) {
    const whole = ANY_METHOD.get(fullPath) ?? FIXED.get(`${method} ${fullPath}`);
    if (whole !== undefined) return { endpoint: whole, nodeId: "" };
    const path = withoutVersion(fullPath);
    if (path === undefined) return undefined;
    const token = VERSIONED.get(path);
    if (token !== undefined) return { endpoint: token, nodeId: "" };
    return routeNode(path);
  },
};

/** Strips a version that is in service; undefined for one that is not. */
function withoutVersion(path: string): string | undefined {
  if (path.charCodeAt(1) !== 118 /* v */ || path.charCodeAt(2) > 57 /* 9 */) return path;
  const slash = path.indexOf("/", 1);
  return slash !== -1 && VERSIONS.has(path.slice(1, slash)) ? path.slice(slash) : undefined;
}

/** `/{node}` and `/{node}/{edge}`. */
function routeNode(path: string): { endpoint: Endpoint; nodeId: string } | undefined {
  const slash = path.indexOf("/", 1);
  const nodeId = slash === -1 ? path.slice(1) : path.slice(1, slash);
  if (nodeId !== "me" && !isNumeric(nodeId)) return undefined;
  if (slash === -1) return { endpoint: profile, nodeId };
  const endpoint = EDGES.get(path.slice(slash + 1));
  return endpoint === undefined ? undefined : { endpoint, nodeId };
}

function isNumeric(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at);
    if (letter < 48 || letter > 57) return false;
  }
  return text !== "";
}
