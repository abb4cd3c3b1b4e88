const DAY_MS = 24 * 3_600_000;

/** Rows of a table that one transaction deletes: however much there is, none takes long. */
export const PRUNED_AT_ONCE = 5_000;

/** What is older than these has been kept for long enough: attempts, runs, alerts and receipts, callbacks and the audit. */
export function pruneBounds(wallNow: Date) {
  const daysAgo = (days: number) => new Date(wallNow.getTime() - days * DAY_MS);
  return { dayAgo: daysAgo(1), weekAgo: daysAgo(7), quarterAgo: daysAgo(90), longAgo: daysAgo(400) };
}
