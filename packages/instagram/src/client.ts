import { createHmac } from "node:crypto";

import { compareClocks } from "./clock-skew.ts";
import { errorOfAnswer, errorOfTransport, traceIdOf } from "./classify.ts";
import type { InstagramOperation } from "./error-codes.ts";
import type { TextRule } from "./error-rules.ts";
import type { InstagramError } from "./errors.ts";
import { REFRESHABLE_AFTER_MS } from "./token-life.ts";
import type { Transport, TransportRequest, TransportResponse } from "./transport.ts";
import { TransportError } from "./transport-error.ts";
import { parseUsageHeaders, type UsageReport } from "./usage.ts";
import {
  EMPTY_ENVELOPE,
  parseJsonObject,
  readErrorEnvelope,
  type ErrorEnvelope,
  type JsonObject,
} from "./wire.ts";

/**
 * The app registered at Meta. For Instagram Login the Instagram app's id and secret, for Facebook Login the
 * Meta app's.
 */
export type InstagramApp = { clientId: string; clientSecret: string };

/** Where Instagram is: scheme, host and port, without a path. */
export type InstagramOrigins = {
  /** The sign-in page; default https://www.instagram.com */
  authorize: string;
  /** The code exchange; default https://api.instagram.com */
  api: string;
  /** Everything else; default https://graph.instagram.com */
  graph: string;
};

/** Where Facebook is: scheme, host and port, without a path. */
export type FacebookOrigins = {
  /** The sign-in dialog; default https://www.facebook.com */
  dialog: string;
  /** Everything else; default https://graph.facebook.com */
  graph: string;
};

/** One upstream call that ended, well or not. Holds no query, body, token or upstream text. */
export type InstagramCall = {
  operation: InstagramOperation;
  origin: string;
  path: string;
  startedAt: Date;
  durationMs: number;
  httpStatus?: number;
  /** How it failed, in Meta's numbers and in ours. */
  error?: Pick<InstagramError, "code" | "reason" | "metaCode" | "metaSubcode" | "traceId">;
  /** What the answer's headers tell beside. Costs more than all the rest of this: for those who look. */
  readHeaders: () => { usage?: UsageReport; traceId?: string };
};

/** What every call needs, whichever login it is for. */
export type GraphClient = {
  app: InstagramApp;
  origins: { graph: string };
  /** The path of data calls begins with it: `/v26.0`. */
  versionPath: string;
  transport: Transport;
  now: () => Date;
  onCall: ((call: InstagramCall) => void) | undefined;
  onClockSkew: ((skewMs: number) => void) | undefined;
  textRules: readonly TextRule[];
  /** Every call with an access token proves that it comes from who holds the app's secret. */
  provesSecret: boolean;
};

/** What the calls of Instagram Login need. */
export type InstagramClient = GraphClient & { origins: InstagramOrigins };

/** What the calls of Facebook Login need. */
export type FacebookClient = GraphClient & {
  origins: FacebookOrigins;
  /** The configuration of Facebook Login for Business that takes the place of scopes. */
  configId: string | undefined;
};

/** One call: what is sent, and how the answer is read. */
export type WireCall<T> = {
  operation: InstagramOperation;
  origin: string;
  path: string;
  /** Encoded; secrets go here. */
  query?: string;
  /** Encoded form fields; makes the call a POST. */
  form?: string;
  /** Default: POST for a form, else GET. */
  method?: "DELETE";
  /** What is sent is the app's own and no person's, so that a refusal of it is about our id and secret. */
  isSignedByApp?: boolean;
  /** A refusal that stands inside the answer asked for, or null. */
  readRefusal?: (answer: JsonObject) => ErrorEnvelope | null;
  /** Older versions answer some calls with a bare `true`: it is read as `{"success":true}`. */
  acceptsBareTrue?: boolean;
  /** When the token that is sent was issued, if that is known. */
  tokenIssuedAt?: Date | undefined;
  /** Null when the answer lacks what it must hold. `sentAt` is before the request was sent, by the server's clock if ours is wrong. */
  read: (answer: JsonObject, sentAt: Date, text: string) => T | null;
};

const FORM_HEADERS = { "content-type": "application/x-www-form-urlencoded" };

type Outcome<T> = { response: TransportResponse | null } & ({ value: T } | { error: InstagramError });

/**
 * Makes one call, once, and tells `onCall` how it ended.
 *
 * @throws {InstagramError} for everything but the answer asked for.
 */
export async function callGraph<T>(client: GraphClient, call: WireCall<T>): Promise<T> {
  const sentAt = client.now(); // before the request is sent, so that every expiry counted from it errs early
  const sentMs = performance.now();
  const outcome = await send(client, call, sentAt, sentMs);
  if (client.onCall !== undefined) report(client.onCall, call, outcome, sentAt, sentMs);
  if ("error" in outcome) throw outcome.error;
  return outcome.value;
}

