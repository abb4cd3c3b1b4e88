import type Database from "better-sqlite3";
import { fileURLToPath } from "node:url";

import { pendingMigrations } from "../pending-migrations.ts";
import { StoreError } from "../store-error.ts";
import { withoutGuard } from "./guard.ts";
import { withPatience } from "./patience.ts";

/** The migrations of this version. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL("./migrations", import.meta.url));

/** What drizzle's own migrator keeps, so that its tools understand the database too. */
const CREATE_JOURNAL = `CREATE TABLE IF NOT EXISTS __drizzle_migrations (
  id INTEGER PRIMARY KEY, hash TEXT NOT NULL, created_at INTEGER NOT NULL
)`;
const READ_JOURNAL = "SELECT created_at FROM __drizzle_migrations";

/**
 * Brings a database to the schema of this version. The write lock is taken before anything is looked at,
 * so processes that start together migrate it once; all of it is one transaction.
 *
 * @throws {StoreError} `schema_newer` when a newer version has migrated the database already.
 */
export async function migrate(
  sqlite: Database.Database,
  busyTimeoutMs: number,
  migrationsFolder = MIGRATIONS_FOLDER,
): Promise<void> {
  // Rebuilding a table needs the keys off, and inside a transaction they cannot be switched.
  sqlite.pragma("foreign_keys = OFF");
  const applyPending = sqlite.transaction(() => {
    applyMigrations(sqlite, migrationsFolder);
  });
  await withPatience(() => applyPending.immediate(), busyTimeoutMs);
  sqlite.pragma("foreign_keys = ON");
}

/** The migrations that are applied. */
export function readJournal(sqlite: Database.Database): number[] {
  return sqlite.prepare<[], number>(READ_JOURNAL).pluck().all();
}

function applyMigrations(sqlite: Database.Database, migrationsFolder: string): void {
  sqlite.exec(CREATE_JOURNAL);
  const pending = pendingMigrations(migrationsFolder, readJournal(sqlite));
  const note = sqlite.prepare("INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)");
  if (pending.length === 0) return;
  withoutGuard(sqlite, () => {
    for (const migration of pending) {
      for (const statement of migration.sql) sqlite.exec(statement);
      note.run(migration.hash, migration.folderMillis);
    }
  });
  if (sqlite.prepare("PRAGMA foreign_key_check").all().length > 0) {
    throw new StoreError(
      "corrupt",
      "The database holds records that belong to something that does not exist.",
    );
  }
}
