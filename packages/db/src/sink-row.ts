import type { LeasedSink, NewSink, RecordSinkDeliveryInput, SinkRecord } from "./store/sinks.ts";

/** Nothing has been delivered there, nothing has failed, and nobody is at it. */
export const UNDELIVERED = {
  leaseOwner: null,
  leaseUntil: null,
  failedAttempts: 0,
  lastErrorCode: null,
  deliveredAt: null,
  deliveredTokenIssuedAt: null,
} as const;

/** A sink as it is written first: waiting since `dueAt`, and leased by nobody. */
export function sinkRow(sink: NewSink, dueAt: Date): SinkRecord & { leaseOwner: null; leaseUntil: null } {
  return {
    ...sink,
    updatedAt: sink.createdAt,
    generation: 1,
    nextDeliveryAt: dueAt,
    ...UNDELIVERED,
  };
}

/** A sink as its claimant gets it. */
export function leasedSink(sink: SinkRecord, owner: string): LeasedSink {
  return { lease: { sinkId: sink.id, owner, generation: sink.generation }, sink };
}

/** Who has waited for longest comes first. */
export function byTurn(left: SinkRecord, right: SinkRecord): number {
  const earlierMs = (left.nextDeliveryAt?.getTime() ?? 0) - (right.nextDeliveryAt?.getTime() ?? 0);
  return earlierMs === 0 ? Number(left.id > right.id) - Number(left.id < right.id) : earlierMs;
}

/** What an attempt makes of its sink, as the statements of both engines ask for it. */
export function sinkOutcome({ lease, delivery, outcome }: RecordSinkDeliveryInput) {
  const { startedAt, durationMs, tokenIssuedAt, errorCode } = delivery;
  const isDelivered = outcome.kind === "delivered";
  return {
    id: lease.sinkId,
    leaseOwner: lease.owner,
    generation: lease.generation,
    lastErrorCode: errorCode,
    deliveredAt: isDelivered ? new Date(startedAt.getTime() + durationMs) : null,
    deliveredTokenIssuedAt: isDelivered ? tokenIssuedAt : null,
    waitMs: outcome.kind === "again" ? outcome.waitMs : null,
  };
}
