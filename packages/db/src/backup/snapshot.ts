import { parseAddress } from "../address.ts";
import type { MovedKey, MovedRow, MovedTable } from "../move/rows.ts";

/** A database as it was at one instant, whatever others write meanwhile. */
export type Snapshot = {
  readonly engine: "SQLite" | "Postgres";
  countRows(table: MovedTable): Promise<number>;
  /** Rows after a key, in the order of keys. */
  readPage(table: MovedTable, after: MovedKey | null, limit: number): Promise<MovedRow[]>;
};

const BUSY_TIMEOUT_MS = 5_000;

/**
 * Reads from a database as it was at one instant. Nobody who writes is held up, and nothing is changed: not even
 * migrated.
 *
 * @throws {RangeError} on an address that this version does not support, or of a database in memory.
 * @throws {BackupError} `missing` where there is no file, `older_source` when it lacks migrations of this version.
 * @throws {StoreError} as `openStore`.
 */
export async function withSnapshot<Result>(
  databaseUrl: string,
  baseDirectory: string,
  work: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  const address = parseAddress(databaseUrl, baseDirectory);
  if (address.engine === "postgres") {
    const { withPostgresSnapshot } = await import("../postgres/snapshot.ts");
    return await withPostgresSnapshot(address.url, BUSY_TIMEOUT_MS, work);
  }
  if (address.file === ":memory:") throw new RangeError("A database in memory cannot be backed up.");
  const { withSqliteSnapshot } = await import("../sqlite/snapshot.ts");
  return await withSqliteSnapshot(address.file, BUSY_TIMEOUT_MS, work);
}
