import type { ConnectionsEvent } from "@perennial/connections";

import type { Recovery } from "./recovery.ts";
import type { VirtualClock } from "./virtual-clock.ts";

const DAY_MS = 86_400_000;

/** What is counted while a simulation runs. */
export type Figures = {
  renewals: number;
  renewalsPerDay: number[];
  /** The shortest time that a token had left when it was renewed. */
  lowestMarginMs: number | null;
  /** How often somebody was asked to sign in again while Instagram would still have renewed the token. */
  needlessPrompts: number;
  breakerOpenings: number;
  /** Connections that were warned of, and not renewed since. */
  warnedIds: Set<string>;
};

/** Counts what it is told of. */
export type Counter = {
  readonly figures: Readonly<Figures>;
  onEvent(event: ConnectionsEvent): void;
  /** What a token that is renewed now had left. */
  noteMargin(msLeft: number): void;
};

/** What counts, and by what clock. */
export type CounterOptions = {
  clock: VirtualClock;
  startMs: number;
  days: number;
  /** Whether Instagram would still renew the token of a connection. */
  isAlive: (connectionId: string) => boolean;
  recoveries: readonly Recovery[];
};

/** Counts what the engine tells of. A fault of ours ends the simulation: it is not one of its scenarios. */
export function createCounter({ clock, startMs, days, isAlive, recoveries }: CounterOptions): Counter {
  const promptedIds = new Set<string>();
  const figures: Figures = {
    renewals: 0,
    renewalsPerDay: Array.from({ length: days }, () => 0),
    lowestMarginMs: null,
    needlessPrompts: 0,
    breakerOpenings: 0,
    warnedIds: new Set(),
  };

  const noteRenewal = (connectionId: string): void => {
    const nowMs = clock.nowMs();
    const day = Math.min(days - 1, Math.floor((nowMs - startMs) / DAY_MS));
    figures.renewalsPerDay[day] = (figures.renewalsPerDay[day] ?? 0) + 1;
    figures.renewals += 1;
    figures.warnedIds.delete(connectionId);
    promptedIds.delete(connectionId);
    for (const recovery of recoveries) recovery.noteRenewal(connectionId, nowMs);
  };
  const notePrompt = (connectionId: string): void => {
    // It is told each time the token is looked at again, and asked of the person once.
    if (isAlive(connectionId) && !promptedIds.has(connectionId)) figures.needlessPrompts += 1;
    promptedIds.add(connectionId);
    for (const recovery of recoveries) recovery.noteLoss(connectionId, clock.nowMs());
  };

  return {
    figures,
    onEvent: (event) => {
      if (event.event === "connection.refreshed") noteRenewal(event.connectionId);
      else if (event.event === "connection.reconnect_required") notePrompt(event.connectionId);
      else if (event.event === "connection.expiring") figures.warnedIds.add(event.connectionId);
      else if (event.event === "app.degraded") figures.breakerOpenings += 1;
      else if (event.event === "connection.crashed") throw event.error;
    },
    noteMargin: (msLeft) => {
      figures.lowestMarginMs = Math.min(figures.lowestMarginMs ?? msLeft, msLeft);
    },
  };
}
