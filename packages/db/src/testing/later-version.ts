import { fileURLToPath } from "node:url";
import { Client } from "pg";

import { migrate as migratePostgres } from "../postgres/migrate.ts";
import { openDatabase } from "../sqlite/connection.ts";
import { migrate as migrateSqlite } from "../sqlite/migrate.ts";
import { laterMigrations } from "./later-migrations.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const BUSY_TIMEOUT_MS = 10_000;

const folderOf = (engine: "postgres" | "sqlite"): string =>
  fileURLToPath(new URL(`../${engine}/migrations`, import.meta.url));

/** Migrates a database as the start of a later version does, with one more migration than this one has. */
export async function migrateAsLaterVersion(databaseUrl: string, statement: string): Promise<void> {
  using directory = temporaryDirectory();
  if (databaseUrl.startsWith("file:")) {
    const sqlite = await openDatabase(databaseUrl.slice("file:".length), BUSY_TIMEOUT_MS);
    await migrateSqlite(
      sqlite,
      BUSY_TIMEOUT_MS,
      laterMigrations(folderOf("sqlite"), directory.path, statement),
    );
    sqlite.close();
    return;
  }
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await migratePostgres(client, laterMigrations(folderOf("postgres"), directory.path, statement));
  } finally {
    await client.end();
  }
}
