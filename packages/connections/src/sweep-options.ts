import type { AttemptTrigger } from "@perennial/db";

/** How a sweep works. */
export type SweepOptions = {
  /** Who asked, for the history. */
  trigger: AttemptTrigger;
  /** Refreshes under way at once. */
  concurrency: number;
  /** Once aborted, nothing more is claimed; what is in hand is finished. */
  signal: AbortSignal;
};
