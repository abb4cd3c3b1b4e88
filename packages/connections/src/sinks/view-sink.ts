import type { ConnectionRecord, SinkDelivery, SinkKind, SinkRecord } from "@perennial/db";

import { problemOf, type Problem } from "../views.ts";

/**
 * How a sink is doing. `waiting`: the present token is on its way, for the first time or again. `failing`: the last
 * attempt did not go well, whether or not another one is made.
 */
export type SinkState = "delivered" | "waiting" | "failing";

/** A place where a connection's token is read, as its owner sees it. Holds no secret. */
export type SinkView = {
  id: string;
  connectionId: string;
  kind: SinkKind;
  name: string;
  /** Where it is, without what is secret of it. */
  target: string;
  state: SinkState;
  /** Whether it holds the token that the connection holds. */
  isCurrent: boolean;
  deliveredAt: Date | null;
  /** Issue time of the token that it holds. */
  deliveredTokenIssuedAt: Date | null;
  /** When it is tried next, by people's clocks; null when nothing waits. */
  nextDeliveryAt: Date | null;
  failedAttempts: number;
  problem: Problem | null;
  createdAt: Date;
};

/** One attempt to deliver a token. */
export type SinkReceiptView = {
  id: string;
  startedAt: Date;
  durationMs: number;
  /** Issue time of the token that was delivered; null when there was none. */
  tokenIssuedAt: Date | null;
  httpStatus: number | null;
  /** What stood in the way; null when it went well. */
  problem: Problem | null;
};

/** Describes a sink of a connection. */
export function viewSink(
  sink: SinkRecord,
  { tokenIssuedAt }: Pick<ConnectionRecord, "tokenIssuedAt">,
): SinkView {
  const { id, connectionId, kind, name, target, deliveredAt, deliveredTokenIssuedAt, createdAt } = sink;
  const { nextDeliveryAt, failedAttempts, lastErrorCode } = sink;
  const isSame = tokenIssuedAt !== null && tokenIssuedAt.getTime() === deliveredTokenIssuedAt?.getTime();
  return {
    id,
    connectionId,
    kind,
    name,
    target,
    state: stateOf(sink),
    isCurrent: isSame && nextDeliveryAt === null,
    deliveredAt,
    deliveredTokenIssuedAt,
    nextDeliveryAt,
    failedAttempts,
    problem: problemOf(lastErrorCode, null),
    createdAt,
  };
}

function stateOf({ lastErrorCode, nextDeliveryAt, deliveredAt }: SinkRecord): SinkState {
  if (lastErrorCode !== null) return "failing";
  return nextDeliveryAt === null && deliveredAt !== null ? "delivered" : "waiting";
}

/** Describes a receipt. */
export function viewReceipt(delivery: SinkDelivery): SinkReceiptView {
  const { id, startedAt, durationMs, tokenIssuedAt, httpStatus, errorCode } = delivery;
  return { id, startedAt, durationMs, tokenIssuedAt, httpStatus, problem: problemOf(errorCode, startedAt) };
}
