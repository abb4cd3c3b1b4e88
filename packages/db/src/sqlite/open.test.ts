import Database from "better-sqlite3";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { beginSignIn, completion, connect, minutes, signIn } from "../contract/fixtures.ts";
import { openDatabase } from "./connection.ts";
import { openSqliteStore } from "./open.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";

describe("opening a SQLite store", () => {
  it("keeps what was written for the next one who opens it", async () => {
    using directory = temporaryDirectory();
    const first = await openSqliteStore({ file: directory.file });
    const { userId } = await connect(first, "1");
    await first[Symbol.asyncDispose]();
    await using second = await openSqliteStore({ file: directory.file });
    expect(await second.listConnections(userId)).toHaveLength(1);
  });

  it("DB-04 gives the disk back what its log has grown to while somebody read for long", async () => {
    using directory = temporaryDirectory();
    const writer = await openDatabase(directory.file, 5_000);
    const reader = new Database(directory.file);
    const logBytes = (): number => statSync(`${directory.file}-wal`).size;
    writer.exec("CREATE TABLE ballast (content)");
    const write = writer.prepare("INSERT INTO ballast VALUES (zeroblob(4194304))");
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM ballast").get();
    for (let row = 0; row < 24; row += 1) write.run();
    expect(logBytes()).toBeGreaterThan(90 * 2 ** 20);
    reader.close();
    // The first write copies the log into the database, the next one begins it anew.
    for (let row = 0; row < 2; row += 1) write.run();
    expect(logBytes()).toBeLessThanOrEqual(64 * 2 ** 20);
    writer.close();
  });

  it("refuses a file that is no database as corrupt and does not touch it", async () => {
    using directory = temporaryDirectory();
    const content = "This is no database, and long enough to look like one. ".repeat(40);
    writeFileSync(directory.file, content);
    const opened = openSqliteStore({ file: directory.file });
    await expect(opened).rejects.toMatchObject({ name: "StoreError", code: "corrupt", retryable: false });
    expect(readFileSync(directory.file, "utf8")).toBe(content);
  });

  it("refuses a migrated file that misses a table or a column of this version", async () => {
    for (const change of [
      "ALTER TABLE sink_farewells RENAME TO other",
      "ALTER TABLE connections RENAME COLUMN username TO other",
    ]) {
      using directory = temporaryDirectory();
      await (await openSqliteStore({ file: directory.file }))[Symbol.asyncDispose]();
      const sqlite = await openDatabase(directory.file, 100);
      sqlite.exec(change);
      sqlite.close();
      const opened = openSqliteStore({ file: directory.file });
      await expect(opened).rejects.toMatchObject({ name: "StoreError", code: "corrupt", retryable: false });
    }
  });

  it("says unavailable where no file can be", async () => {
    using directory = temporaryDirectory();
    mkdirSync(directory.file);
    writeFileSync(join(directory.path, "plain"), "");
    for (const file of [directory.file, join(directory.path, "plain", "perennial.db")]) {
      await expect(openSqliteStore({ file })).rejects.toMatchObject({ code: "unavailable" });
    }
  });

  it("says busy when somebody keeps an exclusive lock", async () => {
    using directory = temporaryDirectory();
    const holder = new Database(directory.file);
    holder.exec("CREATE TABLE t (x); BEGIN EXCLUSIVE");
    const opened = openSqliteStore({ file: directory.file, busyTimeoutMs: 30 });
    await expect(opened).rejects.toMatchObject({ code: "busy", retryable: true });
    holder.close();
  });

  it("answers after its end that it is closed, and lets what was asked before finish", async () => {
    using directory = temporaryDirectory();
    const store = await openSqliteStore({ file: directory.file });
    const last = connect(store, "1").catch((error: unknown) => error);
    const check = store.checkWritable();
    await store[Symbol.asyncDispose]();
    await check;
    const closed = { name: "StoreError", code: "unavailable", message: "The store is closed." };
    expect(await last).toMatchObject(closed);
    await expect(store.findConnectionById("con-1")).rejects.toMatchObject(closed);
    await expect(store.checkWritable()).rejects.toMatchObject(closed);
    await store[Symbol.asyncDispose]();
  });

  it("reads while another process keeps the write lock", async () => {
    using directory = temporaryDirectory();
    await using store = await openSqliteStore({ file: directory.file, busyTimeoutMs: 30 });
    await connect(store, "1");
    const holder = await openDatabase(directory.file, 100);
    holder.exec("BEGIN IMMEDIATE");
    expect(await store.findConnectionById("con-1")).not.toBeNull();
    await expect(store.checkWritable()).rejects.toMatchObject({ code: "busy" });
    holder.close();
  });

  it("ends a sign-in as gone when the user it was begun for is gone", async () => {
    using directory = temporaryDirectory();
    await using store = await openSqliteStore({ file: directory.file });
    const { userId } = await connect(store, "1");
    await beginSignIn(store, "b", { linkUserId: userId });
    const sqlite = await openDatabase(directory.file, 100);
    sqlite.prepare("DELETE FROM users WHERE id = ?").run(userId);
    expect(await store.completeSignIn(completion("b", "2"))).toEqual({ kind: "attempt_gone" });
    expect(await store.findConnectionIdByAccount("2")).toBeNull();
    expect(await store.findSession("session-first-1", minutes(2))).toBeNull();

    const left = ["identities", "connections", "sessions", "refresh_attempts"].map((table) =>
      sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get(),
    );
    expect(left).toEqual([0, 0, 0, 0]);
    sqlite.close();
    expect(await signIn(store, "c", "1")).toMatchObject({ kind: "completed", isNewUser: true });
  });
});
