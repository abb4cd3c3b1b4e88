import type { ClaimDueInput, LeasedConnection } from "@perennial/db";

import type { Engine } from "./attempt.ts";
import { newLeaseOwner } from "./refresh.ts";
import { attemptRefresh } from "./refresh-attempt.ts";
import { probePausedApps } from "./probe-apps.ts";
import type { RefreshResult } from "./refresh-result.ts";
import type { SweepOptions } from "./sweep-options.ts";
import { warnOfExpiry } from "./warn-of-expiry.ts";

/** What a sweep did, in numbers. */
export type SweepSummary = { claimed: number } & Record<RefreshResult["kind"], number>;

/** The numbers of a sweep, and how many warnings of an expiry were given. */
export type SweepReport = SweepSummary & { warned: number };

/** A sweep begins with this many at once; each that goes well makes room for one more. */
const FIRST_AT_ONCE = 4;

/**
 * Refreshes every due connection, but those of an app that is paused, in the order in which they fell due:
 * nobody is passed over, however many there are. Claims no more than can start at once, so a lease is never
 * held by something that only waits, and one slow connection costs its own slot only. It starts with a few at
 * once and gathers speed with each that goes well, so that a service that has just come back is not run over.
 * A clock that the first answers show to be wrong ends it: what seems due by such a clock may not be.
 *
 * @throws what the store throws: then nothing was lost, the leases lapse and the next sweep goes on.
 */
function sweep(engine: Engine, options: SweepOptions): Promise<SweepSummary> {
  return work(engine, options, "due");
}

/**
 * A probe of each app that is paused, a sweep, and then the warnings of what ends soon and could not be renewed.
 *
 * @throws what the store throws.
 */
export async function sweepAndWarn(engine: Engine, options: SweepOptions): Promise<SweepReport> {
  await probePausedApps(engine, options);
  const summary = await sweep(engine, options);
  return { ...summary, warned: await warnOfExpiry(engine.deps) };
}

/** Refreshes what somebody else has begun and left, its lease having lapsed, without waiting for a sweep. */
export function settleAbandoned(engine: Engine, options: SweepOptions): Promise<SweepSummary> {
  return work(engine, options, "abandoned");
}

async function work(engine: Engine, options: SweepOptions, kind: "due" | "abandoned"): Promise<SweepSummary> {
  const summary = emptySummary();
  const inHand = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let atOnce = Math.min(FIRST_AT_ONCE, options.concurrency);

  const start = (leased: LeasedConnection): void => {
    const attempt: Promise<void> = attemptRefresh(engine, leased, { trigger: options.trigger })
      .then(
        (result) => {
          summary[result.kind] += 1;
          atOnce = paceAfter(result, atOnce, options.concurrency);
        },
        (error: unknown) => void failures.push(error),
      )
      .finally(() => inHand.delete(attempt));
    inHand.add(attempt);
  };

  let mayBeMore = true;
  while (mayBeMore && !options.signal.aborted && failures.length === 0 && !engine.deps.isClockWrong()) {
    const limit = atOnce - inHand.size;
    const claimed = limit <= 0 ? [] : await claim(engine, kind, limit);
    summary.claimed += claimed.length;
    for (const leased of claimed) start(leased);
    mayBeMore = limit <= 0 || claimed.length === limit;
    // Wait for half the slots: claims then come in batches and cost a fraction of a write each.
    while (mayBeMore && inHand.size > 0 && inHand.size > atOnce / 2) await Promise.race(inHand);
  }
  await Promise.all(inHand);
  if (failures.length > 0) throw failures[0];
  return summary;
}

/** The apps that are paused are asked for each time: another process may have paused one a moment ago. */
async function claim(
  { deps, guard }: Engine,
  kind: "due" | "abandoned",
  limit: number,
): Promise<LeasedConnection[]> {
  const pausedApps = await guard.openBreakers();
  const of: ClaimDueInput["of"] = { kind, pausedApps };
  return await deps.store.claimDue({
    owner: newLeaseOwner(),
    now: deps.now(),
    leaseMs: deps.leaseMs,
    limit,
    of,
  });
}

/** One more at once after each that went well, one fewer after each that did not. */
function paceAfter(result: RefreshResult, atOnce: number, most: number): number {
  if (result.kind === "refreshed") return Math.min(most, atOnce + 1);
  return result.kind === "failed" ? Math.max(1, atOnce - 1) : atOnce;
}

function emptySummary(): SweepSummary {
  return {
    claimed: 0,
    refreshed: 0,
    not_due: 0,
    too_young: 0,
    failed: 0,
    paused: 0,
    reconnect_required: 0,
    in_progress: 0,
    superseded: 0,
  };
}
