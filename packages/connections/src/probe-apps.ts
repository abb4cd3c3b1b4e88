import type { BreakerRecord } from "@perennial/db";

import { appOf } from "./app-of.ts";
import type { Engine } from "./attempt.ts";
import { newLeaseOwner } from "./refresh.ts";
import { attemptRefresh } from "./refresh-attempt.ts";
import type { RefreshResult } from "./refresh-result.ts";
import type { SweepOptions } from "./sweep-options.ts";

/** Far enough ahead to find the connection that is looked at next, even when none is due. */
const LOOK_AHEAD_MS = 400 * 86_400_000;

/**
 * Probes each app that is paused and may be probed now, with one connection, the one that would be looked at
 * next. Instagram answering about it, whatever it says, means that the app works: what was held back is
 * released. True when an app has recovered, and its connections are due.
 *
 * @throws what the store throws.
 */
export async function probePausedApps(
  engine: Engine,
  { trigger, signal }: Pick<SweepOptions, "trigger" | "signal">,
): Promise<boolean> {
  let hasRecovered = false;
  for (const breaker of await engine.guard.openBreakers()) {
    if (signal.aborted || !breaker.isProbeDue || !(await engine.guard.takeProbe(breaker))) continue;
    const app = appOf(breaker);
    const result = await probe(engine, breaker, trigger);
    if (result === null || !isAnswer(result)) continue;
    await engine.guard.recover(app);
    hasRecovered = true;
  }
  return hasRecovered;
}

/** Null when there is no connection to probe with: the app has none, or somebody else has it in hand. */
async function probe(
  engine: Engine,
  breaker: BreakerRecord,
  trigger: SweepOptions["trigger"],
): Promise<RefreshResult | null> {
  const { store, now, leaseMs } = engine.deps;
  const [leased] = await store.claimDue({
    owner: newLeaseOwner(),
    now: new Date(now().getTime() + LOOK_AHEAD_MS),
    leaseMs,
    limit: 1,
    of: { kind: "app", app: appOf(breaker) },
  });
  return leased === undefined ? null : await attemptRefresh(engine, leased, { trigger, isProbe: true });
}

function isAnswer(result: RefreshResult): boolean {
  const { kind } = result;
  return kind === "refreshed" || kind === "reconnect_required" || kind === "too_young";
}
