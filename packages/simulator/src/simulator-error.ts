/** What went wrong with the simulator itself, as opposed to what it was told to answer. */
export type SimulatorErrorCode =
  | "invalid_input"
  | "not_built"
  | "unknown_user"
  | "unknown_gate"
  | "port_taken"
  | "authorization_stopped"
  | "callback_not_configured";

/**
 * Thrown by the simulator's own controls: a rule that makes no sense, a person nobody knows, a taken port.
 * Refusals that Instagram would answer are replies, never this error.
 */
export class SimulatorError extends Error {
  override readonly name = "SimulatorError";
  readonly code: SimulatorErrorCode;

  constructor(code: SimulatorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
