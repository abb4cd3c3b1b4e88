/** What a benchmark was asked that it cannot do. Its message is for a person at a terminal. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A whole number from 1 up. @throws {UsageError} for anything else */
export function countOf(name: string, text: string): number {
  return wholeNumber(name, text, 1);
}

/** A whole number from 0 up. @throws {UsageError} for anything else */
export function numberOf(name: string, text: string): number {
  return wholeNumber(name, text, 0);
}

function wholeNumber(name: string, text: string, minimum: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw new UsageError(`--${name} takes a whole number from ${minimum} up.`);
  }
  return value;
}

/** The engines that a list names. @throws {UsageError} for any other */
export function enginesOf(text: string): ("sqlite" | "postgres")[] {
  return text.split(",").map((engine) => {
    if (engine !== "sqlite" && engine !== "postgres")
      throw new UsageError("--engine takes sqlite, postgres or both.");
    return engine;
  });
}

/** The one engine that is named. @throws {UsageError} for any other */
export function engineOf(text: string): "sqlite" | "postgres" {
  if (text !== "sqlite" && text !== "postgres") throw new UsageError("--engine takes sqlite or postgres.");
  return text;
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
