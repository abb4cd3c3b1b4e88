import type { LeasedConnection } from "@perennial/db";

import { EVERYTHING_DUE, renew } from "../lib/renew.ts";
import { median } from "../lib/statistics.ts";
import { FILLED_AT, ROUND_DAYS } from "../lib/stored-connections.ts";
import { timeClaim, type Subject } from "./subject.ts";

const DAY_MS = 86_400_000;
const LEASE_MS = 600_000;
/** What is neither due when the databases are filled nor lost to the sweeps. */
const KEPT_ALIVE_SHARE = 0.93;

/** When so many more are due than at the time the databases are filled as of. */
export function whenMoreAreDue(more: number, stored: number, due: number): Date {
  const perDay = (KEPT_ALIVE_SHARE * stored - due) / ROUND_DAYS;
  return new Date(FILLED_AT.getTime() + (more / perDay) * DAY_MS);
}

/** The median time of one claim at each subject; they take turns, so that what disturbs one disturbs all. */
export async function timeClaims(
  subjects: readonly { subject: Subject; now: Date }[],
  limit: number,
  rounds: number,
): Promise<number[]> {
  const times = subjects.map((): number[] => []);
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, { subject, now }] of subjects.entries()) {
      const { elapsedMs, count } = await timeClaim(subject, limit, now);
      if (count !== limit) throw new Error(`A claim of ${limit} got ${count} connections.`);
      if (round >= 0) times[index]?.push(elapsedMs); // the first of each warms up
    }
  }
  return times.map(median);
}

/** What claiming everything that is due took at one subject, and what saving it took. */
export type Drain = { claims: number; refreshed: number; claimMs: number; saveMs: number };

/**
 * Claims everything that is due at each subject, batch by batch, the subjects in turns. `save`: as a sweep
 * does, which saves a batch before it claims the next. `hold`: every lease is held until the end, as if
 * thousands of refreshes were under way at once; then all are given back.
 *
 * @throws when anything was claimed twice or could not be saved.
 */
export async function drainAll(
  subjects: readonly { subject: Subject; now: Date }[],
  limit: number,
  how: "save" | "hold",
): Promise<Drain[]> {
  const drains = subjects.map((each) => ({
    ...each,
    isDone: false,
    taken: [] as LeasedConnection[],
    result: { claims: 0, refreshed: 0, claimMs: 0, saveMs: 0 },
  }));
  while (drains.some(({ isDone }) => !isDone)) {
    for (const drain of drains.filter(({ isDone }) => !isDone)) {
      const { store } = drain.subject;
      const startedMs = performance.now();
      const batch = await store.claimDue({
        owner: "bench",
        now: drain.now,
        leaseMs: LEASE_MS,
        limit,
        of: EVERYTHING_DUE,
      });
      const claimedMs = performance.now();
      if (how === "save") {
        await Promise.all(batch.map((leased) => renew(store, leased, drain.now)));
      }
      drain.result.claims += 1;
      drain.result.refreshed += batch.length;
      drain.result.claimMs += claimedMs - startedMs;
      drain.result.saveMs += performance.now() - claimedMs;
      drain.taken.push(...batch);
      drain.isDone = batch.length < limit;
    }
  }
  for (const { subject, taken } of drains) {
    const ids = new Set(taken.map(({ connection }) => connection.id));
    if (ids.size !== taken.length) throw new Error("A connection was claimed twice.");
    if (how === "save") continue;
    for (let from = 0; from < taken.length; from += limit) {
      const batch = taken.slice(from, from + limit);
      await Promise.all(batch.map(({ lease }) => subject.store.releaseLease(lease, null)));
    }
  }
  return drains.map(({ result }) => result);
}
