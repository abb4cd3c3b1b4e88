import type { MigrationMeta } from "drizzle-orm/migrator";

import { readMigrationFiles } from "./drizzle.ts";
import { StoreError } from "./store-error.ts";

/**
 * What is left to apply of the migrations in a folder, given the journal of a database.
 *
 * @throws {StoreError} `schema_newer` when the journal knows a migration that the folder does not.
 */
export function pendingMigrations(folder: string, applied: readonly number[]): MigrationMeta[] {
  const migrations = readMigrationFiles({ migrationsFolder: folder });
  const known = new Set(migrations.map((migration) => migration.folderMillis));
  if (applied.some((createdAt) => !known.has(createdAt))) {
    throw new StoreError(
      "schema_newer",
      "A newer version has migrated this database; this one cannot use it.",
    );
  }
  const done = new Set(applied);
  return migrations.filter((migration) => !done.has(migration.folderMillis));
}

/**
 * Prepares a check that refuses a database which lacks a migration of the folder. One that has more is fine
 * for whoever has it open: a newer version migrates while older processes still run, and adds only.
 */
export function createMigrationCheck(folder: string): (applied: readonly number[]) => void {
  const needed = readMigrationFiles({ migrationsFolder: folder }).map((migration) => migration.folderMillis);
  return (applied) => {
    if (needed.every((migration) => applied.includes(migration))) return;
    throw new StoreError(
      "unavailable",
      "The database lacks migrations of this version; a start applies them.",
    );
  };
}
