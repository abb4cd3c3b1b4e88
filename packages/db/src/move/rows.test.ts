import { getTableName, is } from "../drizzle.ts";
import { SQLiteTable } from "../sqlite/drizzle.ts";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { describe, expect, it } from "vitest";

import { ALL_DUE, connect, days } from "../contract/fixtures.ts";
import { openStore } from "../open-store.ts";
import { migrate as migratePostgres } from "../postgres/migrate.ts";
import { openDatabase } from "../sqlite/connection.ts";
import { migrate as migrateSqlite } from "../sqlite/migrate.ts";
import { movedTables } from "../sqlite/moved-tables.ts";
import * as schema from "../sqlite/schema.ts";
import { laterMigrations } from "../testing/later-migrations.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { MOVED_TABLE_NAMES, STAYING_TABLES, compareKeys } from "./rows.ts";
import { contentOf, killAt, openTwoEnds, removeDatabasesAfterAll } from "./testing/two-ends.ts";

removeDatabasesAfterAll();

const folderOf = (engine: string) => fileURLToPath(new URL(`../${engine}/migrations`, import.meta.url));

describe("what moves", () => {
  it("is every table, but for those about a database itself", () => {
    const tables = Object.entries(schema)
      .filter(([, each]) => is(each, SQLiteTable))
      .map(([name]) => name);
    expect([...MOVED_TABLE_NAMES, ...STAYING_TABLES].sort()).toEqual(tables.sort());
  });

  it("comes in an order in which what a row belongs to is there before it", () => {
    const order = MOVED_TABLE_NAMES.map((name): string => getTableName(movedTables[name]));
    const migrations = readdirSync(folderOf("postgres"))
      .filter((name) => name.endsWith(".sql"))
      .map((name) => readFileSync(`${folderOf("postgres")}/${name}`, "utf8"));
    const references = [
      ...migrations.join("\n").matchAll(/ALTER TABLE "(\w+)" .* REFERENCES "public"\."(\w+)"/g),
    ];
    expect(references.length).toBeGreaterThan(6);
    for (const [, table = "", owner = ""] of references) {
      expect(order.indexOf(owner), `${table} belongs to ${owner}`).toBeLessThan(order.indexOf(table));
    }
  });

  it("is walked by the bytes of its keys, as both engines sort them", () => {
    const keys = [["a"], ["Z"], ["a", "b"], ["é"], ["\uFFFD"], ["\u{1F33B}"], ["a", "B"]];
    expect(keys.toSorted(compareKeys).map((key) => key.join("/"))).toEqual([
      "Z",
      "a",
      "a/B",
      "a/b",
      "é",
      "\uFFFD",
      "\u{1F33B}",
    ]);
  });

  it("is a lease never, and a NUL only where the engine can hold it", async () => {
    await using ends = await openTwoEnds(["SQLite", "Postgres"], 5);
    using sqlite = disposable(await openDatabase(ends.addresses.source.slice("file:".length), 1_000));
    sqlite.database.exec(`UPDATE connections SET lease_owner = 'w#1', lease_until = 5,
      name = 'a' || char(0) || 'b', permissions = '["x\\u0000y"]'`);
    expect(await ends.move()).toMatchObject({ kind: "moved" });
    const { connections = [] } = await contentOf(ends.target);
    expect(connections[0]).toMatchObject({ name: "a\uFFFDb", permissions: ["x\uFFFDy"] });
    await using store = await openStore(ends.addresses.target);
    expect(
      await store.claimDue({ owner: "w", now: days(90), leaseMs: 1, limit: 9, of: ALL_DUE }),
    ).toHaveLength(3);
  });
});

describe("a later version's migrations", () => {
  it.each(["SQLite", "Postgres"] as const)(
    "MG-03 may write to a sealed house in %s, which is sealed again afterwards",
    async (engine) => {
      await using ends = await openTwoEnds([engine, "SQLite"], 5);
      await expect(ends.move({ onProgress: killAt("copying") })).rejects.toThrow("");
      await using store = await openStore(ends.addresses.source);
      using directory = temporaryDirectory();
      const folder = laterMigrations(
        folderOf(engine.toLowerCase()),
        directory.path,
        "UPDATE connections SET version = 77;",
      );
      if (engine === "SQLite") {
        using sqlite = disposable(await openDatabase(ends.addresses.source.slice("file:".length), 1_000));
        await migrateSqlite(sqlite.database, 1_000, folder);
      } else {
        const client = new Client({ connectionString: ends.addresses.source });
        await client.connect();
        await migratePostgres(client, folder);
        await client.end();
      }
      const { connections = [] } = await contentOf(ends.source);
      expect(new Set(connections.map((row) => row["version"]))).toEqual(new Set([77]));
      expect(await ends.source.findHouse()).toMatchObject({ guard: "sealed" });
      await expect(connect(store, "1")).rejects.toMatchObject({ code: "moved" });
      expect(await ends.move()).toMatchObject({ isResumed: true });
    },
  );
});

function disposable<Closable extends { close(): unknown }>(database: Closable) {
  return { database, [Symbol.dispose]: () => void database.close() };
}
