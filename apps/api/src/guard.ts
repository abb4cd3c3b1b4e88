import type { MiddlewareHandler } from "hono";

import { problem } from "./problem.ts";

const JSON_TYPES = new Set([
  "application/json",
  "application/json; charset=utf-8",
  "application/json;charset=utf-8",
]);

/** The header our own pages send; another site cannot send it without being asked about it first. */
export const CLIENT_HEADER = "x-perennial-client";

/**
 * Lets a request change something only when it comes from our own pages: exact JSON, our own header, and
 * a same-origin proof by Sec-Fetch-Site or Origin. Everything the browser says has to agree.
 */
export function sameOriginOnly(appUrl: string): MiddlewareHandler {
  return async (context, next) => {
    const { method } = context.req;
    if (method === "GET") return await next();
    if (method !== "POST")
      return problem(context, 405, "method_not_allowed", "This address takes GET and POST only.");
    const contentType = context.req.header("content-type");
    if (contentType === undefined || !JSON_TYPES.has(contentType.toLowerCase())) {
      return problem(context, 415, "not_json", "Send the body as application/json.");
    }
    const site = context.req.header("sec-fetch-site");
    const origin = context.req.header("origin");
    const hasProof = site !== undefined || origin !== undefined;
    if (
      !hasProof ||
      (site ?? "same-origin") !== "same-origin" ||
      context.req.header(CLIENT_HEADER) === undefined
    ) {
      return problem(context, 403, "cross_site", "This can only be asked from Perennial's own pages.");
    }
    if (origin !== undefined && origin !== appUrl) {
      return problem(
        context,
        403,
        "other_address",
        `This page was opened at another address than ${appUrl}. Open it there.`,
      );
    }
    return await next();
  };
}
