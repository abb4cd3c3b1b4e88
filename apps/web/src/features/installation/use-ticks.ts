import { useSyncExternalStore } from "react";

import { browserStorage, createTicks, type Ticks } from "./ticks.ts";

let ticks: Ticks | null = null;

/** The ticks of this browser, on every page and in every tab the same. */
export function useTicks(): Ticks {
  ticks ??= createTicks(browserStorage());
  useSyncExternalStore(ticks.subscribe, ticks.version);
  return ticks;
}
