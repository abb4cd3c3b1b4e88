import type { FlavourName } from "../endpoint.ts";
import type { Timers } from "../timers.ts";
import type { Outages } from "./fault-engine.ts";

/** A listening socket, as far as outages are concerned. */
export type Listener = { suspend(): void; resume(): void };

/**
 * F04, F30: the listeners really go down, or one of them, so that connecting is refused. The control paths go down with
 * Instagram's; over HTTP a rule that concerns it therefore needs an end (`to_ms`).
 */
export function createOutages(timers: Timers, listener: (flavour: FlavourName) => Listener): Outages {
  const inForce: Record<FlavourName, number> = { ig: 0, fb: 0 };

  return {
    begin(fromMs, toMs, only) {
      const flavours: readonly FlavourName[] = only === undefined ? ["ig", "fb"] : [only];
      let isDown = false;
      const down = () => {
        isDown = true;
        for (const flavour of flavours) if (++inForce[flavour] === 1) listener(flavour).suspend();
      };
      const up = () => {
        if (!isDown) return;
        isDown = false;
        for (const flavour of flavours) if (--inForce[flavour] === 0) listener(flavour).resume();
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
