import { runOn as runOnPostgres } from "@perennial/db/testing";
import Database from "better-sqlite3";

const BUSY_MS = 10_000;

/** Runs one statement on a database of either engine, outside of any store; answers its rows. */
export async function runOn<Row extends object>(databaseUrl: string, statement: string): Promise<Row[]> {
  if (!isSqlite(databaseUrl)) return await runOnPostgres<Row>(databaseUrl, statement);
  const database = new Database(databaseUrl.slice("file:".length), { timeout: BUSY_MS });
  try {
    const prepared = database.prepare<[], Row>(statement);
    if (prepared.reader) return prepared.all();
    prepared.run();
    return [];
  } finally {
    database.close();
  }
}

/** An instant, as a statement for this database spells it. */
export function instantIn(databaseUrl: string, at: Date): string {
  return isSqlite(databaseUrl) ? String(at.getTime()) : `'${at.toISOString()}'`;
}

function isSqlite(databaseUrl: string): boolean {
  return databaseUrl.startsWith("file:");
}
