import type { RateLimiter } from "@perennial/connections";
import type { Context, MiddlewareHandler } from "hono";
import { createHash, timingSafeEqual } from "node:crypto";

import { addressOf, type ClientAddress } from "./client-address.ts";
import { admit, perMinute, placeOf } from "./limits.ts";
import { problem } from "./problem.ts";

/** Wrong secrets from one address in a minute. */
const REFUSED_SECRETS = 60;

/**
 * Lets only whoever presents one of these secrets as a bearer token through, comparing without telling how
 * much of it was right. With no secret, nobody. Guesses are limited; the right secret never is.
 */
export function operatorsOnly(
  secrets: readonly string[],
  limiter: RateLimiter,
  clientAddress: ClientAddress,
  onWrongSecret: (context: Context) => void,
): MiddlewareHandler {
  const digests = secrets.map(digestOf);
  return async (context, next) => {
    const [, presented] =
      /^Bearer ([\x21-\x7e]{1,512})$/i.exec(context.req.header("authorization") ?? "") ?? [];
    const digest = digestOf(presented ?? "");
    // Each is compared, so that the time taken does not say which one it was.
    const isOne = digests.reduce((found, known) => timingSafeEqual(known, digest) || found, false);
    if (presented !== undefined && isOne) return await next();
    const place = placeOf(addressOf(context, clientAddress));
    const tooMany = await admit(limiter, [perMinute(`operator refused ${place}`, REFUSED_SECRETS)]);
    if (tooMany !== null) {
      context.header("retry-after", String(tooMany.retryAfterSeconds));
      return problem(
        context,
        429,
        "too_many_requests",
        "Too many requests without the right secret came from your address.",
        true,
      );
    }
    if (presented !== undefined) onWrongSecret(context);
    context.header("www-authenticate", "Bearer");
    return problem(context, 401, "unauthorized", "This needs Authorization: Bearer with the CRON_SECRET.");
  };
}

function digestOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
