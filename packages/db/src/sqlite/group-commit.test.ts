import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { StoreError } from "../store-error.ts";
import { createGroupCommit, type GroupCommit } from "./group-commit.ts";
import { openDatabase } from "./connection.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";

const BUSY_TIMEOUT_MS = 200; // a busy machine may be late with everything

describe("group commit", () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  let sqlite: Database.Database;
  let outsider: Database.Database;
  let group: GroupCommit;

  beforeEach(async () => {
    directory = temporaryDirectory();
    sqlite = await openDatabase(directory.file, 1);
    sqlite.exec("CREATE TABLE notes (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES notes(id))");
    outsider = new Database(directory.file, { timeout: 0 });
    group = createGroupCommit(sqlite, BUSY_TIMEOUT_MS);
  });
  afterEach(async () => {
    await group.close();
    sqlite.close();
    outsider.close();
    directory[Symbol.dispose]();
  });

  const note = (id: number) => () => sqlite.prepare("INSERT INTO notes (id) VALUES (?)").run(id).changes;
  const stored = () => outsider.prepare("SELECT id FROM notes ORDER BY id").pluck().all();
  /** What an outsider sees change is a commit; it counts them. */
  const commitsSeen = () => outsider.pragma("data_version", { simple: true });

  it("shares one transaction among the writes of one turn", async () => {
    const insideOne = new Set<boolean>();
    const before = Number(commitsSeen());
    const versions: unknown[] = [];
    await Promise.all(
      [1, 2, 3, 4, 5].map((id) =>
        group.write(() => {
          insideOne.add(sqlite.inTransaction);
          versions.push(commitsSeen());
          return note(id)();
        }),
      ),
    );
    expect(insideOne).toEqual(new Set([true]));
    expect(new Set(versions)).toEqual(new Set([before]));
    expect(commitsSeen()).toBe(before + 1);
    expect(stored()).toEqual([1, 2, 3, 4, 5]);
  });

  it("answers only after the commit", async () => {
    const seenInside: unknown[] = [];
    const write = group.write(() => {
      note(1)();
      seenInside.push(...stored());
      return "done";
    });
    const seenAfter = write.then((answer) => [answer, stored()]);
    expect(await seenAfter).toEqual(["done", [1]]);
    expect(seenInside).toEqual([]);
  });

  it("DB-01 syncs a group as soon as one of its writes has to last, and only then", async () => {
    const syncInside: unknown[] = [];
    const look = () => void syncInside.push(sqlite.pragma("synchronous", { simple: true }));
    await group.write(look);
    await group.writeWithoutSync(look);
    await Promise.all([group.writeWithoutSync(look), group.write(look), group.writeWithoutSync(look)]);
    await group.writeWithoutSync(look);
    const [NORMAL, FULL] = [1, 2];
    expect(syncInside).toEqual([FULL, NORMAL, FULL, FULL, FULL, NORMAL]);
  });

  it("undoes a write that fails and keeps the rest of its group", async () => {
    const results = await Promise.allSettled([
      group.write(note(1)),
      group.write(() => {
        note(2)();
        throw new TypeError("no");
      }),
      group.write(() => [note(3)(), note(1)()]),
      group.write(note(4)),
    ]);
    expect(results.map((result) => result.status)).toEqual([
      "fulfilled",
      "rejected",
      "rejected",
      "fulfilled",
    ]);
    expect(results[1]).toMatchObject({ reason: new TypeError("no") });
    expect(results[2]).toMatchObject({ reason: { name: "RangeError" } });
    expect(stored()).toEqual([1, 4]);
  });

  it("rejects the whole group when the commit fails, and goes on with the next", async () => {
    const orphan = () => {
      sqlite.pragma("defer_foreign_keys = ON"); // the key is looked at when the commit is
      sqlite.prepare("INSERT INTO notes (id, parent) VALUES (9, 99)").run();
    };
    const results = await Promise.allSettled([
      group.write(note(1)),
      group.write(orphan),
      group.write(note(2)),
    ]);
    expect(results.map((result) => result.status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(stored()).toEqual([]);
    await group.write(note(3));
    expect(stored()).toEqual([3]);
  });

  it("rejects the whole group when one write loses the transaction", async () => {
    const lose = () => {
      sqlite.exec("ROLLBACK"); // as SQLite does by itself when a disk is full
      throw new Database.SqliteError("database or disk is full", "SQLITE_FULL");
    };
    const results = await Promise.allSettled([group.write(note(1)), group.write(lose), group.write(note(2))]);
    const lost = { status: "rejected", reason: { name: "StoreError", code: "unavailable" } };
    expect(results).toMatchObject([lost, lost, lost]);
    expect(stored()).toEqual([]);
    await group.write(note(3));
    expect(stored()).toEqual([3]);
  });

  it("says busy when another process keeps the lock, and leaves the event loop free meanwhile", async () => {
    outsider.exec("BEGIN IMMEDIATE");
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 1);
    const write = group.write(note(1));
    await expect(write).rejects.toMatchObject({ name: "StoreError", code: "busy", retryable: true });
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(3);
    outsider.exec("ROLLBACK");
    await group.write(note(2));
    expect(stored()).toEqual([2]);
  });

  it("waits for nothing but locks", async () => {
    const patient = createGroupCommit(sqlite, 3_600_000);
    sqlite.exec("BEGIN"); // in which no other transaction can begin
    await expect(patient.write(note(1))).rejects.toMatchObject({ code: "unavailable" });
    sqlite.exec("ROLLBACK");
    expect(await patient.write(note(2))).toBe(1);
  });

  it("waits for a lock that is given back in time", async () => {
    outsider.exec("BEGIN IMMEDIATE");
    const write = group.write(note(1));
    setTimeout(() => outsider.exec("ROLLBACK"), 5);
    expect(await write).toBe(1);
  });

  it("settles what was asked for before it closes, and refuses the rest", async () => {
    const write = group.write(note(1));
    const closed = group.close();
    await expect(group.write(note(2))).rejects.toThrow(StoreError);
    await closed;
    expect(await write).toBe(1);
    expect(stored()).toEqual([1]);
  });

  it("takes writes that are asked for the moment others are answered", async () => {
    const ids: number[] = [];
    const chain = async (first: number) => {
      for (let id = first; id < first + 30; id += 1) {
        await group.write(note(id));
        ids.push(id);
      }
    };
    await Promise.all([chain(0), chain(100), chain(200)]);
    expect(stored()).toHaveLength(90);
  });

  it("commits more writes than fit one group in several", async () => {
    const before = Number(commitsSeen());
    const seenInside = await Promise.all(
      Array.from({ length: 1100 }, (_, id) =>
        group.write(() => {
          note(id)();
          return Number(commitsSeen()) - before;
        }),
      ),
    );
    const sizes = [0, 1, 2].map((commits) => seenInside.filter((seen) => seen === commits).length);
    expect(sizes).toEqual([500, 500, 100]);
    expect(stored()).toHaveLength(1100);
  });
});
