import type { FaultEffect } from "./effect.ts";
import type { Settings } from "./settings.ts";

const POINTS = ["before", "after"] as const;

/** F02: accepted, never answered; `point: "after"` lets it take effect first. */
export function hang(settings: Settings): FaultEffect {
  return { isProcessed: settings.oneOf("point", POINTS, "before") === "after", passage: { kind: "silence" } };
}

/** F05, F06: connection reset before the request takes effect, or after it (reply lost). */
export function reset(settings: Settings): FaultEffect {
  return { isProcessed: settings.oneOf("point", POINTS, "before") === "after", passage: { kind: "reset" } };
}

/** F04 at an endpoint: as `reset` before. At `tcp` the listener itself goes down, see `outage.ts`. */
export function tcpRefuse(): FaultEffect {
  return { isProcessed: false, passage: { kind: "reset" } };
}

/** F03: headers (or half the body), then nothing more. */
export function stall(settings: Settings): FaultEffect {
  return { passage: { kind: "stall", after: settings.oneOf("after", ["headers", "half"], "headers") } };
}

/** F03: the body a few bytes per second. */
export function drip(settings: Settings): FaultEffect {
  return { passage: { kind: "drip", bytesPerSecond: settings.number("bps", 1, { min: 0.1 }) } };
}

/** F08: the body ends before its Content-Length, or before its last chunk. */
export function truncate(settings: Settings): FaultEffect {
  const bytes = settings.number("bytes", 10);
  return {
    passage: { kind: "truncate", bytes, framing: settings.oneOf("framing", ["length", "chunked"], "length") },
  };
}

/** F09: answered normally, then the idle connection is cut just as the client writes the next request on it. */
export function keepaliveRace(): FaultEffect {
  return { passage: { kind: "whole_then_race" } };
}

/** F12: 50 MB of body, a gzip bomb, or a 1 MB header. Not processed. */
export function flood(settings: Settings): FaultEffect {
  const kind = settings.oneOf("kind", ["body", "gzip", "header"], "body");
  const bytes = settings.number("bytes", kind === "header" ? 1_048_576 : 52_428_800, { max: 1_073_741_824 });
  return { isProcessed: false, passage: { kind: "flood", flood: kind, bytes } };
}
