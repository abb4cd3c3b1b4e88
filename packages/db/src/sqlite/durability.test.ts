import { closeSync, existsSync, fdatasyncSync, openSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, type TestContext } from "vitest";

import { connect } from "../contract/fixtures.ts";
import { openDatabase } from "./connection.ts";
import { openSqliteStore } from "./open.ts";
import type { BrokenDiskReport } from "./testing/broken-disk-child.ts";
import { runTogether, startChild } from "../testing/run-child.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import type { WriteReport } from "./testing/write-child.ts";

const BROKEN_DISK_CHILD = new URL("./testing/broken-disk-child.ts", import.meta.url);
const WRITE_CHILD = new URL("./testing/write-child.ts", import.meta.url);
const PROCESSES_TIMEOUT_MS = 60_000;
const COMMITS = 200;

/** The proof needs Linux: open files by number, and a device that takes writes but no syncs. */
function skipWithoutDevices(context: TestContext): void {
  const isComplete = ["/proc/self/fd", "/dev/zero", "/dev/full"].every((path) => existsSync(path));
  if (!isComplete || canSync("/dev/zero")) {
    context.skip("NOT PROVED HERE: this machine has no devices that a sync fails on.");
  }
}

function canSync(path: string): boolean {
  const file = openSync(path, "r+");
  try {
    fdatasyncSync(file);
    return true;
  } catch {
    return false;
  } finally {
    closeSync(file);
  }
}

function breakDisk(file: string, device: string, synchronous: string, count: number) {
  const args = [file, device, synchronous, String(count)];
  return startChild<BrokenDiskReport>(BROKEN_DISK_CHILD, args).run();
}

describe("durability", { timeout: PROCESSES_TIMEOUT_MS }, () => {
  it("DB-01 asks the disk for a sync in each of 200 token commits and acknowledges none without", async (context) => {
    skipWithoutDevices(context);
    using directory = temporaryDirectory();
    expect(await breakDisk(directory.file, "/dev/zero", "", COMMITS)).toEqual({
      acknowledgedWhileBroken: 0,
      refusedAs: Array.from({ length: COMMITS }, () => "unavailable: SQLITE_IOERR_FSYNC"),
      savedAfterwards: COMMITS,
    });
  });

  it("DB-01 is proved by a test that finds the driver's weaker default out", async (context) => {
    skipWithoutDevices(context);
    using directory = temporaryDirectory();
    const report = await breakDisk(directory.file, "/dev/zero", "NORMAL", 1);
    expect(report).toEqual({ acknowledgedWhileBroken: 1, refusedAs: [], savedAfterwards: 0 });
  });

  it("DB-03 acknowledges nothing while the disk is full, and goes on when there is room again", async (context) => {
    skipWithoutDevices(context);
    using directory = temporaryDirectory();
    expect(await breakDisk(directory.file, "/dev/full", "", 20)).toEqual({
      acknowledgedWhileBroken: 0,
      refusedAs: Array.from({ length: 20 }, () => "unavailable: SQLITE_FULL"),
      savedAfterwards: 20,
    });
  });

  it("DB-01 sets what makes commits durable, and reads it back", async () => {
    using directory = temporaryDirectory();
    const sqlite = await openDatabase(directory.file, 100);
    const pragmas = ["journal_mode", "synchronous", "foreign_keys"];
    expect(pragmas.map((name) => sqlite.pragma(name, { simple: true }))).toEqual(["wal", 2, 1]);
    sqlite.close();
  });

  it("TS-09 makes its directory and files for their owner only", async () => {
    using directory = temporaryDirectory();
    const data = join(directory.path, "deep", "data");
    await using store = await openSqliteStore({ file: join(data, "perennial.db") });
    await connect(store, "1");
    const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
    const modes = Object.fromEntries(readdirSync(data).map((name) => [name, modeOf(join(data, name))]));
    expect(modes).toEqual({ "perennial.db": "600", "perennial.db-shm": "600", "perennial.db-wal": "600" });
    expect([modeOf(data), modeOf(join(directory.path, "deep"))]).toEqual(["700", "700"]);
  });

  it("DB-02 lets four processes with 50 writers each write without a busy error", async () => {
    using directory = temporaryDirectory();
    await using store = await openSqliteStore({ file: directory.file });
    const args = ["a", "b", "c", "d"].map((name) => [directory.file, name, "50", "10"]);
    const reports = await runTogether<WriteReport>(WRITE_CHILD, args);
    expect(reports.flatMap((report) => report.refused)).toEqual([]);
    expect(reports.map((report) => report.written)).toEqual([500, 500, 500, 500]);
    const lastOne = await store.findSignInAttempt({ id: "d-49-9", browserHash: "browser-d-49-9" });
    expect(lastOne).not.toBeNull();
  });
});
