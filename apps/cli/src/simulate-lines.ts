import type { OutageReport, SimulationProgress, SimulationReport } from "@perennial/runtime";
import type { Writable } from "node:stream";

import { table } from "./table.ts";

const COUNT = new Intl.NumberFormat("en");
const REDRAWN_EACH_MS = 200;

/** What came of a simulation, for a person. */
export function describeSimulation(report: SimulationReport): string {
  return `${scenarioLine(report)}\n\n${table(["FIGURE", "VALUE", "WHICH MEANS"], rowsOf(report))}`;
}

function scenarioLine({ scenario }: SimulationReport): string {
  const { connections, days, seed, cron, leadDays, missedShare, errorShare } = scenario;
  return (
    `${count(connections)} connections for ${days} days, seed ${seed}: runs at "${cron}", ${percent(missedShare)} of them missed; ` +
    `lead of ${leadDays} days; ${percent(errorShare)} of the calls fail.`
  );
}

function rowsOf(report: SimulationReport): string[][] {
  const { calls, perDay, breaker } = report;
  const warnings = sum(report.warnings);
  return [
    ["lost", count(report.lost), lostSentence(report)],
    [
      "needless reconnect prompts",
      count(report.needlessPrompts),
      "asked to sign in though the token was fine",
    ],
    [
      "refresh calls",
      count(calls.refreshes),
      `${times(calls.ratio)} the ideal of ${count(calls.ideal)}; ${count(calls.failedRefreshes)} failed, ${count(breaker.probes)} probed a paused app`,
    ],
    ["lowest margin", days(report.lowestMarginDays), "the least that a token had left when it was renewed"],
    ["warnings", count(warnings), warningsSentence(report.warnings)],
    ["alerts", count(sum(report.alerts)), alertsSentence(report.alerts)],
    ["breaker", `${count(breaker.openings)} opened`, `${count(breaker.probes)} probes`],
    [
      "renewals a day",
      perDay.mean.toFixed(1),
      `on ${count(perDay.days)} ordinary days; at most ${count(perDay.peak)}, on day ${perDay.peakDay ?? "–"}: ${times(perDay.peakToMean)} the mean`,
    ],
    ...report.outages.flatMap(outageRows),
    [
      "time",
      `${report.seconds.toFixed(1)} s`,
      `${report.processorSeconds.toFixed(1)} s of the processor; ${count(report.events)} events, ${count(Math.round(report.eventsPerSecond))} a second`,
    ],
  ];
}

function lostSentence({
  lost,
  lostUnwarned,
  lossBound,
  scenario: { connections },
}: SimulationReport): string {
  if (lossBound === null)
    return `of ${count(connections)}, ${count(lost - lostUnwarned)} of them with a warning before`;
  return `of ${count(connections)}; with 95 % certainty less than 3/N = ${percent(lossBound)} in this scenario`;
}

function outageRows(outage: OutageReport): string[][] {
  const { heldBack, putBack, tooLate, noticedAfterMinutes, drainedInMinutes, highestPerMinute } = outage;
  const begun =
    noticedAfterMinutes === null
      ? "nothing was renewed after it"
      : `first renewal ${noticedAfterMinutes} minutes after its end; at most ${count(highestPerMinute)} a minute`;
  return [
    [
      "outage",
      `${outage.days} days`,
      `from day ${outage.startDay}; ${count(heldBack)} held back, of which ${count(putBack)} were put back to their lead, ${count(tooLate)} too late`,
    ],
    ["  caught up with", drainedInMinutes === null ? "not yet" : `${drainedInMinutes} min`, begun],
  ];
}

/** Shows how far a simulation has come, where a person looks on. */
export function showProgress(err: Writable): {
  show: (progress: SimulationProgress) => void;
  clear: () => void;
} {
  const isShown = "isTTY" in err && err.isTTY === true;
  let shownMs = -Infinity;
  return {
    show: ({ day, ofDays, renewals }) => {
      if (!isShown || performance.now() - shownMs < REDRAWN_EACH_MS) return;
      shownMs = performance.now();
      err.write(`\r\u{1B}[Kday ${day} of ${ofDays}, ${count(renewals)} renewals`);
    },
    clear: () => {
      if (isShown) err.write("\r\u{1B}[K");
    },
  };
}

/** A cell has room for a line: what is about connections goes without saying. */
function alertsSentence(alerts: SimulationReport["alerts"]): string {
  return Object.entries(alerts)
    .map(([kind, given]) => `${kind.replace("connection.", "")}: ${count(given)}`)
    .join(", ");
}

/** The earliest first; the record has its numbers in order. */
function warningsSentence(warnings: Record<string, number>): string {
  return Object.entries(warnings)
    .toReversed()
    .map(([daysLeft, given], index) => `${count(given)} with ${daysLeft}${index === 0 ? " days left" : ""}`)
    .join(", ");
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, value) => total + value, 0);
}

function count(value: number): string {
  return COUNT.format(value);
}

function times(ratio: number | null): string {
  return ratio === null ? "–" : `${ratio.toFixed(2)} times`;
}

function days(value: number | null): string {
  return value === null ? "–" : `${value.toFixed(1)} days`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
