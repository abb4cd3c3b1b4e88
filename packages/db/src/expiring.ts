const DAY_MS = 24 * 3_600_000;

/** The times between which a token ends of which somebody may have to be warned, and what counts as late. */
export function expiringBounds(now: Date, thresholdsDays: readonly number[]) {
  const dayAgo = new Date(now.getTime() - DAY_MS);
  return {
    now,
    endsAfter: dayAgo,
    endsBy: new Date(now.getTime() + Math.max(...thresholdsDays) * DAY_MS),
    dueSince: dayAgo,
  };
}
