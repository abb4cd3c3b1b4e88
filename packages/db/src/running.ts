/** A process counts as running for this long after its last beat. */
export const RUNNING_FOR_MS = 30_000;

/** What was not seen for this long has ended without saying so; its row goes with somebody else's beat. */
export const FORGOTTEN_AFTER_MS = 3_600_000;
