/** A sweep that was asked for over HTTP. */
export type RunRecord = {
  id: string;
  /** The server it runs in, as `listRunningProcesses` knows it. */
  processId: string;
  startedAt: Date;
  finishedAt: Date | null;
  /** What came of it, in numbers; null until it has finished, and when it failed. */
  counts: Record<string, number> | null;
  /** What it failed with. */
  errorCode: string | null;
};

/** Sweeps that were asked for over HTTP. */
export type RunStore = {
  /** Writes down that a sweep was asked for. */
  createRun(run: Pick<RunRecord, "id" | "processId" | "startedAt">): Promise<void>;
  /** Writes down what came of it. */
  finishRun(run: Pick<RunRecord, "id" | "finishedAt" | "counts" | "errorCode">): Promise<void>;
  /** A sweep that was asked for. */
  findRun(id: string): Promise<RunRecord | null>;
  /** The newest sweep that was asked for and went through; null when none of the last week did. */
  findLatestRun(): Promise<RunRecord | null>;
};
