import type { MiddlewareHandler } from "hono";

import { problem } from "./problem.ts";

const JSON_TYPES = new Set([
  "application/json",
  "application/json; charset=utf-8",
  "application/json;charset=utf-8",
]);

/** The header our own pages send; another site cannot send it without being asked about it first. */
export const CLIENT_HEADER = "x-perennial-client";

/** Why a request may not change anything. */
export type Refusal = { status: 403 | 405 | 415; code: string; message: string };

/** What is looked at of a request that wants to change something. */
export type Proof = { method: string; header(name: string): string | undefined };

/**
 * Null when a request comes from our own pages: exact JSON, our own header, and a same-origin proof by Sec-Fetch-Site or
 * Origin. Everything the browser says has to agree.
 */
export function refuseForeign({ method, header }: Proof, appUrl: string): Refusal | null {
  if (method !== "POST")
    return {
      status: 405,
      code: "method_not_allowed",
      message: "This address takes GET and POST only.",
    };
  const contentType = header("content-type");
  if (contentType === undefined || !JSON_TYPES.has(contentType.toLowerCase()))
    return { status: 415, code: "not_json", message: "Send the body as application/json." };
  const site = header("sec-fetch-site");
  const origin = header("origin");
  const hasProof = site !== undefined || origin !== undefined;
  if (!hasProof || (site ?? "same-origin") !== "same-origin" || header(CLIENT_HEADER) === undefined)
    return {
      status: 403,
      code: "cross_site",
      message: "This can only be asked from Perennial's own pages.",
    };
  if (origin === undefined || origin === appUrl) return null;
  const message = `This page was opened at another address than ${appUrl}. Open it there.`;
  return { status: 403, code: "other_address", message };
}

/** Lets a request change something only when it comes from our own pages. */
export function sameOriginOnly(appUrl: string): MiddlewareHandler {
  return async (context, next) => {
    const { method } = context.req;
    if (method === "GET") return await next();
    const refusal = refuseForeign({ method, header: (name) => context.req.header(name) }, appUrl);
    if (refusal === null) return await next();
    return problem(context, refusal.status, refusal.code, refusal.message);
  };
}
