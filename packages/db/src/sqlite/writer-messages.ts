import { StoreError, type StoreErrorCode } from "../store-error.ts";
import type { Store } from "../store.ts";
import type { Damage } from "./damage.ts";

/** The methods of a store that write, and those that read for longer than the others may wait. */
export const WRITE_METHODS = [
  "createSignInAttempt",
  "claimSignInAttempt",
  "failSignInAttempt",
  "completeSignIn",
  "offerChoice",
  "takeChoice",
  "importAccount",
  "recordValidation",
  "touchSession",
  "deleteSession",
  "deleteSessions",
  "createApiKey",
  "revokeApiKey",
  "touchApiKey",
  "takePermits",
  "returnPermits",
  "claimDue",
  "claimOne",
  "recordIntent",
  "saveRefreshed",
  "restorePrevious",
  "recordFailure",
  "releaseLease",
  "disconnect",
  "openBreaker",
  "takeProbe",
  "releaseBacklog",
  "closeBreaker",
  "warnExpiring",
  "claimAlerts",
  "recordAlertDelivery",
  "createSink",
  "updateSink",
  "deleteSink",
  "claimSinks",
  "claimSink",
  "recordSinkDelivery",
  "revokeConnection",
  "eraseConnection",
  "eraseIdentities",
  "eraseUser",
  "claimFarewells",
  "settleFarewell",
  "acceptMetaCallback",
  "completeMetaCallback",
  "appendAuditEvents",
  "createRun",
  "finishRun",
  "fleetStats",
  "prune",
  "addKeyCheck",
  "countSealed",
  "rewrapSealed",
  "retireKey",
  "beatProcess",
  "removeProcess",
  "checkWritable",
  "readDurability",
] as const satisfies readonly (keyof Store)[];

/** A method that runs on the writer thread. */
export type WriteMethod = (typeof WRITE_METHODS)[number];

/** What the writer thread is started with. */
export type WriterData = { file: string; busyTimeoutMs: number; damage: Damage };

/** One call on its way to the writer thread. */
export type WriterCall = { id: number; method: WriteMethod; args: unknown[] };

/** The calls of one turn of the event loop, and the time by the clock that leases go by. */
export type WriterMessage = { calls: WriterCall[]; leaseNowMs: number };

/** What came of a call. */
export type WriterAnswer = { id: number } & ({ value: unknown } | { error: SentError });

/** An error as it travels between threads, where classes are lost. */
export type SentError = {
  name: string;
  message: string;
  code: string | null;
  stack: string | undefined;
  cause: SentError | null;
};

/** Takes an error apart for the way. */
export function sendError(error: unknown): SentError {
  if (!(error instanceof Error)) {
    return { name: "Error", message: String(error), code: null, stack: undefined, cause: null };
  }
  const code = "code" in error && typeof error.code === "string" ? error.code : null;
  const cause = error.cause instanceof Error ? sendError(error.cause) : null;
  return { name: error.name, message: error.message, code, stack: error.stack, cause };
}

/** Puts an error together again: the store's own classes, with the stack of where it was thrown. */
export function receiveError({ name, message, code, stack, cause }: SentError): Error {
  const options = cause === null ? undefined : { cause: receiveError(cause) };
  const error =
    name === "StoreError"
      ? new StoreError(code as StoreErrorCode, message, options)
      : Object.assign(
          name === "RangeError" ? new RangeError(message, options) : new Error(message, options),
          {
            name,
            ...(code === null ? {} : { code }),
          },
        );
  if (stack !== undefined) error.stack = stack;
  return error;
}
