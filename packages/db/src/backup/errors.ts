/**
 * Why a backup was not made or not restored. `exists`: a file is there already. `missing`: there is nothing to read.
 * `damaged`: the file is not what was written, or no backup. `newer`: a later version made it. `older_source`: the
 * database lacks migrations of this version. `not_empty`: the target holds people of its own. `at_work`: servers use
 * the target. `wrong_house`: a move keeps the target closed. `web_root`: everybody could fetch the file.
 */
export type BackupErrorCode =
  | "exists"
  | "missing"
  | "damaged"
  | "newer"
  | "older_source"
  | "not_empty"
  | "at_work"
  | "wrong_house"
  | "web_root";

/** A backup was not made or not restored. Messages are for the operator and hold no value of a row. */
export class BackupError extends Error {
  override readonly name = "BackupError";
  readonly code: BackupErrorCode;

  constructor(code: BackupErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
