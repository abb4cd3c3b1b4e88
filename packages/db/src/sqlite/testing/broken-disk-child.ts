import Database from "better-sqlite3";
import { closeSync, openSync, readdirSync, readlinkSync } from "node:fs";

import { connect, renewal } from "../../contract/fixtures.ts";
import { StoreError } from "../../store-error.ts";
import { migrate } from "../migrate.ts";
import { openDatabase } from "../connection.ts";
import { noDamage } from "../damage.ts";
import { openSqliteStore } from "../open.ts";
import { createSqliteStore } from "../store.ts";
import { answerParent } from "../../testing/child.ts";

/** How many token commits were refused while the disk was broken, and how many went well after each. */
export type BrokenDiskReport = {
  acknowledgedWhileBroken: number;
  refusedAs: string[];
  savedAfterwards: number;
};

const BUSY_TIMEOUT_MS = 1_000;
const OPEN_FILES = "/proc/self/fd";

/**
 * Puts a device in the place of the write-ahead log that this process has open, under the same number:
 * /dev/zero takes every write but refuses to sync, /dev/full refuses to write.
 */
await answerParent(async ([file = "", device = "", synchronous = "", count = "0"]) => {
  const sqlite = await openDatabase(file, BUSY_TIMEOUT_MS);
  await migrate(sqlite, BUSY_TIMEOUT_MS);
  // The log must not be restarted on the way: that syncs in weaker modes too.
  sqlite.pragma("wal_autocheckpoint = 0");
  if (synchronous !== "") {
    sqlite.pragma(`synchronous = ${synchronous}`);
    sqlite.exec = () => sqlite; // and it stays so: a store that forgot to ask for more
  }
  const store = createSqliteStore(sqlite, {
    leaseNow: Date.now,
    busyTimeoutMs: BUSY_TIMEOUT_MS,
    damage: noDamage(),
  });
  await connect(store, "1");

  const report: BrokenDiskReport = { acknowledgedWhileBroken: 0, refusedAs: [], savedAfterwards: 0 };
  const log = findOpenFile(`${file}-wal`);
  const other = await openSqliteStore({ file });
  for (let attempt = 0; attempt < Number(count); attempt += 1) {
    const claim = await store.claimOne({ connectionId: "con-1", owner: "w", leaseMs: 60_000 });
    if (claim.kind !== "leased") throw new Error(`The claim ended as ${claim.kind}.`);
    const save = (name: string) => store.saveRefreshed({ lease: claim.lease, ...renewal(name) });

    putInPlace(log, device);
    try {
      await save(`broken-${attempt}`);
      report.acknowledgedWhileBroken += 1;
    } catch (error) {
      report.refusedAs.push(nameOf(error));
    }
    putInPlace(log, `${file}-wal`);
    if (report.acknowledgedWhileBroken > 0) break; // the log has a hole now
    // While undoing, SQLite may have read pages back from the device; a commit of another drops them.
    await other.checkWritable();
    if (await save(`whole-${attempt}`)) report.savedAfterwards += 1;
  }
  return report;
});

/** What the store says, and what SQLite says below it. */
function nameOf(error: unknown): string {
  if (!(error instanceof StoreError) || !(error.cause instanceof Database.SqliteError)) return String(error);
  return `${error.code}: ${error.cause.code}`;
}

function findOpenFile(path: string): number {
  for (const name of readdirSync(OPEN_FILES)) {
    try {
      if (readlinkSync(`${OPEN_FILES}/${name}`) === path) return Number(name);
    } catch {
      continue; // the listing itself was open under this number
    }
  }
  throw new Error("The write-ahead log is not open.");
}

function putInPlace(descriptor: number, path: string): void {
  closeSync(descriptor);
  const opened = openSync(path, "r+");
  if (opened !== descriptor) throw new Error("The file was opened under another number.");
}
