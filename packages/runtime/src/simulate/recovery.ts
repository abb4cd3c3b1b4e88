import type { ConnectionSummary } from "@perennial/db";

import type { Outage } from "./scenario.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** How an outage was caught up with. Minutes count from its end. */
export type OutageReport = Outage & {
  /** Connections whose renewal was due, or had failed, when it ended. */
  heldBack: number;
  /** Of which so many were given a later time, as their tokens had more than the lead left. */
  putBack: number;
  /** Of which so many could not be renewed any more. */
  tooLate: number;
  /** Until the first renewal went well; null when none did. */
  noticedAfterMinutes: number | null;
  /** From the first renewal to the last of those that were to be renewed at once; null when the run ended before. */
  drainedInMinutes: number | null;
  highestPerMinute: number;
};

/** Watches how what one outage has held back is renewed. */
export type Recovery = {
  readonly startMs: number;
  readonly endMs: number;
  /** The connections as they are when it has ended. */
  begin(connections: readonly ConnectionSummary[], now: Date): void;
  /** What was released has new times now. */
  noteReleased(connections: readonly ConnectionSummary[], now: Date): void;
  noteRenewal(connectionId: string, nowMs: number): void;
  noteLoss(connectionId: string, nowMs: number): void;
  /** Whether the outage, or the work on what it has held back, went on at some time of a day. */
  touchesDay(dayStartMs: number): boolean;
  report(): OutageReport;
};

/** Makes the watch for an outage of a run that begins at `runStartMs`. */
export function createRecovery(outage: Outage, runStartMs: number): Recovery {
  const startMs = runStartMs + outage.startDay * DAY_MS;
  const endMs = startMs + outage.days * DAY_MS;
  const waiting = new Set<string>();
  const perMinute = new Map<number, number>();
  let [heldBack, putBack, tooLate] = [0, 0, 0];
  let hasBegun = false;
  let firstMs: number | null = null;
  let lastMs: number | null = null;

  const leave = (connectionId: string, nowMs: number): boolean => {
    if (!waiting.delete(connectionId)) return false;
    lastMs = nowMs;
    return true;
  };
  const isDrained = (): boolean => hasBegun && waiting.size === 0;

  return {
    startMs,
    endMs,
    begin: (connections, now) => {
      hasBegun = true;
      for (const connection of connections) if (isHeldBack(connection, now)) waiting.add(connection.id);
      heldBack = waiting.size;
    },
    noteReleased: (connections, now) => {
      for (const { id, nextRefreshAt } of connections) {
        const isLater = nextRefreshAt !== null && nextRefreshAt > now;
        if (isLater && waiting.delete(id)) putBack += 1;
      }
    },
    noteRenewal: (connectionId, nowMs) => {
      if (!hasBegun || !leave(connectionId, nowMs)) return;
      firstMs ??= nowMs;
      const minute = Math.floor(nowMs / MINUTE_MS);
      perMinute.set(minute, (perMinute.get(minute) ?? 0) + 1);
    },
    noteLoss: (connectionId, nowMs) => {
      if (leave(connectionId, nowMs)) tooLate += 1;
    },
    touchesDay: (dayStartMs) =>
      dayStartMs + DAY_MS > startMs && (!isDrained() || dayStartMs <= Math.max(endMs, lastMs ?? endMs)),
    report: () => ({
      ...outage,
      heldBack,
      putBack,
      tooLate,
      noticedAfterMinutes: firstMs === null ? null : minutes(firstMs - endMs),
      drainedInMinutes: isDrained() ? minutes((lastMs ?? 0) - (firstMs ?? lastMs ?? 0)) : null,
      highestPerMinute: Math.max(0, ...perMinute.values()),
    }),
  };
}

/** One that is dead already, and known to be, was lost to the outage and not held back by it. */
function isHeldBack({ status, nextRefreshAt, failedAttempts }: ConnectionSummary, now: Date): boolean {
  if (status !== "active" || nextRefreshAt === null) return false;
  return failedAttempts > 0 || nextRefreshAt <= now;
}

function minutes(durationMs: number): number {
  return Math.round(durationMs / 6_000) / 10;
}
