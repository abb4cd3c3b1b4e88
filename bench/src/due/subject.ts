import type { Store } from "@perennial/db";
import { EVERYTHING_DUE } from "../lib/renew.ts";

/** One filled database, as the measurements see it. */
export type Subject = AsyncDisposable & {
  engine: "SQLite" | "Postgres";
  stored: number;
  store: Store;
  /** The plan of the claim, one step a line. */
  planOfClaim(): Promise<string[]>;
  /** Pages that one claim touches, each counted as often as the engine does; null where it cannot be told. */
  pagesOfClaim(limit: number, now: Date): Promise<number | null>;
  countDue(now: Date): Promise<number>;
};

/** The claim among all statements of a store. */
export const CLAIM_DUE = /next_refresh_at" <= /;

const LEASE_MS = 600_000;

/** Claims what is due and gives it back, so that the next claim finds the same; answers how long the claim took. */
export async function timeClaim(
  { store }: Pick<Subject, "store">,
  limit: number,
  now: Date,
): Promise<{ elapsedMs: number; count: number }> {
  const startedMs = performance.now();
  const claimed = await store.claimDue({ owner: "bench", now, leaseMs: LEASE_MS, limit, of: EVERYTHING_DUE });
  const elapsedMs = performance.now() - startedMs;
  await Promise.all(claimed.map(({ lease }) => store.releaseLease(lease, null)));
  return { elapsedMs, count: claimed.length };
}
