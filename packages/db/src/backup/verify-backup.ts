import Database from "better-sqlite3";
import { existsSync } from "node:fs";

import { drizzle } from "../sqlite/drizzle.ts";
import { prepareMovedTable } from "../sqlite/moved-tables.ts";
import type { OpensToken } from "../move/check-tokens.ts";
import { MIGRATIONS_FOLDER, readJournal } from "../sqlite/migrate.ts";
import { pendingMigrations } from "../pending-migrations.ts";
import { countTokens, type TokenCount } from "./count-tokens.ts";
import { BackupError } from "./errors.ts";
import { checkManifest, type BackupManifest } from "./manifest.ts";

/** What a backup was found to hold; `tokens` is null where nobody had the keys, or its version is another. */
export type VerifiedBackup = { manifest: BackupManifest; tokens: TokenCount | null };

/**
 * Looks through all of a backup: the structure of the file, what belongs to what, every field against the digest,
 * and with the keys every token.
 *
 * @throws {BackupError} `missing`, `damaged`, `newer`
 */
export async function verifyBackup(file: string, opensToken: OpensToken | null): Promise<VerifiedBackup> {
  if (!existsSync(file)) throw new BackupError("missing", "There is no such file.");
  let sqlite: Database.Database | null = null;
  try {
    sqlite = new Database(file, { readonly: true, fileMustExist: true });
    if (sqlite.pragma("integrity_check(1)", { simple: true }) !== "ok") throw damaged();
    if (sqlite.prepare("PRAGMA foreign_key_check").all().length > 0) throw damaged();
    const manifest = checkManifest(sqlite);
    const isOfThisVersion = pendingMigrationsOf(sqlite) === 0;
    if (opensToken === null || !isOfThisVersion) return { manifest, tokens: null };
    const { page } = prepareMovedTable(drizzle(sqlite), "connections");
    const end = {
      readPage: async (_table: unknown, after: readonly string[] | null, limit: number) => page(after, limit),
    };
    return { manifest, tokens: await countTokens(end, opensToken) };
  } catch (error) {
    if (error instanceof Database.SqliteError || error instanceof SyntaxError) throw damaged(error);
    throw error;
  } finally {
    sqlite?.close();
  }
}

function pendingMigrationsOf(sqlite: Database.Database): number {
  try {
    return pendingMigrations(MIGRATIONS_FOLDER, readJournal(sqlite)).length;
  } catch (error) {
    if (error instanceof Database.SqliteError) throw error;
    throw new BackupError("newer", "A later version of Perennial made this backup.", { cause: error });
  }
}

function damaged(cause?: unknown): BackupError {
  return new BackupError(
    "damaged",
    "The backup is damaged, or the file is none: nothing in it can be relied on.",
    { cause },
  );
}
