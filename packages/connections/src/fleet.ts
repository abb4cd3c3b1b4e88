import type { AppKey, Flavour, FleetStats, SinkStats } from "@perennial/db";

import type { AppGuard } from "./app-guard.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { knownErrorCode, type ConnectionErrorCode } from "./errors.ts";
import { problemOf, type Problem } from "./views.ts";

/** How the whole fleet does, for metrics and operators. */
export type FleetView = FleetStats & {
  /** Scheduled attempts that remain for the connection that has the fewest; null when there is none. */
  lowestChancesLeft: number | null;
  pausedApps: (AppKey & { code: ConnectionErrorCode; openedAt: Date; probes: number; nextProbeAt: Date })[];
  workers: number;
  sinks: SinkStats;
  /** The last sweep of any worker that runs; null when none runs or has swept. */
  lastSweptAt: Date | null;
};

/** A login that does not work at the moment, as everybody may see it. */
export type PausedLogin = { flavour: Flavour; problem: Problem | null; nextProbeAt: Date };

/** The logins that are left alone now. */
export async function viewPausedLogins(guard: AppGuard): Promise<PausedLogin[]> {
  return (await guard.openBreakers()).map(({ flavour, errorCode, openedAt, nextProbeAt }) => ({
    flavour,
    problem: problemOf(errorCode, openedAt),
    nextProbeAt,
  }));
}

/**
 * Looks at the fleet. Reads what is stored: not for every request.
 *
 * @throws what the store throws.
 */
export async function viewFleet(deps: ConnectionsDeps, guard: AppGuard): Promise<FleetView> {
  const now = deps.now();
  const [stats, breakers, processes, sinks] = await Promise.all([
    deps.store.fleetStats(now),
    guard.openBreakers(),
    deps.store.listRunningProcesses(),
    deps.store.sinkStats(),
  ]);
  const workers = processes.filter(({ kind }) => kind === "worker");
  const sweeps = workers.flatMap(({ sweptAt }) => (sweptAt === null ? [] : [sweptAt.getTime()]));
  const { nearestExpiryAt } = stats;
  const msLeft = nearestExpiryAt === null ? null : nearestExpiryAt.getTime() - now.getTime();
  const { leadMs, periodMs } = deps.schedule;
  return {
    ...stats,
    // Chances fall with the time left, so the soonest expiry has the fewest.
    lowestChancesLeft: msLeft === null ? null : Math.floor(Math.min(msLeft, leadMs) / periodMs),
    pausedApps: breakers.map(({ flavour, appId, openedAt, probes, nextProbeAt, errorCode }) => ({
      flavour,
      appId,
      openedAt,
      probes,
      nextProbeAt,
      code: knownErrorCode(errorCode),
    })),
    workers: workers.length,
    sinks,
    lastSweptAt: sweeps.length === 0 ? null : new Date(Math.max(...sweeps)),
  };
}
