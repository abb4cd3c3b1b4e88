import { useSyncExternalStore } from "react";

/** Words on a page change by the minute at most; this keeps them honest without work. */
const TICK_MS = 10_000;

const listeners = new Set<() => void>();
let tickedAtMs = Date.now();
let timer: ReturnType<typeof setInterval> | null = null;

function tick(): void {
  tickedAtMs = Date.now();
  for (const listener of listeners) listener();
}

function tickWhenShown(): void {
  if (document.visibilityState === "visible") tick();
}

/** One timer for the whole page, and none while nothing shows a time. */
function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    tickedAtMs = Date.now();
    timer = setInterval(tick, TICK_MS);
    document.addEventListener("visibilitychange", tickWhenShown);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
    document.removeEventListener("visibilitychange", tickWhenShown);
  };
}

/** An answer of the api with the instant it was read against, and when it arrived here. */
export type Answer = { data: { now: string } | undefined; dataUpdatedAt: number };

/**
 * The server's clock at this moment, in milliseconds. It may be months ahead of this device's while the
 * simulator is in use, so every answer brings its own offset.
 */
export function serverNowMs(answer: Answer, localNowMs: number): number {
  if (answer.data === undefined) return localNowMs;
  const sinceAnswerMs = Math.max(0, localNowMs - answer.dataUpdatedAt);
  return Date.parse(answer.data.now) + sinceAnswerMs;
}

/** This device's clock, ticking: for what waits by people's clocks, which no simulator moves. */
export function useDeviceNow(): number {
  return useSyncExternalStore(subscribe, () => tickedAtMs);
}

/** The server's clock, ticking. */
export function useNow(answer: Answer): number {
  return serverNowMs(answer, useDeviceNow());
}
