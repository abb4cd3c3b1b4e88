/**
 * Why a step of a key rotation was refused. `key_unknown`: the ring holds no such key. `key_sealing`: it is the one
 * that seals. `key_needed`: sealed texts need it still. `key_in_use`: a server that runs seals with it.
 * `key_not_everywhere`: a server that runs does not have the key that would seal. `key_id_unusable`: the id of a new
 * key is taken, or malformed.
 */
export type KeyRotationErrorCode =
  | "key_unknown"
  | "key_sealing"
  | "key_needed"
  | "key_in_use"
  | "key_not_everywhere"
  | "key_id_unusable";

/** A step of a key rotation was refused, and nothing was changed. The message says what to do first. */
export class KeyRotationError extends Error {
  override readonly name = "KeyRotationError";
  readonly code: KeyRotationErrorCode;

  constructor(code: KeyRotationErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
