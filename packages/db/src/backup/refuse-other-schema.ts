import { pendingMigrations } from "../pending-migrations.ts";
import { BackupError } from "./errors.ts";

/**
 * A backup holds the columns of the version that makes it, so it is made of a database of that version only.
 *
 * @throws {BackupError} `older_source`
 * @throws {StoreError} `schema_newer`
 */
export function refuseOtherSchema(migrationsFolder: string, applied: readonly number[]): void {
  if (pendingMigrations(migrationsFolder, applied).length === 0) return;
  throw new BackupError(
    "older_source",
    "The database is of an older version. Back it up with that version, or start this one on it first.",
  );
}
