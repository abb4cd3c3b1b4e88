import type { NewAlert } from "./alerts.ts";
import type { ConnectionSummary } from "./connections.ts";

/** What a claim to warn writes, if the connection is still what it was. */
export type WarnExpiringInput = {
  connectionId: string;
  version: number;
  warnedDays: number;
  alert: NewAlert;
};

/** Who is warned that a token ends, and that they were. */
export type WarningStore = {
  /**
   * Active connections whose token ends within one of the thresholds, of which nobody was warned yet, and
   * whose renewal has failed or is a day late; soonest expiry first.
   */
  listExpiring(input: {
    now: Date;
    thresholdsDays: readonly number[];
    limit: number;
  }): Promise<ConnectionSummary[]>;
  /** Notes that a warning was given, as an incident unless there is one, and writes it. False when the connection has changed since it was read. */
  warnExpiring(input: WarnExpiringInput): Promise<boolean>;
};
