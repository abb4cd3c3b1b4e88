/**
 * How a call failed below HTTP. Stable.
 *
 * - `connect_failed` no connection: name not found, refused, too slow
 * - `tls_failed` the certificate or the handshake was not acceptable
 * - `timeout` the whole call took longer than allowed
 * - `reset` the connection broke before the answer was complete
 * - `body_too_large`, `headers_too_large` the answer exceeds our limits
 * - `encoding_refused` the answer is compressed although it was asked not to be
 * - `redirect_refused` the answer is a redirect; the place it names was not asked
 * - `protocol_error` the answer is not HTTP
 * - `closed` the transport was closed before
 * - `failed` anything else
 */
export type TransportErrorCode =
  | "connect_failed"
  | "tls_failed"
  | "timeout"
  | "reset"
  | "body_too_large"
  | "headers_too_large"
  | "encoding_refused"
  | "redirect_refused"
  | "protocol_error"
  | "closed"
  | "failed";

const SENTENCES: Readonly<Record<TransportErrorCode, string>> = {
  connect_failed: "No connection could be made.",
  tls_failed: "The server's certificate or handshake was not acceptable.",
  timeout: "The call took longer than allowed.",
  reset: "The connection broke before the answer was complete.",
  body_too_large: "The answer's body is larger than allowed.",
  headers_too_large: "The answer's headers are larger than allowed.",
  encoding_refused: "The answer is compressed although it was asked not to be.",
  redirect_refused: "The answer is a redirect, and redirects are not followed.",
  protocol_error: "The answer is not HTTP.",
  closed: "The transport is closed.",
  failed: "The call failed.",
};

const SYSTEM_CODE = /^[A-Z][A-Z0-9_]{1,63}$/;

/**
 * A call that ended without a usable answer. It deliberately keeps no cause: what the HTTP library throws
 * may hold the bytes of the answer, and with them a token.
 */
export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly code: TransportErrorCode;
  /** False only when it is certain that no byte of the request was sent. */
  readonly requestMayHaveBeenProcessed: boolean;
  /** What the system or the HTTP library called it, such as `ECONNREFUSED`. */
  readonly systemCode: string | undefined;
  /** The status, where the headers of an answer had arrived. */
  readonly httpStatus: number | undefined;

  constructor(
    code: TransportErrorCode,
    details: {
      requestMayHaveBeenProcessed: boolean;
      systemCode?: string | undefined;
      httpStatus?: number | undefined;
    },
  ) {
    super(SENTENCES[code]);
    this.code = code;
    this.requestMayHaveBeenProcessed = details.requestMayHaveBeenProcessed;
    this.systemCode =
      details.systemCode !== undefined && SYSTEM_CODE.test(details.systemCode)
        ? details.systemCode
        : undefined;
    this.httpStatus = details.httpStatus;
  }
}
