import {
  ConnectionError,
  EXPLANATIONS,
  KeyRotationError,
  type ConnectionErrorCode,
} from "@perennial/connections";
import {
  BackupError,
  ConfigError,
  MoveError,
  SimulatorAwayError,
  StoreError,
  withoutSecrets,
} from "@perennial/runtime";

import { UsageError } from "./usage-error.ts";

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
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof ConfigError) return EXIT.configuration;
  if (error instanceof ConnectionError) return exitCodeOfProblem(error.code);
  if (error instanceof StoreError) return error.retryable ? EXIT.temporary : EXIT.configuration;
  if (error instanceof SimulatorAwayError) return EXIT.temporary;
  if (error instanceof MoveError) return exitCodeOfMove(error);
  if (error instanceof BackupError) return exitCodeOfBackup(error);
  if (error instanceof KeyRotationError) return exitCodeOfRotation(error);
  return EXIT.unexpected;
}

/** Whoever types can mend these. */
const OF_USAGE: ReadonlySet<ConnectionErrorCode> = new Set([
  "account_held",
  "callback_damaged",
  "choice_invalid",
  "connection_not_found",
  "import_not_better",
  "import_unreadable",
  "key_limit_reached",
  "key_not_found",
  "key_settings_invalid",
  "session_not_found",
  "sign_in_unknown",
  "sign_in_used",
  "sign_in_wrong_browser",
  "sink_invalid",
  "sink_limit_reached",
  "sink_not_found",
  "token_kind_unusable",
  "token_of_other_app",
  "user_not_found",
]);
/** Whoever runs this site can. */
const OF_CONFIGURATION: ReadonlySet<ConnectionErrorCode> = new Set([
  "app_not_available",
  "flavour_not_configured",
  "invalid_client",
  "redirect_uri_mismatch",
  "sink_address_not_allowed",
  "sink_auth_failed",
  "sink_not_allowed",
  "sink_unreadable",
  "token_unreadable",
]);

/** The exit code of what a use case found. */
export function exitCodeOfProblem(code: ConnectionErrorCode): number {
  if (OF_USAGE.has(code)) return EXIT.usage;
  if (OF_CONFIGURATION.has(code)) return EXIT.configuration;
  return EXPLANATIONS[code].retryable ? EXIT.temporary : EXIT.reconnectRequired;
}

function exitCodeOfMove({ code }: MoveError): number {
  if (code === "at_work" || code === "taken_over") return EXIT.temporary;
  return code === "differs" ? EXIT.unexpected : EXIT.configuration;
}

function exitCodeOfBackup({ code }: BackupError): number {
  if (code === "at_work") return EXIT.temporary;
  if (code === "damaged") return EXIT.unexpected;
  const isOfUsage = code === "exists" || code === "missing" || code === "not_empty" || code === "web_root";
  return isOfUsage ? EXIT.usage : EXIT.configuration;
}

function exitCodeOfRotation({ code }: KeyRotationError): number {
  const isOfUsage = code === "key_unknown" || code === "key_sealing" || code === "key_id_unusable";
  return isOfUsage ? EXIT.usage : EXIT.temporary;
}

/** A failure in words for a person at a terminal. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ConnectionError || error instanceof UsageError)
    return `${error.message} ${error.cure}`;
  return error instanceof Error ? withoutSecrets(error.message) : "Something unexpected happened.";
}
