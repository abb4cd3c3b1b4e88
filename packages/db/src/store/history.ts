/** Who asked for an attempt. */
export type AttemptTrigger = "person" | "worker" | "api" | "cli" | "cron";

/** What was attempted. */
export type AttemptKind = "sign_in" | "refresh" | "restore" | "proof" | "import" | "validate";

/** One row of a connection's history. */
export type RefreshAttempt = {
  id: string;
  /**
   * `restore`: the current token was refused, and the previous one put back. `proof`: a token that nobody can
   * refresh was looked at. `import`: a token was brought by hand. `validate`: a person asked whether it works.
   */
  kind: AttemptKind;
  trigger: AttemptTrigger;
  startedAt: Date;
  finishedAt: Date;
  outcome: "succeeded" | "failed";
  errorCode: string | null;
  /** Meta's trace id of the answer that failed. */
  traceId: string | null;
  /** The expiry the connection had after this attempt. */
  tokenExpiresAt: Date | null;
  /** The calls that were made, in the words of whoever wrote it; null where nobody took them down. */
  transcript: string | null;
};

/** One page of history, newest first: what started earlier than `before`. */
export type HistoryQuery = { userId: string; connectionId: string; limit: number; before: Date | null };
