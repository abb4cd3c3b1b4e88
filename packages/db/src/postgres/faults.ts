import { DatabaseError } from "pg";

import { MOVED_MESSAGE, StoreError } from "../store-error.ts";

/** `unknown`: the connection was lost in between, so the work may have been done or not. */
export type FaultOutcome = "not_sent" | "undone" | "unknown";

/** The server ended the connection, or is about to: shutdown, crash of another, start. */
const SERVER_GONE = /^(57P0[1-4]|08)/;
/** The same work may go well when it is simply tried once more. */
const CONFLICTS = new Set(["40001", "40P01"]);
const TOO_MANY_CONNECTIONS = "53300";
const WAITED_TOO_LONG = new Set(["55P03", "57014", TOO_MANY_CONNECTIONS, ...CONFLICTS]);
const CONNECTS_LATER = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EAI_AGAIN", "ENOENT"]);
/** Raised by the triggers that keep writers out of a database that moves. */
export const MOVED = "PRN01";
const POOL_TIMEOUT = "timeout exceeded when trying to connect";
const NOT_SENT = /not queryable$/;

/**
 * What the driver or the server said, by its code alone: their own words may hold values, statements and
 * addresses, and go no further than here.
 */
export class PostgresFault extends Error {
  override readonly name = "PostgresFault";
  /** SQLSTATE of the server, or the code of a system error; null when there was neither. */
  readonly code: string | null;
  outcome: FaultOutcome;
  /** The connection cannot be used again. */
  readonly isLost: boolean;
  /** Every connection of the pool was in use for too long. */
  readonly isPoolExhausted: boolean;

  constructor(error: unknown, outcome: FaultOutcome) {
    const code = codeOf(error);
    const message = error instanceof Error ? error.message : "";
    const isAnswer = error instanceof DatabaseError && !SERVER_GONE.test(code ?? "");
    const about = error instanceof DatabaseError ? [error.constraint ?? error.table ?? ""] : [];
    super(["Postgres:", code ?? "connection lost", ...about].join(" ").trim());
    this.code = code;
    this.isLost = !isAnswer;
    this.isPoolExhausted = outcome === "not_sent" && message === POOL_TIMEOUT;
    this.outcome = settledOutcome(outcome, isAnswer, message);
  }

  /** Whether a new connection may be had a moment later, or the same work may go well. */
  get mayPass(): boolean {
    if (this.isPoolExhausted) return false; // that was waited for already
    if (!this.isLost) return CONFLICTS.has(this.code ?? "") || this.isRefusedForNow;
    return this.code === null || SERVER_GONE.test(this.code) || CONNECTS_LATER.has(this.code);
  }

  private get isRefusedForNow(): boolean {
    return this.outcome === "not_sent" && this.code === TOO_MANY_CONNECTIONS;
  }
}

function settledOutcome(outcome: FaultOutcome, isAnswer: boolean, message: string): FaultOutcome {
  if (outcome !== "unknown") return outcome;
  if (isAnswer) return "undone"; // an error ends the transaction
  return NOT_SENT.test(message) ? "not_sent" : "unknown";
}

function codeOf(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}

/** What a fault means for the caller of a store; anything else stays what it is. */
export function toStoreError(error: unknown): unknown {
  if (!(error instanceof PostgresFault)) return error;
  const options = { cause: error };
  const code = error.code ?? "";
  if (error.isPoolExhausted) {
    return new StoreError("busy", "Every connection to the database stayed in use for too long.", options);
  }
  if (code === MOVED) return new StoreError("moved", MOVED_MESSAGE, options);
  if (WAITED_TOO_LONG.has(code)) {
    return new StoreError("busy", "The database stayed locked or crowded for too long.", options);
  }
  if (code === "XX001" || code === "XX002") {
    return new StoreError("corrupt", "The database is damaged.", options);
  }
  if (!error.isLost && /^2[23]/.test(code)) {
    const message = "A record was refused: its id is in use, or it belongs to something that does not exist.";
    return new RangeError(message, options);
  }
  if (code === "53100") return new StoreError("unavailable", "The disk of the database is full.", options);
  if (code === "25006") {
    return new StoreError("unavailable", "The database can be read but not written.", options);
  }
  if (error.outcome === "unknown") {
    return new StoreError("unavailable", "The connection was lost; what was asked may be done.", options);
  }
  return new StoreError("unavailable", `The database cannot be reached or used (${error.message}).`, options);
}
