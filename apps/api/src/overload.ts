import type { MiddlewareHandler } from "hono";

import { problem } from "./problem.ts";
import { RETRY_AFTER } from "./unavailability.ts";

/** So many requests may be answered at once: beyond it an answer would only come later for everybody. */
export const MOST_AT_ONCE = 512;

/**
 * Refuses what comes on top of what can be answered at once, quickly and with the time to come again, instead of
 * letting all wait in line. Event streams do not count: they wait, and work nothing.
 */
export function shedOverload(mostAtOnce: number): MiddlewareHandler {
  let answering = 0;
  return async (context, next) => {
    if (context.req.header("accept") === "text/event-stream") return await next();
    if (answering >= mostAtOnce) {
      context.header(...RETRY_AFTER);
      return problem(
        context,
        503,
        "overloaded",
        "Too many requests are under way. Come again in a moment.",
        true,
      );
    }
    answering += 1;
    try {
      await next();
    } finally {
      answering -= 1;
    }
  };
}
