import type { AttemptTrigger, LeasedConnection } from "@perennial/db";

import type { ConnectionsDeps } from "./deps.ts";
import { LEASE_MS, newLeaseOwner, type Refresher, type RefreshResult } from "./refresh.ts";

/** How a sweep works. */
export type SweepOptions = {
  /** Who asked, for the history. */
  trigger: AttemptTrigger;
  /** Refreshes under way at once. */
  concurrency: number;
  /** Once aborted, nothing more is claimed; what is in hand is finished. */
  signal: AbortSignal;
};

/** What a sweep did, in numbers. */
export type SweepSummary = { claimed: number } & Record<RefreshResult["kind"] | "crashed", number>;

/**
 * Refreshes every due connection, those first that have been due for longest: nobody is passed over, however
 * many are due, and as a token falls due by its expiry, that is nearly the order of expiry. Claims no more
 * than can start at once, so a lease
 * is never held by something that only waits, and one slow connection costs its own slot only.
 *
 * @throws what the store throws: then nothing was lost, the leases lapse and the next sweep goes on.
 */
export async function sweep(
  deps: ConnectionsDeps,
  refresher: Refresher,
  options: SweepOptions,
): Promise<SweepSummary> {
  const summary: SweepSummary = {
    claimed: 0,
    refreshed: 0,
    not_due: 0,
    too_young: 0,
    failed: 0,
    reconnect_required: 0,
    in_progress: 0,
    superseded: 0,
    crashed: 0,
  };
  const inHand = new Set<Promise<void>>();
  const failures: unknown[] = [];

  const start = (leased: LeasedConnection): void => {
    const work: Promise<void> = refresher
      .refreshLeased(leased, options.trigger)
      .then(
        (result) => {
          summary[result.kind] += 1;
        },
        (error: unknown) => {
          summary.crashed += 1;
          failures.push(error);
        },
      )
      .finally(() => inHand.delete(work));
    inHand.add(work);
  };

  let mayBeMore = true;
  while (mayBeMore && !options.signal.aborted && failures.length === 0) {
    const limit = options.concurrency - inHand.size;
    const claimed = await deps.store.claimDue({
      owner: newLeaseOwner(),
      now: deps.now(),
      leaseMs: LEASE_MS,
      limit,
    });
    summary.claimed += claimed.length;
    for (const leased of claimed) start(leased);
    mayBeMore = claimed.length === limit;
    // Wait for half the slots: claims then come in batches and cost a fraction of a write each.
    while (mayBeMore && inHand.size > options.concurrency / 2) await Promise.race(inHand);
  }
  await Promise.all(inHand);
  if (failures.length > 0) throw failures[0];
  return summary;
}
