import Database from "better-sqlite3";
import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { StoreError } from "../store-error.ts";
import { toStoreError } from "./errors.ts";
import { fileSystemTypeOf, refuseNetworkFileSystem, type FileSystemTypeOf } from "./network-file-system.ts";
import { BLOCKING_WAIT_MS, withPatience } from "./patience.ts";

const MEMORY = ":memory:";
const SYNCHRONOUS_FULL = 2;
/** The log is copied into the database each 8,000 pages (32 MB): pages that change often are copied once. */
const CHECKPOINT_PAGES = 8_000;
/** What the log has grown to beyond this while somebody read for long is given back to the disk afterwards. */
const LARGEST_IDLE_LOG_BYTES = 64 * 2 ** 20;

/** Where a file may be, and who hears of a place that is doubtful. */
export type Place = { fileSystemTypeOf?: FileSystemTypeOf; onWarning?: (sentence: string) => void };

/**
 * A connection with durable commits and foreign keys, and without a look at the schema.
 *
 * @throws {StoreError} `unavailable` on a file system over the network, too.
 */
export async function openDatabase(
  file: string,
  busyTimeoutMs: number,
  place: Place = {},
): Promise<Database.Database> {
  const path = file === MEMORY ? MEMORY : resolve(file);
  const sqlite = connect(path, Math.min(busyTimeoutMs, BLOCKING_WAIT_MS), place);
  try {
    await withPatience(() => {
      makeDurable(sqlite, path === MEMORY ? "memory" : "wal");
    }, busyTimeoutMs);
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function connect(path: string, blockingWaitMs: number, place: Place): Database.Database {
  try {
    if (path !== MEMORY) createPrivately(path, place);
    return new Database(path, { timeout: blockingWaitMs });
  } catch (error) {
    if (error instanceof StoreError) throw error;
    if (error instanceof Database.SqliteError) throw toStoreError(error);
    throw new StoreError("unavailable", "The database file cannot be opened or made.", { cause: error });
  }
}

/** SQLite gives -wal and -shm the mode of the database, so it is enough to make that one first. */
function createPrivately(path: string, place: Place): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const warning = refuseNetworkFileSystem(
    existsSync(path) ? path : dirname(path), // the file may be a link to elsewhere
    place.fileSystemTypeOf ?? fileSystemTypeOf,
  );
  if (warning !== null) place.onWarning?.(warning);
  closeSync(openSync(path, "a", 0o600));
}

function makeDurable(sqlite: Database.Database, journalMode: "wal" | "memory"): void {
  sqlite.pragma(`journal_mode = ${journalMode}`);
  sqlite.pragma("synchronous = FULL");
  sqlite.pragma("foreign_keys = ON");
  sqlite.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  sqlite.pragma(`journal_size_limit = ${LARGEST_IDLE_LOG_BYTES}`);
  sqlite.pragma("temp_store = MEMORY"); // what undoes a savepoint needs no file
  const isDurable =
    sqlite.pragma("journal_mode", { simple: true }) === journalMode &&
    sqlite.pragma("synchronous", { simple: true }) === SYNCHRONOUS_FULL &&
    sqlite.pragma("foreign_keys", { simple: true }) === 1;
  if (!isDurable)
    throw new StoreError("unavailable", "SQLite refused the settings that make commits durable.");
}
