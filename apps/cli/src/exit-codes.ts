import { ConnectionError } from "@perennial/connections";
import { ConfigError, MoveError, StoreError, withoutSecrets } from "@perennial/runtime";

/** What the exit codes mean; scripts rely on them. */
export const EXIT = {
  fine: 0,
  unexpected: 1,
  usage: 2,
  reconnectRequired: 3,
  temporary: 4,
  configuration: 5,
} as const;

/** The exit code of a failure. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigError) return EXIT.configuration;
  if (error instanceof ConnectionError) {
    if (error.code === "connection_not_found") return EXIT.usage;
    return error.retryable ? EXIT.temporary : EXIT.reconnectRequired;
  }
  if (error instanceof StoreError) return error.code === "schema_newer" ? EXIT.configuration : EXIT.temporary;
  if (error instanceof MoveError) return exitCodeOfMove(error);
  return EXIT.unexpected;
}

function exitCodeOfMove({ code }: MoveError): number {
  if (code === "at_work" || code === "taken_over") return EXIT.temporary;
  return code === "differs" ? EXIT.unexpected : EXIT.configuration;
}

/** A failure in words for a person at a terminal. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ConnectionError) return `${error.message} ${error.cure}`;
  return error instanceof Error ? withoutSecrets(error.message) : "Something unexpected happened.";
}
