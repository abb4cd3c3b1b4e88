import type { MovedRow } from "../../move/rows.ts";
import { contentOf, open, type EngineName } from "../../move/testing/two-ends.ts";
import { createBackup } from "../create-backup.ts";
import { restoreBackup, type RestoreBackupInput } from "../restore-backup.ts";

/** How many live in the houses of the tests. */
export const PEOPLE = 60;
/** Backups are made of each, and restored into each. */
export const ENGINES: EngineName[] = ["SQLite", "Postgres"];
const opensToken = (sealed: string): boolean => sealed.startsWith("v1.k1.");

/** Backs a database up. */
export function backUp(databaseUrl: string, file: string, overwrite = false) {
  return createBackup({
    databaseUrl,
    baseDirectory: "/",
    file,
    overwrite,
    opensToken,
    refuseOtherKeys: () => undefined,
  });
}

/** Restores a backup into a database. */
export async function restore(databaseUrl: string, file: string, more: Partial<RestoreBackupInput> = {}) {
  await using target = await open(databaseUrl);
  const refuseOtherKeys = (): void => undefined;
  return await restoreBackup({
    file,
    target,
    overwrite: false,
    forget: [],
    erase: [],
    opensToken,
    refuseOtherKeys,
    ...more,
  });
}

/** Everything a database holds that moves. */
export async function readContent(databaseUrl: string): Promise<Record<string, MovedRow[]>> {
  await using end = await open(databaseUrl);
  return await contentOf(end);
}
