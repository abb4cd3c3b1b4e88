import { useSyncExternalStore } from "react";

import { browserStorage, createTicks, type Ticks } from "./ticks.ts";

const ticks = createTicks(browserStorage());

/** The ticks of this browser, on every page and in every tab the same. */
export function useTicks(): Ticks {
  useSyncExternalStore(ticks.subscribe, ticks.version);
  return ticks;
}
