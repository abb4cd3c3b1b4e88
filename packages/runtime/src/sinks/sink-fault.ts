import type { ConnectionErrorCode } from "@perennial/connections";

/** A token could not be put where it is read, for a reason of that place's. Thrown within this folder only. */
export class SinkFault extends Error {
  override readonly name = "SinkFault";
  readonly code: ConnectionErrorCode;

  constructor(code: ConnectionErrorCode, cause?: unknown) {
    super(`The token was not delivered: ${code}.`, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
