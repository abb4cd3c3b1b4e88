import type { LeasedConnection, Store } from "@perennial/db";

import { median } from "../lib/statistics.ts";
import { FILLED_AT, ROUND_DAYS } from "../lib/stored-connections.ts";
import { timeClaim, type Subject } from "./subject.ts";

const DAY_MS = 86_400_000;
const LEASE_MS = 600_000;
/** What is neither due when the databases are filled nor lost to the sweeps. */
const KEPT_ALIVE_SHARE = 0.93;

/** One line of the report: a figure of each subject, in their order. */
export type Row = { what: string; unit: "ms" | "pages"; figures: number[] };

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

/** What working off everything that is due took at one subject. */
export type Drain = { claims: number; refreshed: number; claimMs: number; saveMs: number };

/**
 * Works off everything that is due at each subject as a sweep does: a batch is claimed and saved before the
 * next. The subjects take turns, batch by batch.
 *
 * @throws when anything was claimed twice or could not be saved.
 */
export async function drainAll(
  subjects: readonly { subject: Subject; now: Date }[],
  limit: number,
): Promise<Drain[]> {
  const drains = subjects.map(({ subject, now }) => ({
    subject,
    now,
    isDone: false,
    seen: new Set<string>(),
    result: { claims: 0, refreshed: 0, claimMs: 0, saveMs: 0 },
  }));
  while (drains.some(({ isDone }) => !isDone)) {
    for (const drain of drains) {
      if (drain.isDone) continue;
      const { store } = drain.subject;
      const startedMs = performance.now();
      const batch = await store.claimDue({ owner: "bench", now: drain.now, leaseMs: LEASE_MS, limit });
      const claimedMs = performance.now();
      const saved = await Promise.all(batch.map((leased) => save(store, leased, drain.now)));
      drain.result.claims += 1;
      drain.result.refreshed += batch.length;
      drain.result.claimMs += claimedMs - startedMs;
      drain.result.saveMs += performance.now() - claimedMs;
      for (const { connection } of batch) drain.seen.add(connection.id);
      if (saved.includes(false)) throw new Error("A lease was lost while nobody else worked.");
      drain.isDone = batch.length < limit;
    }
  }
  for (const { seen, result } of drains) {
    if (seen.size !== result.refreshed) throw new Error("A connection was claimed twice.");
  }
  return drains.map(({ result }) => result);
}

let savedRows = 0;

async function save(store: Store, { lease, connection }: LeasedConnection, now: Date): Promise<boolean> {
  savedRows += 1;
  const expiresAt = new Date(now.getTime() + 60 * DAY_MS);
  return await store.saveRefreshed({
    lease,
    token: {
      sealedToken: connection.sealedToken ?? "",
      tokenIssuedAt: now,
      tokenExpiresAt: expiresAt,
      isExpiryEstimated: false,
      permissions: connection.permissions,
      nextRefreshAt: new Date(now.getTime() + (ROUND_DAYS - (savedRows % 1000) / 1000) * DAY_MS),
    },
    history: {
      id: `att_bench${savedRows.toString(36).padStart(12, "0")}`,
      kind: "refresh",
      trigger: "worker",
      startedAt: now,
      finishedAt: now,
      outcome: "succeeded",
      errorCode: null,
      traceId: null,
      tokenExpiresAt: expiresAt,
    },
    now,
  });
}
