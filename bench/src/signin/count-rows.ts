import Database from "better-sqlite3";

/** How many rows a table holds, read beside whoever writes it. */
export function countRows(file: string, tableName: "connections" | "users"): number {
  const database = new Database(file, { readonly: true });
  try {
    return Number(database.prepare(`SELECT count(*) FROM ${tableName}`).pluck().get());
  } finally {
    database.close();
  }
}
