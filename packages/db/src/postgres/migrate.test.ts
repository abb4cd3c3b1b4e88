import { Client } from "pg";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

import { generateDrizzleJson, generateMigration } from "../testing/drizzle-kit.ts";
import { runOn } from "../testing/index.ts";
import { laterMigrations, readJournal, readNewestSnapshot } from "../testing/later-migrations.ts";
import { runTogether } from "../testing/run-child.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { createTestDatabase } from "../testing/vitest.ts";
import { migrate } from "./migrate.ts";
import { openPostgresStore } from "./open.ts";
import * as schema from "./schema.ts";

const MIGRATE_CHILD = new URL("./testing/migrate-child.ts", import.meta.url);
const PROCESSES_TIMEOUT_MS = 60_000;
const MIGRATIONS_FOLDER = fileURLToPath(new URL("./migrations", import.meta.url));
const TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'";

async function migrateWith(url: string, folder?: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await migrate(client, folder);
  } finally {
    await client.end();
  }
}

describe("migrations", () => {
  it("are what the schema says, with nothing left to generate", async () => {
    const snapshot = readNewestSnapshot(MIGRATIONS_FOLDER) as ReturnType<typeof generateDrizzleJson>;
    expect(await generateMigration(snapshot, generateDrizzleJson(schema, snapshot.id))).toEqual([]);
  });

  it(
    "MG-01 are applied once by eight processes that start together on an empty database",
    { timeout: PROCESSES_TIMEOUT_MS },
    async () => {
      await using database = await createTestDatabase();
      const known = readJournal(MIGRATIONS_FOLDER).entries.map((entry) => entry.when);
      const args = Array.from({ length: 8 }, () => [database.url]);
      const journals = await runTogether<number[]>(MIGRATE_CHILD, args);
      expect(journals).toEqual(Array.from({ length: 8 }, () => known));
    },
  );

  it(
    "MG-01 are applied once by eight processes that start together on an older database",
    { timeout: PROCESSES_TIMEOUT_MS },
    async () => {
      using directory = temporaryDirectory();
      await using database = await createTestDatabase();
      await using store = await openPostgresStore({ url: database.url });
      const statement = "ALTER TABLE users ADD COLUMN locale text;";
      const folder = laterMigrations(MIGRATIONS_FOLDER, directory.path, statement);
      const known = readJournal(folder).entries.map((entry) => entry.when);
      const args = Array.from({ length: 8 }, () => [database.url, folder]);
      const journals = await runTogether<number[]>(MIGRATE_CHILD, args);
      expect(journals).toEqual(Array.from({ length: 8 }, () => known));
      await store.checkWritable(); // which was open all the time
    },
  );

  it("MG-02 leave nothing behind when one of them fails", async () => {
    using directory = temporaryDirectory();
    await using database = await createTestDatabase();
    const folder = laterMigrations(
      MIGRATIONS_FOLDER,
      directory.path,
      "CREATE TABLE later (id text); nonsense;",
    );
    await expect(migrateWith(database.url, folder)).rejects.toMatchObject({ code: "42601" });
    expect(await runOn(database.url, TABLES)).toEqual([]);
    await migrateWith(database.url);
  });

  it("MG-04 of a newer version make this one refuse the database politely", async () => {
    using directory = temporaryDirectory();
    await using database = await createTestDatabase();
    const folder = laterMigrations(MIGRATIONS_FOLDER, directory.path, "CREATE TABLE later (id text);");
    await migrateWith(database.url, folder);
    await expect(openPostgresStore({ url: database.url })).rejects.toMatchObject({
      name: "StoreError",
      code: "schema_newer",
      retryable: false,
    });
  });
});
