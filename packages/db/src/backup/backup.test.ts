import Database from "better-sqlite3";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

import { leaseOf, renewal } from "../contract/fixtures.ts";
import { freshDatabase, open, removeDatabasesAfterAll } from "../move/testing/two-ends.ts";
import { openStore } from "../open-store.ts";
import { furnish } from "../testing/furnish.ts";
import { migrateAsLaterVersion } from "../testing/later-version.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { ENGINES, PEOPLE, backUp, readContent, restore } from "./testing/back-and-forth.ts";
import { verifyBackup } from "./verify-backup.ts";

removeDatabasesAfterAll();

/** A backup file as anybody can read it. */
class Readable implements Disposable {
  readonly sqlite: Database.Database;
  constructor(file: string) {
    this.sqlite = new Database(file, { readonly: true });
  }
  [Symbol.dispose](): void {
    this.sqlite.close();
  }
}

describe.each(ENGINES)("a backup of %s", (engine) => {
  it("BR-01 shows one instant although others write meanwhile, and is verified", async () => {
    using directory = temporaryDirectory();
    const url = await freshDatabase(engine);
    await furnish(url, { connections: PEOPLE });
    await using store = await openStore(url);
    const active = (await store.pageConnections({ after: null, limit: PEOPLE })).filter(
      ({ status }) => status === "active",
    );
    const writing = { isOver: false, written: 0 };
    // A token and its row of history in one transaction: where a backup has one without the other, it shows no instant.
    const write = async (): Promise<void> => {
      while (!writing.isOver) {
        const id = active[writing.written % active.length]?.id ?? "";
        const name = `n${(writing.written += 1)}`;
        await store.saveRefreshed({ lease: await leaseOf(store, id), ...renewal(name) });
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const writer = write();
    const seen = new Set<number>();
    for (let number = 1; number <= 3; number += 1) {
      const file = join(directory.path, `${number}.db`);
      const { manifest, tokens } = await backUp(url, file);
      expect(manifest).toMatchObject({ engine, keyIds: ["k1"], rows: { connections: PEOPLE, sessions: 0 } });
      expect(tokens?.unreadable).toEqual([]);
      const read = (text: string): number[] => {
        using backup = new Readable(file);
        return backup.sqlite
          .prepare<[], string>(text)
          .pluck()
          .all()
          .map((name) => Number(name.slice(1)));
      };
      const tokensOf = read(
        "SELECT substr(sealed_token, 7) FROM connections WHERE sealed_token GLOB 'v1.k1.n[0-9]*'",
      );
      const history = read("SELECT id FROM refresh_attempts WHERE id GLOB 'n[0-9]*'");
      expect(Math.max(0, ...tokensOf)).toBe(Math.max(0, ...history));
      expect(history).toHaveLength(Math.max(0, ...history)); // each that was written, up to one, and none after it
      seen.add(history.length);
    }
    writing.isOver = true;
    await writer;
    expect(seen.size).toBeGreaterThan(1); // it did write meanwhile
  });

  it.each(ENGINES)("BR-02 is restored into an empty %s, field by field", async (to) => {
    using directory = temporaryDirectory();
    const [from, target] = [await freshDatabase(engine), await freshDatabase(to)];
    await furnish(from, { connections: PEOPLE });
    const file = join(directory.path, "backup.db");
    await backUp(from, file);
    const report = await restore(target, file);
    expect(report).toMatchObject({
      isResumed: false,
      tables: { connections: { rows: PEOPLE, written: PEOPLE } },
    });
    const [before, after] = [await readContent(from), await readContent(target)];
    const leftOut = ["sessions", "signInAttempts", "sinkFarewells"];
    expect(leftOut.map((table) => after[table])).toEqual([[], [], []]);
    for (const [table, rows] of Object.entries(before)) {
      if (leftOut.includes(table) || table === "connections") continue;
      expect(after[table], table).toEqual(rows);
    }
    const distrusted = before["connections"]?.map((row) =>
      row["status"] === "active"
        ? { ...row, attemptSentAt: row["updatedAt"], provedAt: null, nextRefreshAt: expect.any(Date) as Date }
        : row,
    );
    expect(after["connections"]).toEqual(distrusted);
    await using store = await openStore(target);
    const due = await store.claimDue({
      owner: "w",
      now: new Date("2026-01-12T00:00:00Z"),
      leaseMs: 1_000,
      limit: 1_000,
      of: { kind: "due", pausedApps: [] },
    });
    expect(due).toHaveLength((PEOPLE / 5) * 3); // the active ones, all of them at once
  });

  it("BR-02 is restored by the same call after it was cut off anywhere, and nobody writes in between", async () => {
    using directory = temporaryDirectory();
    const [from, to] = [await freshDatabase("SQLite"), await freshDatabase(engine)];
    await furnish(from, { connections: PEOPLE });
    const file = join(directory.path, "backup.db");
    await backUp(from, file);
    for (const table of ["users", "connections", "keyChecks"]) {
      const killed = restore(to, file, {
        onProgress: (progress) => {
          if ("table" in progress && progress.table === table) throw new Error("killed");
        },
      });
      await expect(killed).rejects.toThrow("killed");
    }
    {
      await using store = await openStore(to);
      await expect(store.addKeyCheck({ keyId: "k9", sealed: "x" })).rejects.toMatchObject({ code: "moved" });
    }
    expect(await restore(to, file)).toMatchObject({ isResumed: true, tables: { users: { rows: PEOPLE } } });
    await using store = await openStore(to);
    await expect(store.addKeyCheck({ keyId: "k9", sealed: "x" })).resolves.toBeUndefined();
  });

  it("is refused where servers work, of another version, and into a house that moves", async () => {
    using directory = temporaryDirectory();
    const [from, to] = [await freshDatabase(engine), await freshDatabase(engine)];
    await furnish(from, { connections: 5 });
    const file = join(directory.path, "backup.db");
    await backUp(from, file);
    {
      await using store = await openStore(to);
      await store.beatProcess({ id: "p", kind: "api", startedAt: new Date(), sweptAt: null, keyIds: null });
      await expect(restore(to, file)).rejects.toMatchObject({ code: "at_work" });
      await store.removeProcess("p");
    }
    await migrateAsLaterVersion(from, "CREATE TABLE later (id integer)");
    await expect(backUp(from, join(directory.path, "later.db"))).rejects.toMatchObject({
      code: "schema_newer",
    });
    await using end = await open(to);
    const house = await end.findHouse();
    await end.changeGuard({ from: house, to: { guard: "moved", moveId: "m", counterpartId: "c" } });
    await expect(restore(to, file, { overwrite: true })).rejects.toMatchObject({ code: "wrong_house" });
  });
});

describe("a backup file", () => {
  it("TS-09 is for its owner only, and so is the folder it makes; it is whole or not there", async () => {
    using directory = temporaryDirectory();
    const url = await freshDatabase("SQLite");
    await furnish(url, { connections: 5 });
    const folder = join(directory.path, "new");
    const file = join(folder, "backup.db");
    await backUp(url, file);
    expect([statSync(folder).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
    await expect(backUp(url, file)).rejects.toMatchObject({ code: "exists" });
    chmodSync(file, 0o644);
    await backUp(url, file, true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await expect(backUp(`file:${directory.path}/missing.db`, join(folder, "b"))).rejects.toMatchObject({
      code: "missing",
    });
    expect(readdirSync(folder)).toEqual(["backup.db"]);
    const [, house = ""] = url.split("file:");
    for (const name of readdirSync(dirname(house))) {
      expect(statSync(join(dirname(house), name)).mode & 0o077, name).toBe(0);
    }
  });

  it("is refused when a byte of it was changed, cut or added, or when it is none", async () => {
    using directory = temporaryDirectory();
    const url = await freshDatabase("SQLite");
    await furnish(url, { connections: 20 });
    const file = join(directory.path, "backup.db");
    await backUp(url, file);
    const whole = readFileSync(file);
    const damaged = join(directory.path, "damaged.db");
    const sentence = async (): Promise<string> =>
      verifyBackup(damaged, null).then(
        () => "verified",
        (error: { code: string }) => error.code,
      );
    const rowsOf = (path: string): string => {
      using backup = new Readable(path);
      return JSON.stringify(backup.sqlite.prepare("SELECT * FROM connections ORDER BY id").all());
    };
    const found = { damaged: 0, unharmed: 0 };
    for (let at = whole.indexOf("v1.k1."); at >= 0; at = whole.indexOf("v1.k1.", at + 1_500)) {
      const copy = Buffer.from(whole);
      copy[at + 6] = (copy[at + 6] ?? 0) ^ 1;
      writeFileSync(damaged, copy);
      if ((await sentence()) === "damaged") found.damaged += 1;
      else {
        expect(rowsOf(damaged)).toBe(rowsOf(file)); // the byte belonged to no row any more
        found.unharmed += 1;
      }
    }
    expect(found.damaged).toBeGreaterThan(5);
    writeFileSync(damaged, whole.subarray(0, whole.length - 4_096));
    expect(await sentence()).toBe("damaged");
    writeFileSync(damaged, "hello");
    expect(await sentence()).toBe("damaged");
    mkdirSync(join(directory.path, "x"));
    const other = join(directory.path, "x", "house.db");
    copyFileSync(url.slice("file:".length), other);
    await expect(verifyBackup(other, null)).rejects.toMatchObject({ code: "damaged" });
    await expect(verifyBackup(join(directory.path, "no"), null)).rejects.toMatchObject({ code: "missing" });
  });
});
