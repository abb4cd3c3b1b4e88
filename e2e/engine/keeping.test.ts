import { createTestDatabase } from "@perennial/db/testing/vitest";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";

import { backUpUnderLoad, rotateUnderLoad } from "../src/keeping/index.ts";

const LIMIT_MS = 120_000;

async function databases() {
  const stack = new AsyncDisposableStack();
  const folder = mkdtempSync(path.join(tmpdir(), "perennial-keeping-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    files: (name: string) => `file:${path.join(folder, name)}`,
    postgres: async () => stack.use(await createTestDatabase()).url,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

// `bench rotate` and `bench backup` do the same with 20,000 connections, on each engine.
describe("real processes", { timeout: LIMIT_MS }, () => {
  it("TS-05 TS-06 lose no read and no row in a rotation that is killed, on Postgres", async () => {
    await using house = await databases();
    const random = Math.random;
    const databaseUrl = await house.postgres();
    const outcome = await rotateUnderLoad({ databaseUrl, connections: 600, kills: 2, random });
    expect(outcome).toMatchObject({ kills: 2, failedReads: 0, unreadable: 0 });
    expect(outcome.reads).toBeGreaterThan(0);
  });

  it("BR-01 BR-02 are backed up while two of them write, as of one instant, and restored", async () => {
    await using house = await databases();
    const outcome = await backUpUnderLoad({
      databaseUrl: house.files("house.db"),
      emptyDatabaseUrl: await house.postgres(),
      folder: house.folder,
      connections: 500,
      backups: 1,
      rowsPerSecondEach: 100,
    });
    expect(outcome).toMatchObject({ verified: 1, torn: 0 });
    expect(outcome.rowsPerSecond).toBeGreaterThan(20);
  });
});
