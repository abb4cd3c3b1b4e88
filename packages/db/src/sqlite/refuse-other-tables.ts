import type Database from "better-sqlite3";

import { is } from "../drizzle.ts";
import { StoreError } from "../store-error.ts";
import { getTableConfig, SQLiteTable } from "./drizzle.ts";
import * as schema from "./schema.ts";

/**
 * Refuses a migrated database that misses a table or a column of this version.
 *
 * @throws {StoreError} `corrupt`
 */
export function refuseOtherTables(sqlite: Database.Database): void {
  const columnsOf = sqlite.prepare<[string], string>("SELECT name FROM pragma_table_info(?)").pluck();
  for (const table of Object.values(schema)) {
    if (!is(table, SQLiteTable)) continue;
    const { name, columns } = getTableConfig(table);
    const present = new Set(columnsOf.all(name));
    if (columns.some((column) => !present.has(column.name)))
      throw new StoreError("corrupt", "The tables of the database are not those of this version.");
  }
}
