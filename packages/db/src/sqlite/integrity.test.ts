import Database from "better-sqlite3";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";

import { ALL_DUE, connect, failureOf, NOW } from "../contract/fixtures.ts";
import { StoreError } from "../store-error.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { openSqliteStore } from "./open.ts";

const COPIES = 100;
const SEED = 20_261_124;
const PAGE_BYTES = 4096;
const INTERIOR = new Set([0x02, 0x05]);
const LEAVES = new Set([0x0a, 0x0d]);

/** The same numbers in every run. */
function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A whole database in one file, log and all. */
async function makeDatabase(file: string): Promise<Buffer> {
  const store = await openSqliteStore({ file });
  for (let account = 0; account < 60; account += 1) {
    await connect(store, String(account), { nextRefreshAt: NOW });
  }
  for (const { lease } of await store.claimDue({
    owner: "w",
    now: NOW,
    leaseMs: 1000,
    limit: 60,
    of: ALL_DUE,
  })) {
    await store.recordFailure({ lease, ...failureOf(`h-${lease.connectionId}`) });
  }
  await store[Symbol.asyncDispose]();
  return readFileSync(file);
}

/** Where the tree is written down: the number of cells and the place of each, on every page of a tree. */
function structuralOffsets(image: Buffer): number[] {
  const offsets: number[] = [];
  for (let page = 0; page < image.length / PAGE_BYTES; page += 1) {
    const start = page * PAGE_BYTES + (page === 0 ? 100 : 0);
    const type = image[start] ?? 0;
    if (!INTERIOR.has(type) && !LEAVES.has(type)) continue;
    const cells = image.readUInt16BE(start + 3);
    const pointers = start + (INTERIOR.has(type) ? 12 : 8);
    offsets.push(start, start + 3, start + 4);
    for (let byte = 0; byte < cells * 2; byte += 1) offsets.push(pointers + byte);
  }
  return offsets;
}

function withFlippedByte(image: Buffer, offset: number, change: number): Buffer {
  const damaged = Buffer.from(image);
  damaged[offset] = (damaged[offset] ?? 0) ^ change;
  return damaged;
}

type End = "refused" | "found when read" | "changed" | "whole";

/** Opens a file, reads all connections and compares them with what they were. */
async function tryOut(file: string, before: readonly unknown[]): Promise<End> {
  try {
    await using store = await openSqliteStore({ file });
    const opened = await store
      .pageConnections({ after: null, limit: 1000 })
      .catch((error: unknown) => endOf(error, "found when read"));
    if (opened === "found when read") return opened;
    return isDeepStrictEqual(opened, before) ? "whole" : "changed";
  } catch (error) {
    return endOf(error, "refused");
  }
}

/** @throws what says anything else than that the file is damaged, or that its journal names no known version. */
function endOf<const SomeEnd extends End>(error: unknown, end: SomeEnd): SomeEnd {
  if (error instanceof StoreError && /^(corrupt|schema_newer)$/.test(error.code)) return end;
  throw error;
}

async function connectionsIn(file: string): Promise<unknown[]> {
  await using store = await openSqliteStore({ file });
  return store.pageConnections({ after: null, limit: 1000 });
}

describe("a damaged file", () => {
  it(`DB-05 is refused at the start, and not written to, wherever its structure has one flipped byte (${COPIES} copies)`, async () => {
    using directory = temporaryDirectory();
    const image = await makeDatabase(directory.file);
    const random = seededRandom(SEED);
    const offsets = structuralOffsets(image);
    expect(offsets.length).toBeGreaterThan(1_000);
    const file = join(directory.path, "copy.db");
    for (let copy = 0; copy < COPIES; copy += 1) {
      const offset = offsets[random(offsets.length)] ?? 0;
      const damaged = withFlippedByte(image, offset, 1 + random(255));
      writeFileSync(file, damaged);
      expect(await tryOut(file, []), `seed ${SEED}, copy ${copy}, byte ${offset}`).toBe("refused");
      expect(readFileSync(file).equals(damaged)).toBe(true);
    }
  });

  it(`DB-05 is refused as often as SQLite can tell, with one byte flipped anywhere in use (${COPIES} copies)`, async () => {
    using directory = temporaryDirectory();
    const image = await makeDatabase(directory.file);
    const before = await connectionsIn(directory.file);
    const random = seededRandom(SEED);
    const inUse = Array.from(image.keys()).filter((offset) => image[offset] !== 0);
    const file = join(directory.path, "copy.db");
    const ends: Record<End, number> = { refused: 0, "found when read": 0, changed: 0, whole: 0 };
    for (let copy = 0; copy < COPIES; copy += 1) {
      const offset = inUse[random(inUse.length)] ?? 0;
      writeFileSync(file, withFlippedByte(image, offset, 1 + random(255)));
      ends[await tryOut(file, before)] += 1;
    }
    // What is left lies in values of one row that no index holds and no checksum guards: see `refuseDamaged`.
    expect(ends.refused, `seed ${SEED}`).toBeGreaterThan(COPIES / 4);
  });

  it("DB-05 is not written to any more once damage is found, by this thread or the other", async () => {
    for (const writesOnThread of [false, true]) {
      using directory = temporaryDirectory();
      const file = join(directory.path, "open.db");
      await makeDatabase(directory.file);
      copyFileSync(directory.file, file);
      await using store = await openSqliteStore({ file, writesOnThread });
      await store.checkWritable();
      const other = new Database(file); // damages the tree under the open store
      const page = Number(
        other.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'connections'").pluck().get(),
      );
      other.pragma("wal_checkpoint(TRUNCATE)");
      other.close();
      const image = readFileSync(file);
      image.fill(0xa5, (page - 1) * PAGE_BYTES, page * PAGE_BYTES);
      writeFileSync(file, image);
      const toucher = await openSqliteTouched(file);
      await expect(store.pageConnections({ after: null, limit: 1000 })).rejects.toMatchObject({
        code: "corrupt",
      });
      await expect(store.checkWritable()).rejects.toMatchObject({ code: "corrupt", retryable: false });
      toucher.close();
    }
  });
});

/** A commit of another process makes an open store read the file anew. */
async function openSqliteTouched(file: string): Promise<Database.Database> {
  const other = new Database(file);
  other.pragma("user_version = 7");
  return other;
}
