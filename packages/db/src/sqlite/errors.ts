import Database from "better-sqlite3";

import { MOVED_MESSAGE, StoreError } from "../store-error.ts";

/**
 * What a thrown error means for the caller of a store: one of SQLite becomes a `StoreError`, a refused
 * record a RangeError; the rest stays what it is. SQLite's own words travel as the cause only.
 */
export function toStoreError(error: unknown): unknown {
  // A stored text that is no JSON any more. The error quotes it, so it goes no further.
  if (error instanceof SyntaxError) return new StoreError("corrupt", "A stored record is damaged.");
  if (!(error instanceof Database.SqliteError)) return error;
  const code = error.code;
  const options = { cause: error };
  if (isBusyCode(code)) {
    return new StoreError("busy", "The database stayed locked for longer than the busy time.", options);
  }
  if (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB") {
    return new StoreError("corrupt", "The database file is damaged, or is no database.", options);
  }
  // Triggers keep writers out of a database that moves, and the past of the audit as it was.
  if (code === "SQLITE_CONSTRAINT_TRIGGER" && error.message.includes("perennial_moved"))
    return new StoreError("moved", MOVED_MESSAGE, options);
  if (code.startsWith("SQLITE_CONSTRAINT")) {
    const message = "A record was refused: its id is in use, or it belongs to something that does not exist.";
    return new RangeError(message, options);
  }
  if (code === "SQLITE_FULL")
    return new StoreError("unavailable", "The disk of the database is full.", options);
  if (code.startsWith("SQLITE_READONLY")) {
    return new StoreError("unavailable", "The database can be read but not written.", options);
  }
  return new StoreError("unavailable", `The database cannot be read or written (${code}).`, options);
}

/** Whether SQLite gave up only because somebody else held a lock: the same call may work later. */
export function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && isBusyCode(error.code);
}

function isBusyCode(code: string): boolean {
  // SQLITE_PROTOCOL is a lost race for the locks of the write-ahead log.
  return /^SQLITE_(BUSY|LOCKED|PROTOCOL)/.test(code);
}
