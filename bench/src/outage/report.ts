import { table } from "../lib/table.ts";

/** What was seen of an outage and of what came after it. Instants are real ones, in milliseconds since 1970. */
export type OutageRun = {
  connections: number;
  workers: number;
  /** Processes that ended by themselves. */
  exits: readonly string[];
  /** When Instagram answered again. */
  endedAtMs: number;
  failedAtMs: readonly number[];
  refreshedAtMs: readonly number[];
  /** The expiry each token had, in the order in which they were refreshed. */
  endsInOrderOfRefresh: readonly number[];
  /** Connections that are not as they were before. */
  notWell: number;
  alerts: Readonly<Record<string, number>>;
  mostInFlightPerToken: number;
};

const PROBE_EVERY_MS = 30_000;
/** A clock tick and the way of a request. */
const TOLERANCE_MS = 500;
/** What each worker has under way at most: that many may overtake each other. */
const CONCURRENCY = 16;
/** The first failures, until the breaker is open everywhere: ten in a row, and what is under way meanwhile. */
const UNTIL_OPEN = 10 + CONCURRENCY;
/** Later than this after the first failure, whatever fails is a probe. */
const OPENING_MS = 5_000;
const BUCKET_MS = 1_000;

/** The figures, as a table. */
export function reportOutage(run: OutageRun): string {
  const { opening, probes } = splitFailures(run);
  const gaps = gapsOf(probes);
  const drain = drainOf(run);
  return table([
    ["connections, refreshed after the outage", `${run.connections}, ${run.refreshedAtMs.length}`],
    ["lost, or not well at the end", `${run.connections - run.refreshedAtMs.length}, ${run.notWell}`],
    ["calls until the breaker was open", String(opening.length)],
    ["probes while it was open, least time between two", `${probes.length}, ${inSeconds(Math.min(...gaps))}`],
    ["first success after the return", inSeconds(drain.firstMs)],
    ["backlog drained in", inSeconds(drain.elapsedMs)],
    ["refreshes per second, mean and busiest second", `${drain.meanPerSecond.toFixed(0)}, ${drain.busiest}`],
    ["furthest from the order of expiry, in places", String(furthestFromOrder(run.endsInOrderOfRefresh))],
    ["most in flight per token", String(run.mostInFlightPerToken)],
    [
      "alerts",
      Object.entries(run.alerts)
        .map(([kind, count]) => `${kind} ${count}`)
        .join(", ") || "none",
    ],
  ]);
}

/** What is not as it has to be. */
export function judgeOutage(run: OutageRun): string[] {
  const { opening, probes } = splitFailures(run);
  const faults = [...run.exits];
  const add = (isFault: boolean, sentence: string): void => {
    if (isFault) faults.push(sentence);
  };
  add(run.refreshedAtMs.length !== run.connections, "not every connection was refreshed once");
  add(run.notWell > 0, `${run.notWell} connections are not well`);
  add(opening.length > UNTIL_OPEN * run.workers, `${opening.length} calls until the breaker was open`);
  add(
    gapsOf(probes).some((gap) => gap < PROBE_EVERY_MS - TOLERANCE_MS),
    "two probes within 30 seconds",
  );
  // Claims are in order; what is under way at once, and the first few of each worker, may overtake each other.
  add(
    furthestFromOrder(run.endsInOrderOfRefresh) > 2 * CONCURRENCY * run.workers,
    "not in the order of expiry",
  );
  add(run.mostInFlightPerToken !== 1, "one token was refreshed twice at once");
  const expected = JSON.stringify({ "app.degraded": 1, "app.recovered": 1 });
  add(JSON.stringify(run.alerts) !== expected, `alerts: ${JSON.stringify(run.alerts)}`);
  return faults;
}

function splitFailures({ failedAtMs }: OutageRun): { opening: number[]; probes: number[] } {
  const first = failedAtMs[0] ?? 0;
  return {
    opening: failedAtMs.filter((at) => at - first <= OPENING_MS),
    probes: failedAtMs.filter((at) => at - first > OPENING_MS),
  };
}

function gapsOf(instants: readonly number[]): number[] {
  return instants.slice(1).map((at, index) => at - (instants[index] ?? at));
}

function drainOf({ refreshedAtMs, endedAtMs }: OutageRun) {
  const [first = Number.NaN] = refreshedAtMs;
  const last = refreshedAtMs.at(-1) ?? Number.NaN;
  const buckets = new Map<number, number>();
  for (const at of refreshedAtMs) {
    const bucket = Math.floor((at - first) / BUCKET_MS);
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
  }
  const elapsedMs = last - first;
  return {
    firstMs: first - endedAtMs,
    elapsedMs,
    meanPerSecond: (refreshedAtMs.length / Math.max(elapsedMs, 1)) * 1000,
    busiest: Math.max(...buckets.values()),
  };
}

/**
 * How far the one that is furthest from its place in the order of expiry is from it. The first was the probe that
 * found Instagram well, and stands outside.
 */
function furthestFromOrder([, ...ends]: readonly number[]): number {
  const places = ends.map((end, place) => ({ end, place })).toSorted((left, right) => left.end - right.end);
  return Math.max(...places.map(({ place }, rank) => Math.abs(place - rank)));
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
