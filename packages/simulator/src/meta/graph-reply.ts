import type { Reply } from "../http/reply.ts";
import type { SimulatedUser } from "../people.ts";
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
export function graphReply(world: World, user: SimulatedUser | undefined, body: string): Reply {
  return { status: 200, contentType: GRAPH_TYPE, headers: graphHeaders(world, user), body };
}

/** A refusal of a graph host. */
export function graphError(world: World, failure: GraphFailure, user?: SimulatedUser): Reply {
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
    headers: [...(failure.headers ?? []), ...graphHeaders(world, user)],
    body: JSON.stringify({ error }),
    refusal: subcode === null ? String(failure.code) : `${failure.code}/${subcode}`,
  };
}

/** Meta's name for one request, found in every error body. */
export function traceId(world: World): string {
  return `A${world.random.text(22)}`;
}

function graphHeaders(world: World, user: SimulatedUser | undefined): readonly string[] {
  const headers = [
    "Cache-Control",
    "private, no-cache, no-store, must-revalidate",
    "facebook-api-version",
    GRAPH_VERSION,
    "X-App-Usage",
    world.usage.appUsage(),
  ];
  if (user !== undefined) {
    headers.push("X-Business-Use-Case-Usage", world.usage.businessUsage(user.professionalId));
  }
  return headers;
}
