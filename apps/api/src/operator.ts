import type { MiddlewareHandler } from "hono";
import { createHash, timingSafeEqual } from "node:crypto";

import { problem } from "./problem.ts";

/**
 * Lets only whoever presents one of these secrets as a bearer token through, comparing without telling how
 * much of it was right. With no secret, nobody.
 */
export function operatorsOnly(secrets: readonly string[]): MiddlewareHandler {
  const digests = secrets.map(digestOf);
  return async (context, next) => {
    const [, presented] =
      /^Bearer ([\x21-\x7e]{1,512})$/i.exec(context.req.header("authorization") ?? "") ?? [];
    const digest = digestOf(presented ?? "");
    // Each is compared, so that the time taken does not say which one it was.
    const isOne = digests.reduce((found, known) => timingSafeEqual(known, digest) || found, false);
    if (presented !== undefined && isOne) return await next();
    context.header("www-authenticate", "Bearer");
    return problem(context, 401, "unauthorized", "This needs Authorization: Bearer with the CRON_SECRET.");
  };
}

function digestOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
