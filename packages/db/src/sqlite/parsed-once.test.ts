import { describe, expect, it } from "vitest";

import { NOW } from "../contract/fixtures.ts";
import { openDatabase } from "./connection.ts";
import { migrate } from "./migrate.ts";
import { openExplainingSqliteStore } from "./testing/explaining-store.ts";

const BATCHES = 30;
const RUNS = 100;

/** The least time that a batch of runs takes. */
function leastMs(run: () => void): number {
  const batches = Array.from({ length: BATCHES }, () => {
    const start = performance.now();
    for (let index = 0; index < RUNS; index += 1) run();
    return performance.now() - start;
  });
  return Math.min(...batches);
}

describe("statements that are parsed once", () => {
  it("are all those of the store: what varies has a plus, and a status that is always the same is written out", async () => {
    const { store, prepared } = await openExplainingSqliteStore(":memory:", () => NOW.getTime());
    expect(prepared.filter((source) => /(?<!\+)\?/.test(source))).toEqual([]);
    expect(prepared.filter((source) => source.includes(`"status" <> 'disconnected'`)).length).toBeGreaterThan(
      2,
    );
    await store[Symbol.asyncDispose]();
  });

  it("take less time, as SQLite parses others at each run", async () => {
    const sqlite = await openDatabase(":memory:", 100);
    await migrate(sqlite, 100);
    const bare =
      "SELECT id, status FROM connections WHERE user_id = ? AND status <> ? ORDER BY created_at, id LIMIT ?";
    const atEachRun = sqlite.prepare(bare);
    const once = sqlite.prepare(
      bare.replace("status <> ?", "status <> 'disconnected'").replaceAll("?", "+?"),
    );
    const onceMs = leastMs(() => void once.all("usr", 10));
    // Four times as long on a quiet machine.
    expect(leastMs(() => void atEachRun.all("usr", "disconnected", 10))).toBeGreaterThan(1.3 * onceMs);
    sqlite.close();
  });
});
