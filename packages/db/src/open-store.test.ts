import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";

import { openStore } from "./open-store.ts";
import { createTestDatabase } from "./testing/vitest.ts";
import { temporaryDirectory } from "./testing/temporary-directory.ts";

describe("a database address", () => {
  it("names a file beside a base directory, or anywhere by its full path", async () => {
    using directory = temporaryDirectory();
    const addresses: [string, string][] = [
      ["file:./data/one.db", join(directory.path, "data/one.db")],
      ["file:two.db", join(directory.path, "two.db")],
      [`file:${directory.path}/three.db`, join(directory.path, "three.db")],
      [pathToFileURL(join(directory.path, "with space.db")).href, join(directory.path, "with space.db")],
    ];
    for (const [address, path] of addresses) {
      await using store = await openStore(address, { baseDirectory: directory.path });
      await store.checkWritable();
      expect(existsSync(path)).toBe(true);
    }
  });

  it("may name the memory", async () => {
    await using store = await openStore("file::memory:");
    await store.checkWritable();
    expect(existsSync(":memory:")).toBe(false);
  });

  it.each([
    "postgresql://perennial:canary@db.test/perennial?pool_max=many",
    "postgres://perennial:canary@db.test:canary/perennial",
    "mysql://perennial:canary@db.test/perennial",
    "./canary.db",
    "",
    "file:",
    "file:canary.db?mode=ro",
    "file://canary.test/perennial.db",
  ])("that this version cannot open is refused without being repeated: %s", async (address) => {
    const opened = openStore(address);
    await expect(opened).rejects.toThrow(RangeError);
    await expect(opened).rejects.not.toThrow(/canary/);
  });

  it("may name a Postgres database, by either name", async () => {
    await using database = await createTestDatabase();
    for (const protocol of ["postgresql:", "postgres:"]) {
      await using store = await openStore(database.url.replace(/^postgresql:/, protocol));
      expect(await store.listKeyChecks()).toEqual([]);
    }
  });

  it("of a Postgres that cannot be reached is not repeated either", async () => {
    const opened = openStore("postgresql://perennial:canary@127.0.0.1:1/perennial", { busyTimeoutMs: 20 });
    await expect(opened).rejects.toMatchObject({ name: "StoreError", code: "unavailable", retryable: true });
    await expect(opened).rejects.not.toThrow(/canary/);
  });
});
