import { existsSync } from "node:fs";

import { BackupError } from "../backup/errors.ts";
import { refuseOtherSchema } from "../backup/refuse-other-schema.ts";
import type { Snapshot } from "../backup/snapshot.ts";
import { MOVED_TABLE_NAMES, type MovedTable } from "../move/rows.ts";
import { openDatabase } from "./connection.ts";
import { drizzle } from "./drizzle.ts";
import { toStoreError } from "./errors.ts";
import { refuseDamaged } from "./integrity.ts";
import { MIGRATIONS_FOLDER, readJournal } from "./migrate.ts";
import { prepareMovedTable, type MovedTableStatements } from "./moved-tables.ts";
import { withPatience } from "./patience.ts";

/** Reads a SQLite file as it was at one instant. @throws as `withSnapshot` */
export async function withSqliteSnapshot<Result>(
  file: string,
  busyTimeoutMs: number,
  work: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  if (!existsSync(file)) throw new BackupError("missing", "There is no database file to back up.");
  const sqlite = await openDatabase(file, busyTimeoutMs);
  try {
    await withPatience(() => {
      refuseDamaged(sqlite);
    }, busyTimeoutMs);
    sqlite.exec("BEGIN");
    refuseOtherSchema(MIGRATIONS_FOLDER, readJournal(sqlite)); // the first read: from here on nothing changes
    const db = drizzle(sqlite);
    const tables = Object.fromEntries(
      MOVED_TABLE_NAMES.map((table) => [table, prepareMovedTable(db, table)]),
    ) as Record<MovedTable, MovedTableStatements>;
    return await work({
      engine: "SQLite",
      countRows: async (table) => tables[table].count(),
      readPage: async (table, after, limit) => tables[table].page(after, limit),
    });
  } catch (error) {
    throw toStoreError(error);
  } finally {
    sqlite.close(); // and with it the transaction, which only read
  }
}
