import { jsonReply } from "../http/reply.ts";
import type { Random } from "../random.ts";
import type { FaultEffect } from "./effect.ts";
import type { Settings } from "./settings.ts";

/** F01, F29: a wait before processing or after it, fixed, spread evenly or with a heavy tail. */
export function delay(settings: Settings): FaultEffect {
  const ms = settings.number("ms", 1000);
  const jitter = settings.number("jitter", 0);
  const spread = settings.oneOf("dist", ["fixed", "uniform", "heavy"], jitter > 0 ? "uniform" : "fixed");
  const wait = (random: Random) => spreadDelay(ms, jitter, spread, random.fraction());
  const isAfter = settings.oneOf("point", ["before", "after"], "before") === "after";
  return isAfter ? { lateMs: wait } : { delayMs: wait };
}

function spreadDelay(
  ms: number,
  jitter: number,
  spread: "fixed" | "uniform" | "heavy",
  fraction: number,
): number {
  if (spread === "fixed") return ms;
  if (spread === "uniform") return Math.max(0, ms + jitter * (2 * fraction - 1));
  // Pareto with shape 1.5: most answers near ms, one in a thousand a hundred times later
  return Math.min(ms / (1 - fraction) ** (1 / 1.5), 600_000);
}

/** F07: processed at once, answered only after the client has lost patience. */
export function late(settings: Settings): FaultEffect {
  const ms = settings.number("ms", 30_000);
  return { lateMs: () => ms };
}

/** F38: so many at a time, each held for `ms`; the others get 503. */
export function capacity(settings: Settings): FaultEffect {
  const limit = settings.number("n", 1);
  const ms = settings.number("ms", 0);
  return {
    capacity: { limit, inside: 0 },
    delayMs: () => ms,
    replace: () =>
      jsonReply(
        503,
        { error: { message: "Service temporarily unavailable", type: "OAuthException", code: 2 } },
        "503",
      ),
  };
}
