/** Why the store could not do its work. */
export type StoreErrorCode = "busy" | "unavailable" | "schema_newer" | "corrupt" | "moved";

/** What is said to whoever writes to a database that moves or has moved. */
export const MOVED_MESSAGE =
  "The database is moving to another address or has moved there: here it can be read, and not written.";

/** The database could not be read or written. Messages name no values. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Whether the same call may work a moment later. */
  get retryable(): boolean {
    return this.code === "busy" || this.code === "unavailable";
  }
}
