import type { ClaimDueInput, LeasedConnection } from "@perennial/db";

import { appOf } from "./app-of.ts";
import type { Engine } from "./attempt.ts";
import { createCallSlots, createPass } from "./call-slots.ts";
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
/** So many more than can call are made ready, as a share of these. */
const READY_SHARE = 1 / 2;
/** So many attempts may be under way for each call that may be. */
const UNCOMMITTED_PER_CALL = 3;

/**
 * Refreshes every due connection, but those of an app that is paused, in the order in which they fell due:
 * nobody is passed over, however many there are. One slow connection costs its own slot only. It starts with a few at
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
  const attempts = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const changed = createSignal();
  const slots = createCallSlots(FIRST_AT_ONCE, options.concurrency);
  let ahead = 0; // those that are claimed, and have no answer yet

  const start = (leased: LeasedConnection): void => {
    const app = appOf(leased.connection);
    const claimedAtMs = performance.now();
    ahead += 1;
    const pass = createPass(slots, {
      mayCall: () => engine.guard.lastPausedAtMs(app) <= claimedAtMs,
      onLeft: () => {
        ahead -= 1;
        changed.give();
      },
    });
    const attempt: Promise<void> = attemptRefresh(engine, leased, { trigger: options.trigger, slot: pass })
      .then(
        (result) => {
          if (pass.isRefused) summary.claimed -= 1;
          else summary[result.kind] += 1;
          if (result.kind === "refreshed" || result.kind === "failed")
            slots.adapt(result.kind === "refreshed");
        },
        (error: unknown) => void failures.push(error),
      )
      .finally(() => {
        attempts.delete(attempt);
        pass.leave();
        changed.give();
      });
    attempts.add(attempt);
  };

  const isStopped = (): boolean =>
    options.signal.aborted || failures.length > 0 || engine.deps.isClockWrong();
  options.signal.addEventListener("abort", slots.close);
  let mayBeMore = true;
  while (mayBeMore && !isStopped()) {
    // A few more than can call are made ready, so that no slot waits for the database; and what waits for its
    // commit keeps no slot, but the memory of it is bounded.
    const most = slots.size + Math.ceil(slots.size * READY_SHARE);
    const limit = Math.min(most - ahead, UNCOMMITTED_PER_CALL * options.concurrency - attempts.size);
    if (limit <= 0) {
      await changed.next();
      continue;
    }
    // While a claim is made more slots become free, which the next one takes all: claims batch by themselves.
    const claimed = await claim(engine, kind, limit);
    summary.claimed += claimed.length;
    for (const leased of claimed) start(leased);
    mayBeMore = claimed.length === limit;
  }
  if (isStopped()) slots.close();
  await Promise.all(attempts);
  options.signal.removeEventListener("abort", slots.close);
  if (failures.length > 0) throw failures[0];
  return summary;
}

/** Wakes up who waits for the next time that something is given. */
function createSignal() {
  let waiting = Promise.withResolvers<void>();
  return {
    give: () => {
      waiting.resolve();
      waiting = Promise.withResolvers();
    },
    next: () => waiting.promise,
  };
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
