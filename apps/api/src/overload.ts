import type { MiddlewareHandler } from "hono";

import { problem } from "./problem.ts";
import { RETRY_AFTER } from "./unavailability.ts";

/** So many requests may be answered at once: beyond it an answer would only come later for everybody. */
export const MOST_AT_ONCE = 512;

/** Of hand-outs four times as many: hundreds may wait for one refresh at once, and cost nothing while they do. */
export const MORE_HAND_OUTS = 4;

/** Callbacks of Meta's that are answered at once: each takes a moment, and who is refused sends them again. */
export const MOST_CALLBACKS = 64;

/** Counts what is being answered. */
export type OverloadGate = {
  /** False when there is enough to do; otherwise `leave` has to follow. */
  enter(): boolean;
  leave(): void;
};

/** Lets so many in at once. */
export function createOverloadGate(mostAtOnce: number): OverloadGate {
  let answering = 0;
  return {
    enter: () => {
      if (answering >= mostAtOnce) return false;
      answering += 1;
      return true;
    },
    leave: () => void (answering -= 1),
  };
}

/**
 * Refuses what comes on top of what can be answered at once, quickly and with the time to come again, instead of
 * letting all wait in line. Event streams do not count: they wait, and work nothing.
 */
export function shedOverload(gate: OverloadGate): MiddlewareHandler {
  return async (context, next) => {
    if (context.req.header("accept") === "text/event-stream") return await next();
    if (!gate.enter()) {
      context.header(...RETRY_AFTER);
      return problem(
        context,
        503,
        "overloaded",
        "Too many requests are under way. Come again in a moment.",
        true,
      );
    }
    try {
      await next();
    } finally {
      gate.leave();
    }
  };
}
