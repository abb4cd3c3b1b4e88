import type { AuditEvent } from "./audit-events.ts";

/** The kinds of places a token can be delivered to. */
export type SinkKind = "env_file" | "json_file" | "redis" | "upstash" | "command" | "webhook";

/** A place where a connection's token is read, as it is set up. */
export type NewSink = {
  id: string;
  connectionId: string;
  kind: SinkKind;
  name: string;
  /** Where it is, as it may be shown: no secret. */
  target: string;
  sealedSettings: string;
  /** By people's clocks. */
  createdAt: Date;
};

/** The same, with how far its delivery is. */
export type SinkRecord = NewSink & {
  updatedAt: Date;
  /** Counts the tokens it should have been given. */
  generation: number;
  /** When its token is delivered next, by the clock that leases go by; null unless it waits. */
  nextDeliveryAt: Date | null;
  /** Attempts since the last one that went well. */
  failedAttempts: number;
  /** What the last attempt failed with; null when it went well, or there was none. */
  lastErrorCode: string | null;
  deliveredAt: Date | null;
  /** Issue time of the token it holds; null while it holds none, or may hold an older one elsewhere. */
  deliveredTokenIssuedAt: Date | null;
};

/** A time-bound right to deliver to one sink, and which of its tokens it is about. */
export type SinkLease = { sinkId: string; owner: string; generation: number };

/** A sink with the lease that was just taken on it. */
export type LeasedSink = { lease: SinkLease; sink: SinkRecord };

/** The receipt of one attempt to deliver a token. */
export type SinkDelivery = {
  id: string;
  sinkId: string;
  startedAt: Date;
  durationMs: number;
  /** Which token it was; null when there was none to deliver. */
  tokenIssuedAt: Date | null;
  /** Null where nothing was asked over HTTP, or no answer came. */
  httpStatus: number | null;
  /** Why it counts as failed, as a code; null when it went well. */
  errorCode: string | null;
};

/** Sinks in numbers, for metrics. */
export type SinkStats = {
  sinks: number;
  /** Have yet to be given the present token, for the first time or again. */
  waiting: number;
  /** The last attempt failed. */
  failing: number;
};

/** Writes a new sink, unless its connection has as many as it may have. */
export type CreateSinkInput = { sink: NewSink; most: number };

/** `too_many`: the connection has as many as it may have. `missing`: there is no such connection. */
export type CreateSinkResult = "created" | "too_many" | "missing";

/** Sets a sink up anew, in place: whatever it held counts no more, and the present token is due there. */
export type UpdateSinkInput = Omit<NewSink, "createdAt"> & { updatedAt: Date };

/** `busy`: somebody is delivering to it now. */
export type ClaimSinkResult = ({ kind: "leased" } & LeasedSink) | { kind: "busy" } | { kind: "missing" };

/**
 * Writes down an attempt to deliver. `again`: it is tried so long from now. `stopped`: there is nothing to deliver
 * before the next token.
 */
export type RecordSinkDeliveryInput = {
  lease: SinkLease;
  delivery: SinkDelivery;
  outcome: { kind: "delivered" } | { kind: "again"; waitMs: number } | { kind: "stopped" };
};

/** Where tokens are read, and how they get there. */
export type SinkStore = {
  /** Writes a new sink, which waits for its connection's token at once, and the event that says so. */
  createSink(input: CreateSinkInput, audit?: AuditEvent): Promise<CreateSinkResult>;
  /**
   * Sets up a sink anew; what is under way to it counts no more. False when the connection has no such sink, and
   * nothing was written.
   */
  updateSink(input: UpdateSinkInput, audit?: AuditEvent): Promise<boolean>;
  /** Forgets a sink and its receipts. False when the connection has no such sink, and nothing was written. */
  deleteSink(input: { id: string; connectionId: string }, audit?: AuditEvent): Promise<boolean>;
  /** One sink, whoever's it is. */
  findSink(id: string): Promise<SinkRecord | null>;
  /** The sinks of a connection, oldest first. */
  listSinks(connectionId: string): Promise<SinkRecord[]>;
  /** Whether a sink waits that nobody is delivering to: cheap enough to poll. */
  hasWaitingSinks(): Promise<boolean>;
  /** Leases sinks that wait, in the order in which they fell due. */
  claimSinks(input: { owner: string; leaseMs: number; limit: number }): Promise<LeasedSink[]>;
  /** Leases one sink, whether it waits or not. */
  claimSink(input: { id: string; owner: string; leaseMs: number }): Promise<ClaimSinkResult>;
  /**
   * Writes down an attempt and gives the lease back. A sink that was given a newer token meanwhile waits on. Who has
   * lost the lease may have overwritten a newer token with an older one: then the sink is due again at once.
   * The receipt is kept in any case, and the same one once; nothing is written for a sink that is gone.
   */
  recordSinkDelivery(input: RecordSinkDeliveryInput): Promise<void>;
  /** The receipts of a sink, newest first. */
  listSinkDeliveries(input: { sinkId: string; limit: number }): Promise<SinkDelivery[]>;
  /** All sinks in numbers. */
  sinkStats(): Promise<SinkStats>;
};
