import type { Reply } from "../http/reply.ts";
import type { Metered } from "../usage-limit.ts";
import type { World } from "../world.ts";

const GRAPH_TYPE = "text/javascript; charset=UTF-8"; // what Meta's hosts really send JSON as
const GRAPH_VERSION = "v26.0";

/** An error in the envelope that graph hosts answer with. */
export type GraphFailure = {
  status?: number;
  code: number;
  subcode?: number | null;
  type?: string;
  message: string;
  isTransient?: boolean;
  fbtraceId?: string;
  headers?: readonly string[];
};

/** An answer of a graph host: JSON text with the headers that speak of usage. */
export function graphReply(world: World, metered: Metered | undefined, body: string): Reply {
  return { status: 200, contentType: GRAPH_TYPE, headers: graphHeaders(world, metered), body };
}

/** A refusal of a graph host. */
export function graphError(world: World, failure: GraphFailure, metered?: Metered): Reply {
  const { subcode = null } = failure;
  const error = {
    message: failure.message,
    type: failure.type ?? "OAuthException",
    code: failure.code,
    ...(subcode === null ? {} : { error_subcode: subcode }),
    ...(failure.isTransient === undefined ? {} : { is_transient: failure.isTransient }),
    fbtrace_id: failure.fbtraceId ?? traceId(world),
  };
  return {
    status: failure.status ?? 400,
    contentType: GRAPH_TYPE,
    headers: [...(failure.headers ?? []), ...graphHeaders(world, metered)],
    body: JSON.stringify({ error }),
    refusal: subcode === null ? String(failure.code) : `${failure.code}/${subcode}`,
  };
}

/** An id that does not exist, or that this token may not see: Graph does not say which. */
export function missingObject(world: World, id: string, metered?: Metered, type = "IGApiException"): Reply {
  const message = `Unsupported get request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`;
  return graphError(world, { code: 100, subcode: 33, type, message }, metered);
}

/** Meta's name for one request, found in every error body. */
export function traceId(world: World): string {
  return `A${world.random.text(22)}`;
}

function graphHeaders(world: World, metered: Metered | undefined): readonly string[] {
  const headers = [
    "Cache-Control",
    "private, no-cache, no-store, must-revalidate",
    "facebook-api-version",
    GRAPH_VERSION,
    "X-App-Usage",
    world.usage.appUsage(),
  ];
  if (metered !== undefined) headers.push("X-Business-Use-Case-Usage", world.usage.businessUsage(metered));
  return headers;
}
