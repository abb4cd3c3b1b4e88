import type { Clock } from "./clock.ts";
import type { Call, EndpointName, Endpoint, FlavourName, Subject } from "./endpoint.ts";
import type { Reply } from "./http/reply.ts";
import { SimulatorError } from "./simulator-error.ts";
import { fingerprint, type TokenRecord } from "./token-record.ts";

/** What became of a request: waiting, granted, refused by a rule, or never processed because of a fault. */
export type Outcome = "pending" | "accepted" | "refused" | "not_processed";

/** What became of the answer: still under way, sent whole, cut off, or never sent. */
export type Delivery = "pending" | "complete" | "cut" | "none";

/** One request as the simulator saw it. Instants are virtual unless they say real; secrets appear hashed only. */
export type LedgerEntry = {
  /** Counts requests in the order they arrived, from 1. */
  sequence: number;
  endpoint: EndpointName;
  flavour: FlavourName;
  method: string;
  /** Key of the person, as far as token or code told. */
  user: string | null;
  arrivedAt: Date;
  /** Real time of arrival in milliseconds. */
  arrivedRealMs: number;
  /** When the request took effect or was refused; null when that never happened. */
  processedAt: Date | null;
  outcome: Outcome;
  /** Why it was refused, like `190/463` or `code_used`. */
  refusal: string | null;
  /** HTTP status of the answer; null when none was made. */
  status: number | null;
  delivery: Delivery;
  /** Bytes of the answer's body handed to the socket. */
  bytesSent: number;
  /** Generation of the presented token at arrival, and SHA-256 of its value in hex. */
  tokenGeneration: number | null;
  tokenHash: string | null;
  /** The same for the token that was handed out. */
  issuedGeneration: number | null;
  issuedTokenHash: string | null;
  /** SHA-256 of the presented authorization code in hex. */
  codeHash: string | null;
  /** Id and action of the fault rule that was applied, like `f1:reset`. */
  fault: string | null;
};

/** A request while it is under way; mutable, and cheap to make. */
export type LedgerRecord = {
  readonly sequence: number;
  readonly endpoint: EndpointName;
  readonly flavour: FlavourName;
  readonly method: string;
  user: string | null;
  readonly arrivedAtMs: number;
  readonly arrivedRealMs: number;
  processedAtMs: number | null;
  outcome: Outcome;
  refusal: string | null;
  status: number | null;
  delivery: Delivery;
  bytesSent: number;
  readonly tokenGeneration: number | null;
  readonly presentedToken: string | null;
  readonly presentedCode: string | null;
  issuedGeneration: number | null;
  issued: TokenRecord | null;
  fault: string | null;
};

export type Ledger = {
  arrive(endpoint: Endpoint, call: Call, subject: Subject): LedgerRecord;
  processed(record: LedgerRecord, reply: Reply): void;
  /** Entries in order of arrival, from a sequence on. */
  entries(after?: number, limit?: number): LedgerEntry[];
  /** Requests seen since the start or the last reset, including those no longer kept. */
  total(): number;
  reset(): void;
};

export function createLedger(clock: Clock, realNow: () => number, limit = Number.POSITIVE_INFINITY): Ledger {
  if (!(limit >= 1)) throw new SimulatorError("invalid_input", "A ledger keeps at least one entry.");
  let records: LedgerRecord[] = []; // a ring once the limit is reached
  let oldest = 0;
  let sequence = 0;
  let total = 0;

  return {
    arrive(endpoint, call, subject) {
      const record: LedgerRecord = {
        sequence: ++sequence,
        endpoint: endpoint.at,
        flavour: endpoint.flavour,
        method: call.method,
        user: subject.user?.key ?? null,
        arrivedAtMs: clock.nowMs(),
        arrivedRealMs: realNow(),
        processedAtMs: null,
        outcome: "pending",
        refusal: null,
        status: null,
        delivery: "pending",
        bytesSent: 0,
        tokenGeneration: subject.token?.generation ?? null,
        // the text kept for the token itself: the presented one would keep all of its query in memory
        presentedToken: subject.token?.value ?? subject.presentedToken ?? null,
        presentedCode: subject.code?.value ?? subject.presentedCode ?? null,
        issuedGeneration: null,
        issued: null,
        fault: null,
      };
      total++;
      if (records.length < limit) records.push(record);
      else {
        records[oldest] = record;
        oldest = (oldest + 1) % limit;
      }
      return record;
    },
    processed(record, reply) {
      record.processedAtMs = clock.nowMs();
      record.outcome = reply.refusal === undefined ? "accepted" : "refused";
      record.refusal = reply.refusal ?? null;
      record.issued = reply.issued ?? null;
      record.issuedGeneration = reply.issued?.generation ?? null;
    },
    entries(after = 0, most = Number.POSITIVE_INFINITY) {
      const kept = oldest === 0 ? records : [...records.slice(oldest), ...records.slice(0, oldest)];
      const wanted = after === 0 ? kept : kept.filter((record) => record.sequence > after);
      return (wanted.length > most ? wanted.slice(0, most) : wanted).map(describe);
    },
    total: () => total,
    reset() {
      records = [];
      oldest = 0;
      total = 0; // sequence goes on, so that entries of two readings cannot be confused
    },
  };
}

function describe(record: LedgerRecord): LedgerEntry {
  const { arrivedAtMs, processedAtMs, presentedToken, presentedCode, issued, ...rest } = record;
  return {
    ...rest,
    arrivedAt: new Date(arrivedAtMs),
    processedAt: processedAtMs === null ? null : new Date(processedAtMs),
    tokenHash: presentedToken === null ? null : fingerprint(presentedToken),
    issuedTokenHash: issued === null ? null : fingerprint(issued.value),
    codeHash: presentedCode === null ? null : fingerprint(presentedCode),
  };
}
