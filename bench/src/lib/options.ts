/** What a benchmark was asked that it cannot do. Its message is for a person at a terminal. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A whole number from 1 up. @throws {UsageError} for anything else */
export function countOf(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new UsageError(`--${name} takes a whole number from 1 up.`);
  }
  return value;
}

/** Whether an error says that the command line is wrong: our own, or that of `parseArgs`. */
export function isUsageError(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    error.code.startsWith("ERR_PARSE_ARGS_")
  );
}