async function send<T>(
  client: GraphClient,
  call: WireCall<T>,
  sentAt: Date,
  sentMs: number,
): Promise<Outcome<T>> {
  const response = await transportCall(client.transport, call);
  if (response instanceof TransportError) {
    return { error: errorOfTransport(call.operation, response), response: null };
  }
  const { status, headers, body: text } = response;
  const times = { sentAt, receivedAt: client.now(), elapsedMs: performance.now() - sentMs };
  const { asOf, skewMs } = compareClocks(headers, times);
  if (skewMs !== 0 && client.onClockSkew !== undefined) tell("onClockSkew", client.onClockSkew, skewMs);
  const answer = status >= 300 && status < 400 ? null : parseJsonObject(objectText(call, text));
  const fault = answer === null ? null : readErrorEnvelope(answer);
  const envelope = fault ?? (answer === null ? null : (call.readRefusal?.(answer) ?? null));
  const isSuccess = status >= 200 && status < 300;
  if (answer !== null && envelope === null && isSuccess) {
    const value = call.read(answer, asOf, text);
    if (value !== null) return { value, response };
  }
  const unexplained = isSuccess ? "incomplete" : EMPTY_ENVELOPE;
  const error = errorOfAnswer({
    operation: call.operation,
    status,
    headers,
    body: answer === null ? "unreadable" : (envelope ?? unexplained),
    sent: sentTextOf(call),
    textRules: client.textRules,
    now: asOf,
    isAboutOurApp: fault !== null && call.isSignedByApp === true,
    tooYoungForMs: tooYoungForMs(call.tokenIssuedAt, asOf),
  });
  return { error, response };
}

function objectText<T>(call: WireCall<T>, text: string): string {
  return call.acceptsBareTrue === true && text.trim() === "true" ? '{"success":true}' : text;
}

async function transportCall<T>(
  transport: Transport,
  call: WireCall<T>,
): Promise<TransportResponse | TransportError> {
  const { origin, path, query, form, method = "GET" } = call;
  const url = query === undefined ? origin + path : `${origin}${path}?${query}`;
  const request: TransportRequest =
    form === undefined ? { method, url } : { method: "POST", url, headers: FORM_HEADERS, body: form };
  try {
    return await transport(request);
  } catch (error) {
    if (error instanceof TransportError) return error;
    // a foreign transport's error may hold the URL, so nothing but the fact of it is kept
    return new TransportError("failed", { requestMayHaveBeenProcessed: true });
  }
}

function report<T>(
  onCall: (call: InstagramCall) => void,
  call: WireCall<T>,
  outcome: Outcome<T>,
  startedAt: Date,
  startedMs: number,
): void {
  const durationMs = performance.now() - startedMs;
  const { operation, origin, path } = call;
  const { response } = outcome;
  const error = "error" in outcome ? outcome.error : undefined;
  const httpStatus = error === undefined ? response?.status : error.httpStatus;
  tell("onCall", onCall, {
    operation,
    origin,
    path,
    startedAt,
    durationMs,
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(error === undefined ? {} : { error }),
    readHeaders: () => headersOf(call, response),
  });
}

function headersOf<T>(
  call: WireCall<T>,
  response: TransportResponse | null,
): { usage?: UsageReport; traceId?: string } {
  if (response === null) return {};
  const usage = parseUsageHeaders(response.headers);
  const traceId = traceIdOf(response.headers, undefined, sentTextOf(call));
  return { ...(usage === undefined ? {} : { usage }), ...(traceId === undefined ? {} : { traceId }) };
}

/** An observer that fails must not cost the token that has just been issued. */
function tell<T>(name: string, observer: (news: T) => void, news: T): void {
  try {
    observer(news);
  } catch (error) {
    const what = error instanceof Error ? error.name : typeof error;
    process.emitWarning(`${name} failed: ${what}`, "InstagramWarning");
  }
}

/** What was sent, for telling whether an answer repeats part of it. */
function sentTextOf<T>({ query, form }: WireCall<T>): string {
  return `${query ?? ""} ${form ?? ""}`;
}

function tooYoungForMs(tokenIssuedAt: Date | undefined, sentAt: Date): number {
  if (tokenIssuedAt === undefined) return 0;
  return Math.max(0, tokenIssuedAt.getTime() + REFRESHABLE_AFTER_MS - sentAt.getTime());
}

/** One `name=value` of a query or a form, encoded once. */
export function field(name: string, value: string): string {
  return `${name}=${encodeURIComponent(value.toWellFormed())}`;
}

/**
 * A token that is worth sending: an empty one gets a misleading "Unsupported request". With it the proof of the
 * app's secret, where the login gives one: the secret's HMAC of the token, which no thief of the token has.
 *
 * @see https://developers.facebook.com/docs/graph-api/guides/secure-requests
 */
export function tokenFields(client: GraphClient, token: { value: string }): string {
  if (token.value.trim() === "") throw new TypeError("The token is empty.");
  const accessToken = field("access_token", token.value);
  if (!client.provesSecret) return accessToken;
  const proof = createHmac("sha256", client.app.clientSecret).update(token.value).digest("hex");
  return `${accessToken}&appsecret_proof=${proof}`;
}
