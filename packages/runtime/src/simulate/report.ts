import type { AlertKind } from "@perennial/db";

import { importedAtMs } from "./import-connections.ts";
import { TOKEN_LIFE_MS } from "./pretended-instagram.ts";
import type { OutageReport, Recovery } from "./recovery.ts";
import type { Scenario } from "./scenario.ts";
import { START_MS, type SimulatedWorld } from "./simulated-world.ts";

const DAY_MS = 86_400_000;
const EVERY_ALERT = 2 ** 31 - 1;

/** What came of a simulation. */
export type SimulationReport = {
  scenario: Scenario;
  /** Connections whose token has expired without having been renewed. */
  lost: number;
  /** Of which so many without a warning before. */
  lostUnwarned: number;
  /**
   * By the rule of three: where none of N was lost, fewer than 3/N of all are, with 95 % certainty. Null where
   * some were. It speaks of this scenario only: all connections go through the same outages.
   */
  lossBound: number | null;
  /** How often somebody was asked to sign in again while Instagram would still have renewed the token. */
  needlessPrompts: number;
  /** `refreshes` has those that failed in it, and those that probed a paused app. */
  calls: {
    refreshes: number;
    failedRefreshes: number;
    tokenProbes: number;
    /** See `idealCalls`. */
    ideal: number;
    /** Null where the ideal is none. */
    ratio: number | null;
  };
  renewals: number;
  /** The shortest time that a token had left when it was renewed. */
  lowestMarginDays: number | null;
  alerts: Partial<Record<AlertKind, number>>;
  /** Warnings given, by the days that were left. */
  warnings: Record<string, number>;
  breaker: { openings: number; probes: number };
  /** Renewals on ordinary days: after the import's, and but for outages and the catching up with them. */
  perDay: { days: number; mean: number; peak: number; peakDay: number | null; peakToMean: number | null };
  outages: OutageReport[];
  /** Scheduled runs, looks in between, and calls to Instagram. */
  events: number;
  seconds: number;
  /** Of the processor; less than `seconds` where others use it too. */
  processorSeconds: number;
  eventsPerSecond: number;
};

type Ended = { world: SimulatedWorld; scenario: Scenario; looks: number } & Pick<
  SimulationReport,
  "seconds" | "processorSeconds"
>;

/** Sums up a world whose time has come to its end. */
export async function reportOf({ world, scenario, looks, ...time }: Ended): Promise<SimulationReport> {
  const { figures } = world.counter;
  const { counts } = world.instagram;
  const endAt = new Date(world.endMs);
  const stored = await world.allConnections();
  const lost = stored.filter(({ tokenExpiresAt }) => tokenExpiresAt === null || tokenExpiresAt <= endAt);
  const told = await world.store.listAllAlerts({ limit: EVERY_ALERT });
  const ideal = idealCalls(scenario);
  const events = looks + counts.refreshes + counts.tokenProbes;
  return {
    scenario,
    lost: lost.length,
    lostUnwarned: lost.filter(({ id }) => !figures.warnedIds.has(id)).length,
    lossBound: lost.length === 0 ? 3 / scenario.connections : null,
    needlessPrompts: figures.needlessPrompts,
    calls: { ...counts, ideal, ratio: ideal === 0 ? null : counts.refreshes / ideal },
    renewals: figures.renewals,
    lowestMarginDays: figures.lowestMarginMs === null ? null : figures.lowestMarginMs / DAY_MS,
    alerts: countBy(told.map(({ kind }) => kind)),
    warnings: countBy(told.flatMap(({ daysLeft }) => (daysLeft === null ? [] : [String(daysLeft)]))),
    breaker: { openings: figures.breakerOpenings, probes: world.probes() },
    perDay: perDayOf(figures.renewalsPerDay, world.recoveries),
    outages: world.recoveries.map((recovery) => recovery.report()),
    events,
    ...time,
    eventsPerSecond: events / time.seconds,
  };
}

/**
 * The calls of a keeper that never fails, and renews each token at the very instant at which it has the lead
 * left: from its import to the end of the run a connection needs one for each whole (60 days less the lead).
 * Fewer would mean to renew later than the lead; an outage makes none of them needless.
 */
export function idealCalls({ connections, days, leadDays }: Scenario): number {
  const betweenMs = TOKEN_LIFE_MS - leadDays * DAY_MS;
  let calls = 0;
  for (let account = 0; account < connections; account += 1) {
    const importedMs = importedAtMs({ connections, startMs: START_MS }, account);
    calls += Math.floor((START_MS + days * DAY_MS - importedMs) / betweenMs);
  }
  return calls;
}

function perDayOf(
  renewalsPerDay: readonly number[],
  recoveries: readonly Recovery[],
): SimulationReport["perDay"] {
  const ordinary = renewalsPerDay
    .map((renewals, day) => ({ renewals, day }))
    .filter(
      ({ day }) => day > 0 && !recoveries.some(({ touchesDay }) => touchesDay(START_MS + day * DAY_MS)),
    );
  const peak = ordinary.reduce((highest, each) => (each.renewals > highest.renewals ? each : highest), {
    renewals: 0,
    day: -1,
  });
  const sum = ordinary.reduce((total, { renewals }) => total + renewals, 0);
  const mean = ordinary.length === 0 ? 0 : sum / ordinary.length;
  return {
    days: ordinary.length,
    mean,
    peak: peak.renewals,
    peakDay: peak.day < 0 ? null : peak.day,
    peakToMean: mean === 0 ? null : peak.renewals / mean,
  };
}

function countBy<Name extends string>(
  names: readonly Name[],
): Partial<Record<Name, number>> & Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts as Partial<Record<Name, number>> & Record<string, number>;
}
