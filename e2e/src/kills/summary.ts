import type { KillOutcome } from "./trial.ts";

/** Kills in one phase under one policy, in numbers. */
export type KillSummary = {
  policy: KillOutcome["policy"];
  phase: KillOutcome["phase"];
  kills: number;
  kept: number;
  flagged: number;
  silent: number;
  wrong: number;
  /** Of those that were taken over; null where none was. */
  takeoverMs: { p50: number; p99: number; max: number } | null;
  /** The longest time from a kill until its connection was kept or flagged. */
  longestToSettleMs: number;
};

/** Sums outcomes up by policy and phase, in the order they first came. */
export function summarize(outcomes: readonly KillOutcome[]): KillSummary[] {
  const groups = Map.groupBy(
    outcomes.toSorted((left, right) => nameOf(left).localeCompare(nameOf(right))),
    nameOf,
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const count = (end: KillOutcome["end"]): number => group.filter((one) => one.end === end).length;
    const takeovers = group.flatMap(({ takeoverMs }) => (takeoverMs === null ? [] : [takeoverMs]));
    const { policy, phase } = first;
    return [
      {
        policy,
        phase,
        kills: group.length,
        kept: count("kept"),
        flagged: count("flagged"),
        silent: count("silent"),
        wrong: group.filter(({ isWrong }) => isWrong).length,
        takeoverMs: takeovers.length === 0 ? null : spread(takeovers),
        longestToSettleMs: Math.max(...group.map(({ settledMs }) => settledMs)),
      },
    ];
  });
}

/** Median, 99th percentile and maximum. */
export function spread(values: readonly number[]): { p50: number; p99: number; max: number } {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

function nameOf({ policy, phase }: KillOutcome): string {
  return `${policy} ${phase}`;
}
