/**
 * Why a move did not happen, or not to its end. `at_work`: servers run or leases are live. `foreign_target`: the
 * target holds what the source does not know. `same_database`: both addresses lead to one. `wrong_house`: the
 * state of one of them forbids it. `token_unreadable`: a sealed token does not open with these keys. `differs`:
 * the comparison at the end found a difference. `taken_over`: somebody else changed the state meanwhile.
 */
export type MoveErrorCode =
  | "at_work"
  | "foreign_target"
  | "same_database"
  | "wrong_house"
  | "token_unreadable"
  | "differs"
  | "taken_over";

/** A move was refused or stopped. Messages are for the operator and hold no address and no value of a row. */
export class MoveError extends Error {
  override readonly name = "MoveError";
  readonly code: MoveErrorCode;

  constructor(code: MoveErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
