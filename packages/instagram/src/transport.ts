import type { LookupFunction } from "node:net";
import { Agent, type Dispatcher } from "undici";

import { createConnector } from "./connector.ts";
import { TransportError, type TransportErrorCode } from "./transport-error.ts";

/** One request. The URL holds secrets in its query: it must not be logged. */
export type TransportRequest = {
  method: "GET" | "POST" | "DELETE";
  /** Absolute, with every part encoded already. */
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
};

/** One answer, whatever its status. */
export type TransportResponse = {
  status: number;
  /** Names in lower case; repeated headers joined by ", ". */
  headers: Record<string, string>;
  /** The bytes as UTF-8 text, whatever the Content-Type says. */
  body: string;
};

/**
 * Sends one request once and gives back the answer. It never follows a redirect and never sends anything
 * a second time.
 *
 * @throws {TransportError} when there is no whole answer.
 */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>;

/** Limits of {@link createTransport}. */
export type TransportOptions = {
  /** To a connection that is ready, TLS included. Default 3000. */
  connectTimeoutMs?: number;
  /** For the whole call, from the queue to the last byte of the body. Default 10,000. */
  totalTimeoutMs?: number;
  /** Default 1 MiB. */
  maxBodyBytes?: number;
  /** Calls beyond this wait, within `totalTimeoutMs`. Default 64. */
  connectionsPerOrigin?: number;
  /** Finds the address that a name is connected to; the system's unless given. Not asked for bare addresses. */
  lookup?: LookupFunction;
};

const MAX_HEADER_BYTES = 32 * 1024;

/**
 * The transport over real connections: HTTP/1.1 with keep-alive, TLS always verified, every wait and every
 * size bounded, answers uncompressed. Dispose of it to close its connections once the calls under way ended.
 *
 * A keep-alive connection the server closes just as a request is written counts as a failed call (`reset`,
 * may have been processed): it cannot be told from a lost answer.
 */
export function createTransport(options: TransportOptions = {}): Transport & AsyncDisposable {
  const { connectTimeoutMs = 3000, totalTimeoutMs = 10_000, maxBodyBytes = 1024 * 1024 } = options;
  const agent = new Agent({
    connections: options.connectionsPerOrigin ?? 64,
    pipelining: 1,
    allowH2: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: 0, // one timer for the whole call instead of one per phase
    bodyTimeout: 0,
    keepAliveTimeout: 4000, // shorter than the servers' own, so that they seldom close first
    keepAliveMaxTimeout: 30_000,
    connect: createConnector(connectTimeoutMs, options.lookup),
  });

  let waiting: { request: TransportRequest; call: Call }[] = [];
  const sendAll = (): void => {
    const calls = waiting;
    waiting = [];
    for (const { request, call } of calls) agent.dispatch(optionsOf(request), call);
  };
  // Written in a row at the end of the turn: a process that answers is woken once, and so are we by its answers.
  const send: Transport = (request) =>
    new Promise((resolve, reject) => {
      const call = new Call(resolve, reject, totalTimeoutMs, maxBodyBytes);
      if (waiting.push({ request, call }) === 1) setImmediate(sendAll);
    });
  const close = (): Promise<void> => {
    sendAll();
    return agent.close();
  };
  return Object.assign(send, { [Symbol.asyncDispose]: close });
}

function optionsOf({ url, method, headers, body }: TransportRequest): Dispatcher.DispatchOptions {
  const originEnd = url.indexOf("/", "https://".length);
  return {
    origin: url.slice(0, originEnd),
    path: url.slice(originEnd),
    method,
    headers: headerList(headers),
    body: body ?? null,
  };
}

let shared: Transport | undefined;

/** The transport every login of a process shares unless it is given another. */
export function sharedTransport(): Transport {
  shared ??= createTransport();
  return shared;
}

const COMMON_HEADERS = [
  "accept",
  "application/json",
  "accept-encoding",
  "identity",
  "user-agent",
  "perennial",
];

function headerList(headers: Readonly<Record<string, string>> | undefined): string[] {
  return headers === undefined ? COMMON_HEADERS : [...COMMON_HEADERS, ...Object.entries(headers).flat()];
}

/** One call under way. It settles once; what arrives after that is dropped. */
class Call implements Dispatcher.DispatchHandler {
  readonly #resolve: (response: TransportResponse) => void;
  readonly #reject: (error: TransportError) => void;
  readonly #maxBodyBytes: number;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #isSettled = false;
  #status: number | undefined;
  #headers: Record<string, string> = {};
  readonly #chunks: Buffer[] = [];
  #bodyBytes = 0;

  constructor(
    resolve: (response: TransportResponse) => void,
    reject: (error: TransportError) => void,
    totalTimeoutMs: number,
    maxBodyBytes: number,
  ) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#maxBodyBytes = maxBodyBytes;
    this.#timer = setTimeout(() => this.#fail("timeout"), totalTimeoutMs);
  }

  /** The request is about to be written: from here on it may have been processed. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#isSettled) {
      controller.abort(new Error("given up before it was sent"));
      return;
    }
    this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return; // an interim answer
    this.#status = status;
    this.#headers = joinRepeated(headers);
    const encoding = this.#headers["content-encoding"];
    if (status >= 300 && status < 400) this.#fail("redirect_refused");
    else if (encoding !== undefined && encoding.toLowerCase() !== "identity") this.#fail("encoding_refused");
    else if (Number(this.#headers["content-length"] ?? 0) > this.#maxBodyBytes) this.#fail("body_too_large");
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isSettled) return;
    this.#bodyBytes += chunk.byteLength;
    if (this.#bodyBytes > this.#maxBodyBytes) this.#fail("body_too_large");
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (!this.#settle()) return;
    const [first] = this.#chunks;
    const bytes = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
    this.#resolve({ status: this.#status ?? 0, headers: this.#headers, body: bytes.toString("utf8") });
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    const systemCode = "code" in error && typeof error.code === "string" ? error.code : undefined;
    const isParserError = error.name === "HTTPParserError"; // whose code is often missing
    this.#fail(
      isParserError ? "protocol_error" : codeOf(systemCode, this.#controller !== undefined),
      systemCode,
    );
  }

  #fail(code: TransportErrorCode, systemCode?: string): void {
    if (!this.#settle()) return;
    const requestMayHaveBeenProcessed = this.#controller !== undefined;
    const error = new TransportError(code, {
      requestMayHaveBeenProcessed,
      systemCode,
      httpStatus: this.#status,
    });
    this.#chunks.length = 0;
    this.#reject(error);
    this.#controller?.abort(error); // closes the connection: nothing more is read from it
  }

  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    clearTimeout(this.#timer);
    return true;
  }
}

function joinRepeated(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) joined[name] = typeof value === "string" ? value : value.join(", ");
  }
  return joined;
}

const TLS_CODE =
  /^(?:ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|DEPTH_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_|INVALID_CA|ERROR_IN_CERT)/;

function codeOf(systemCode: string | undefined, isSent: boolean): TransportErrorCode {
  if (systemCode === undefined) return "failed";
  if (systemCode === "UND_ERR_HEADERS_OVERFLOW") return "headers_too_large";
  if (systemCode === "UND_ERR_CLOSED" || systemCode === "UND_ERR_DESTROYED")
    return isSent ? "reset" : "closed";
  if (TLS_CODE.test(systemCode)) return isSent ? "reset" : "tls_failed";
  if (systemCode === "UND_ERR_INVALID_ARG") return "failed";
  return isSent ? "reset" : "connect_failed";
}
