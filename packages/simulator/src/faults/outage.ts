import type { Timers } from "../timers.ts";
import type { Outages } from "./fault-engine.ts";

/** The listening socket, as far as outages are concerned. */
export type Listener = { suspend(): void; resume(): void };

/**
 * F04, F30: the listener really goes down, so that connecting is refused. Its own control paths go down with it;
 * over HTTP such a rule therefore needs an end (`to_ms`).
 */
export function createOutages(timers: Timers, listener: () => Listener): Outages {
  let inForce = 0;

  return {
    begin(fromMs, toMs) {
      let isDown = false;
      const down = () => {
        isDown = true;
        if (++inForce === 1) listener().suspend();
      };
      const up = () => {
        if (!isDown) return;
        isDown = false;
        if (--inForce === 0) listener().resume();
      };
      const cancelEnd = toMs === undefined ? undefined : timers.later(toMs, up);
      const cancelStart = fromMs === 0 ? undefined : timers.later(fromMs, down);
      if (fromMs === 0) down();
      return () => {
        cancelStart?.();
        cancelEnd?.();
        up();
      };
    },
  };
}
