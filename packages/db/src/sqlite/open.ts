import type { Store } from "../store.ts";
import { openDatabase, type Place } from "./connection.ts";
import { noDamage } from "./damage.ts";
import { toStoreError } from "./errors.ts";
import { refuseDamaged } from "./integrity.ts";
import { migrate } from "./migrate.ts";
import { withPatience } from "./patience.ts";
import { refuseOtherTables } from "./refuse-other-tables.ts";
import { createSqliteStore } from "./store.ts";
import { withWriterThread } from "./threaded-store.ts";

const DEFAULT_BUSY_TIMEOUT_MS = 5_000;

/** How to open a SQLite store. */
export type SqliteStoreOptions = Place & {
  /** A path, or `:memory:` for a database that is gone when it is closed. */
  file: string;
  /** The clock leases go by, in milliseconds since 1970. It has to be the same for all on one database. */
  leaseNow?: () => number;
  /** How long a call waits for the locks of other processes before it fails as `busy`. */
  busyTimeoutMs?: number;
  /**
   * Writes on a thread of its own, started by the first write: for servers, which have other things to do while
   * the disk syncs. Not with `:memory:`.
   */
  writesOnThread?: boolean;
};

/**
 * Opens a SQLite database, makes it if there is none, and migrates it. A new file is readable by its owner
 * only, and so is a new directory. Commits reach the disk before they are acknowledged: write-ahead log with
 * `synchronous=FULL`. Before anything is written the file is checked for damage.
 *
 * @throws {StoreError} `schema_newer` when a newer version has migrated it, `corrupt` when it is damaged or no
 *   database, `unavailable` on a file system over the network, `busy` and `unavailable` as the store itself.
 * @throws {RangeError} for a thread where there can be none.
 * @see https://sqlite.org/pragma.html#pragma_synchronous
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const {
    file,
    leaseNow = Date.now,
    busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS,
    writesOnThread = false,
  } = options;
  if (writesOnThread && file === ":memory:") {
    throw new RangeError("A database in memory belongs to one thread: writes cannot have their own.");
  }
  const sqlite = await openDatabase(file, busyTimeoutMs, options);
  const damage = noDamage();
  try {
    await withPatience(() => {
      refuseDamaged(sqlite);
    }, busyTimeoutMs);
    await migrate(sqlite, busyTimeoutMs);
    await withPatience(() => {
      refuseOtherTables(sqlite);
    }, busyTimeoutMs);
    const store = createSqliteStore(sqlite, { leaseNow, busyTimeoutMs, damage });
    return writesOnThread ? withWriterThread(store, { file, busyTimeoutMs, damage }, leaseNow) : store;
  } catch (error) {
    sqlite.close();
    throw toStoreError(error);
  }
}
