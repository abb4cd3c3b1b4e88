import { median, quantile, sum } from "../lib/statistics.ts";
import { table } from "../lib/table.ts";
import type { RefreshPass } from "./refreshes.ts";
import { ANSWER_DELAY_MS, type RoundTrips } from "./round-trips.ts";
import type { Round, Stage } from "./round.ts";

/** Everything one contender showed. */
export type Showing = { name: string; rounds: Round[]; roundTrips: RoundTrips };

/** How many times as fast one contender is as another, round by round. */
export type Ratio = { median: number; min: number; max: number };

/** Sign-ins per second from the callback to the session. */
function signInsPerSecond(round: Round): number {
  return (round.signIns / round.complete.elapsedMs) * 1000;
}

/** Both contenders met in each round, seconds apart: what disturbs the machine disturbs both. */
export function compare(ours: Showing, theirs: Showing): Ratio {
  const ratios = ours.rounds.flatMap((round, index) => {
    const other = theirs.rounds[index];
    return other === undefined ? [] : [signInsPerSecond(round) / signInsPerSecond(other)];
  });
  return { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) };
}

/** "2.31 times (2.20 to 2.40)". */
export function ratioText({ median, min, max }: Ratio): string {
  return `${median.toFixed(2)} times (${min.toFixed(2)} to ${max.toFixed(2)})`;
}

/** Sign-ins per second: each round, the median, and what one sign-in costs and takes. */
export function signInTable(showings: readonly Showing[]): string {
  const numbers = showings[0]?.rounds.map((_, index) => `round ${index + 1}`) ?? [];
  const heading = ["sign-ins per second", ...numbers, "median", "server CPU", "median time", "p99 time"];
  return table([heading, ...showings.flatMap(rowsOf)]);
}

function rowsOf({ name, rounds }: Showing): string[][] {
  const complete = row(
    name,
    rounds.map((round) => ({ signIns: round.signIns, stages: [round.complete] })),
  );
  const whole = rounds.flatMap(({ signIns, begin, complete }) =>
    begin === null ? [] : [{ signIns, stages: [begin, complete] }],
  );
  return whole.length === 0 ? [complete] : [complete, row("  with auth.begin", whole)];
}

function row(name: string, rounds: readonly { signIns: number; stages: readonly Stage[] }[]): string[] {
  const perSecond = rounds.map(
    ({ signIns, stages }) => (signIns / sum(stages.map((stage) => stage.elapsedMs))) * 1000,
  );
  const cpuMs = rounds.map(({ signIns, stages }) => sum(stages.map((stage) => stage.cpuMs.server)) / signIns);
  // The times of both stages belong to different requests, which nobody waits for at once.
  const latenciesMs = rounds.every(({ stages }) => stages.length === 1)
    ? rounds.flatMap(({ stages }) => stages.flatMap((stage) => stage.latenciesMs))
    : [];
  return [
    name,
    ...perSecond.map((value) => value.toFixed(0)),
    median(perSecond).toFixed(0),
    `${median(cpuMs).toFixed(2)} ms`,
    ...[0.5, 0.99].map((share) =>
      latenciesMs.length === 0 ? "" : `${quantile(latenciesMs, share).toFixed(1)} ms`,
    ),
  ];
}

/** What driving and simulating cost beside the server, per sign-in: they share the machine with it. */
export function loadCostText(showings: readonly Showing[]): string {
  return showings
    .map(({ name, rounds }) => {
      const cost = (who: "driver" | "simulator"): string =>
        median(rounds.map((round) => round.complete.cpuMs[who] / round.signIns)).toFixed(2);
      return `${name}: driver ${cost("driver")} ms, simulator ${cost("simulator")} ms`;
    })
    .join("; ");
}

/** Round trips on the critical path. */
export function roundTripTable(showings: readonly Showing[]): string {
  return table([
    [`upstream round trips at ${ANSWER_DELAY_MS} ms per answer`, "round trips", "median time"],
    ...showings.map(({ name, roundTrips }) => [
      name,
      String(roundTrips.count),
      `${roundTrips.medianMs.toFixed(0)} ms`,
    ]),
  ]);
}

/** Refreshes per second. */
export function refreshTable(passes: readonly RefreshPass[]): string {
  const rowOf = (name: string, rates: readonly number[]): string[] => [
    name,
    ...rates.map((rate) => rate.toFixed(0)),
    median(rates).toFixed(0),
  ];
  return table([
    ["refreshes per second", ...passes.map((_, index) => `sweep ${index + 1}`), "median"],
    rowOf(
      "Perennial, one worker",
      passes.map((pass) => pass.sweepPerSecond),
    ),
    rowOf(
      "the bare calls alone",
      passes.map((pass) => pass.barePerSecond),
    ),
  ]);
}
