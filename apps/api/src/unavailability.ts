/** The header that says when to come again, in seconds: a database that restarts is back by then. */
export const RETRY_AFTER: [name: string, value: string] = ["retry-after", "2"];

/** Whether the database is being moved away, so that it can be read and not written. */
export function isMoving(error: unknown): boolean {
  return error instanceof Error && error.name === "StoreError" && "code" in error && error.code === "moved";
}

/**
 * Whether the database is away or crowded, so that the same request may go well a moment later. The store's
 * errors are told by name: the api does not know the store itself.
 */
export function isDatabaseAway(error: unknown): boolean {
  return (
    error instanceof Error && error.name === "StoreError" && "retryable" in error && error.retryable === true
  );
}
