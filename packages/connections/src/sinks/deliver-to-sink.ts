import {
  StoreError,
  type LeasedSink,
  type RecordSinkDeliveryInput,
  type SinkDelivery,
  type SinkRecord,
} from "@perennial/db";

import type { ConnectionsDeps } from "../deps.ts";
import { ConnectionError, type ConnectionErrorCode } from "../errors.ts";
import { tokenAsItIs, type TokenAsItIs } from "../hand-out.ts";
import { newId } from "../ids.ts";
import { openSink } from "./sealed-settings.ts";
import type { SinkMessage, SinkOutcome, SinkWriter } from "./sink-writer.ts";

/** How long one delivery may take. */
export const DELIVERY_LIMIT_MS = 10_000;
/** Longer than that, with time to read the token before and to write the receipt after. */
export const SINK_LEASE_MS = 15_000;

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 3_600_000;

/**
 * One attempt under a lease: the settings are opened, then the token as it is now, and it is written and the receipt
 * kept. Since the token is read after the lease was taken, it is the lease's or a newer one.
 *
 * @throws what the store throws: the lease lapses, and the sink is delivered to again.
 */
export async function deliverToSink(
  deps: ConnectionsDeps,
  { lease, sink }: LeasedSink,
  options: { signal: AbortSignal; isTest?: boolean },
): Promise<SinkDelivery> {
  const { writer } = sinkWriterOf(deps);
  const startedAt = deps.wallNow();
  const startedAtMs = performance.now();
  const id = newId("dlv");
  const messageId = options.isTest === true ? id : `${sink.id}.${lease.generation}`;
  let tokenIssuedAt: Date | null = null;
  let outcome: SinkOutcome & { isDead?: boolean };
  try {
    const opened = openSink(deps, sink);
    const token = await tokenAsItIs(deps, sink.connectionId);
    if (token.kind === "dead") outcome = { httpStatus: null, errorCode: token.code, isDead: true };
    else {
      tokenIssuedAt = token.record.tokenIssuedAt;
      const delivering = { sink: opened, messageId, sentAt: startedAt, ...messageOf(deps, token) };
      outcome = await within(options.signal, (signal) => writer.write({ ...delivering, signal }));
    }
  } catch (error) {
    outcome = { httpStatus: null, errorCode: codeOf(deps, sink.id, error) };
  }
  const { httpStatus, errorCode, isDead = false } = outcome;
  const delivery: SinkDelivery = {
    id,
    sinkId: sink.id,
    startedAt,
    durationMs: Math.round(performance.now() - startedAtMs),
    tokenIssuedAt,
    httpStatus,
    errorCode,
  };
  // Without a token that works there is nothing to deliver; the next one makes the sink due again by itself.
  const next = isDead ? ({ kind: "stopped" } as const) : nextOf(deps, errorCode, sink.failedAttempts);
  await deps.store.recordSinkDelivery({ lease, delivery, outcome: next });
  tell(deps, sink, { durationMs: delivery.durationMs, httpStatus, errorCode }, next);
  return delivery;
}

/** What sinks stand on. @throws where the process has no means of its own to reach them */
export function sinkWriterOf({ sinkWriter }: Pick<ConnectionsDeps, "sinkWriter">): { writer: SinkWriter } {
  if (sinkWriter === null) throw new Error("This process delivers to no sinks.");
  return { writer: sinkWriter };
}

function messageOf(
  deps: ConnectionsDeps,
  { record, accessToken, life }: TokenAsItIs,
): { message: SinkMessage; livesForMs: number } {
  const message: SinkMessage = {
    connection_id: record.id,
    account_id: record.accountId,
    username: record.username,
    flavour: record.flavour,
    access_token: accessToken,
    issued_at: life.issuedAt.toISOString(),
    expires_at: life.expiresAt.toISOString(),
    scopes: record.permissions,
  };
  return { message, livesForMs: life.expiresAt.getTime() - deps.now().getTime() };
}

/** A writer that does not heed its signal is left behind: nothing waits for it. */
async function within(
  outer: AbortSignal,
  write: (signal: AbortSignal) => Promise<SinkOutcome>,
): Promise<SinkOutcome> {
  const limit = AbortSignal.timeout(DELIVERY_LIMIT_MS);
  const signal = AbortSignal.any([outer, limit]);
  const { promise: aborted, resolve } = Promise.withResolvers<SinkOutcome>();
  const giveUp = (): void =>
    resolve({ httpStatus: null, errorCode: limit.aborted ? "sink_timed_out" : "sink_interrupted" });
  if (signal.aborted) giveUp();
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    // The writer's own answer first, if it has one by then: it knows more.
    return signal.aborted ? await aborted : await Promise.race([write(signal), aborted]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

function codeOf(deps: ConnectionsDeps, sinkId: string, error: unknown): ConnectionErrorCode {
  if (error instanceof ConnectionError) return error.code;
  if (error instanceof StoreError) throw error; // nothing could be written down either
  deps.onEvent({ event: "sink.crashed", sinkId, error });
  return "unknown";
}

/** Exponential, with jitter, and an hour at most: for as long as the token lives. */
function nextOf(
  deps: ConnectionsDeps,
  errorCode: ConnectionErrorCode | null,
  failedAttempts: number,
): RecordSinkDeliveryInput["outcome"] {
  if (errorCode === null) return { kind: "delivered" };
  if (errorCode === "sink_interrupted") return { kind: "again", waitMs: 0 };
  const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failedAttempts, 20));
  return { kind: "again", waitMs: Math.round(waitMs * (0.8 + 0.4 * deps.random())) };
}

function tell(
  deps: ConnectionsDeps,
  sink: SinkRecord,
  { durationMs, httpStatus, errorCode }: SinkOutcome & { durationMs: number },
  next: RecordSinkDeliveryInput["outcome"],
): void {
  const about = { sinkId: sink.id, connectionId: sink.connectionId, kind: sink.kind, durationMs };
  if (errorCode === null) deps.onEvent({ event: "sink.delivered", ...about });
  else {
    const againInMs = next.kind === "again" ? next.waitMs : null;
    deps.onEvent({ event: "sink.failed", ...about, httpStatus, errorCode, againInMs });
  }
}
