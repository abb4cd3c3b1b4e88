import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

import { generateSQLiteDrizzleJson, generateSQLiteMigration } from "../testing/drizzle-kit.ts";
import { laterMigrations, readJournal, readNewestSnapshot } from "../testing/later-migrations.ts";
import { migrate } from "./migrate.ts";
import { openDatabase } from "./connection.ts";
import { openSqliteStore } from "./open.ts";
import * as schema from "./schema.ts";
import { runTogether } from "../testing/run-child.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";

const MIGRATE_CHILD = new URL("./testing/migrate-child.ts", import.meta.url);
const PROCESSES_TIMEOUT_MS = 60_000;
const MIGRATIONS_FOLDER = fileURLToPath(new URL("./migrations", import.meta.url));

describe("migrations", () => {
  it("are what the schema says, with nothing left to generate", async () => {
    const snapshot = readNewestSnapshot(MIGRATIONS_FOLDER) as Awaited<
      ReturnType<typeof generateSQLiteDrizzleJson>
    >;
    const current = await generateSQLiteDrizzleJson(schema, snapshot.id);
    expect(await generateSQLiteMigration(snapshot, current)).toEqual([]);
  });

  it(
    "MG-01 are applied once by eight processes that start together on an empty database",
    { timeout: PROCESSES_TIMEOUT_MS },
    async () => {
      using directory = temporaryDirectory();
      const known = readJournal(MIGRATIONS_FOLDER).entries.map((entry) => entry.when);
      const journals = await runTogether<number[]>(
        MIGRATE_CHILD,
        Array.from({ length: 8 }, () => [directory.file]),
      );
      expect(journals).toEqual(Array.from({ length: 8 }, () => known));
    },
  );

  it(
    "MG-01 are applied once by eight processes that start together on an older database",
    { timeout: PROCESSES_TIMEOUT_MS },
    async () => {
      using directory = temporaryDirectory();
      await using store = await openSqliteStore({ file: directory.file });
      const folder = laterMigrations(
        MIGRATIONS_FOLDER,
        directory.path,
        "ALTER TABLE users ADD COLUMN locale text;",
      );
      const known = readJournal(folder).entries.map((entry) => entry.when);
      const journals = await runTogether<number[]>(
        MIGRATE_CHILD,
        Array.from({ length: 8 }, () => [directory.file, folder]),
      );
      expect(journals).toEqual(Array.from({ length: 8 }, () => known));
      await store.checkWritable(); // which was open all the time
    },
  );

  it("MG-02 leave nothing behind when one of them fails", async () => {
    using directory = temporaryDirectory();
    const sqlite = await openDatabase(directory.file, 100);
    const folder = laterMigrations(
      MIGRATIONS_FOLDER,
      directory.path,
      "ALTER TABLE users ADD COLUMN locale text;\nnonsense;",
    );
    await expect(migrate(sqlite, 100, folder)).rejects.toMatchObject({ code: "unavailable" });
    expect(sqlite.prepare("SELECT name FROM sqlite_schema").all()).toEqual([]);
    await migrate(sqlite, 100);
    expect(sqlite.pragma("foreign_keys", { simple: true })).toBe(1);
    sqlite.close();
  });

  it("MG-02 refuse to end with records that belong to nothing", async () => {
    using directory = temporaryDirectory();
    const sqlite = await openDatabase(directory.file, 100);
    const orphan = "INSERT INTO sessions VALUES ('s', 'nobody', NULL, 1, 1, 1);";
    const folder = laterMigrations(MIGRATIONS_FOLDER, directory.path, orphan);
    await expect(migrate(sqlite, 100, folder)).rejects.toMatchObject({ code: "corrupt" });
    sqlite.close();
  });

  it("MG-04 of a newer version make this one refuse the database politely", async () => {
    using directory = temporaryDirectory();
    const sqlite = await openDatabase(directory.file, 100);
    await migrate(
      sqlite,
      100,
      laterMigrations(MIGRATIONS_FOLDER, directory.path, "CREATE TABLE later (id text);"),
    );
    sqlite.close();
    await expect(openSqliteStore({ file: directory.file })).rejects.toMatchObject({
      name: "StoreError",
      code: "schema_newer",
      retryable: false,
    });
  });
});
