import type { ConnectionErrorCode } from "./errors.ts";
import type { FailureClass } from "./failure-classes.ts";

/** Failures in a row, of this many connections, before an app is left alone for a while. */
const FAILURES_IN_A_ROW = 10;
const CONNECTIONS_IN_A_ROW = 3;
/** A fault of the app itself hits every connection: it is believed sooner. */
const OPERATOR_FAILURES_IN_A_ROW = 3;

const PROBE_WAIT_MS = 30_000;
const LONGEST_PROBE_WAIT_MS = 5 * 60_000;
/** An outage that has lasted for this many probes is no hiccup: they come less often. */
const QUICK_PROBES = 20;

/** Without a stated time, calls of a throttled app wait for this long: its budget rolls over an hour. */
export const APP_THROTTLE_WAIT_MS = 15 * 60_000;

/** A pause shorter than this is no incident: nobody has to be told. */
export const WORTH_AN_ALERT_MS = 60 * 60_000;

/** How one attempt ended, as far as the app is concerned. */
export type AppOutcome =
  /** Instagram answered about this one connection: the app works. */
  { kind: "answered" } | { kind: "failed"; class: FailureClass; code: ConnectionErrorCode };

/** Watches how the connections of one app fare, one after the other. */
export type FailureStreak = {
  /** The code that the app's breaker has to be opened with, or null while there is no reason to. */
  note(connectionId: string, outcome: AppOutcome): ConnectionErrorCode | null;
};

/**
 * Tells many connections that fail alike from a few that fail: an app is left alone after ten failures of at
 * least three connections in a row, or three of one class that only the operator can help with. One
 * connection that Instagram answers about ends the row.
 */
export function createFailureStreak(): FailureStreak {
  let failures = 0;
  let failureClass: FailureClass | null = null;
  const connectionIds = new Set<string>();
  const reset = (): void => {
    failures = 0;
    connectionIds.clear();
  };
  return {
    note: (connectionId, outcome) => {
      if (outcome.kind === "answered") {
        reset();
        return null;
      }
      if (outcome.class !== failureClass) reset();
      failureClass = outcome.class;
      failures += 1;
      // Enough are remembered; a long outage must not fill the memory.
      if (connectionIds.size < CONNECTIONS_IN_A_ROW) connectionIds.add(connectionId);
      const enough = outcome.class === "operator" ? OPERATOR_FAILURES_IN_A_ROW : FAILURES_IN_A_ROW;
      if (failures < enough || connectionIds.size < CONNECTIONS_IN_A_ROW) return null;
      reset();
      return outcome.code;
    },
  };
}

/** How long after a probe the next one may be made, of an app that was probed this often: 30 seconds, later up to five minutes. */
export function probeWaitMs(probes: number): number {
  const doublings = Math.min(10, Math.max(0, probes - QUICK_PROBES));
  return Math.min(LONGEST_PROBE_WAIT_MS, PROBE_WAIT_MS * 2 ** doublings);
}
