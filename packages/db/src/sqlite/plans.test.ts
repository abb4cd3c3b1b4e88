import type Database from "better-sqlite3";
import { closeSync, openSync, writeSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { NOW } from "../contract/fixtures.ts";
import { migrate } from "./migrate.ts";
import { openDatabase } from "./connection.ts";
import { noDamage } from "./damage.ts";
import { createSqliteStore } from "./store.ts";
import { openExplainingSqliteStore } from "./testing/explaining-store.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";

const PAGE_BYTES = 4096;

/** Fills a database with connections, of which the first `due` are due. */
function fill(sqlite: Database.Database, count: number, due: number): void {
  sqlite.exec("INSERT INTO users VALUES ('usr', 0)");
  const insert = sqlite.prepare(`
    WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
    INSERT INTO connections (id, user_id, account_id, app_scoped_id, flavour, app_id, status, username,
      account_type, sealed_token, token_expires_at, is_expiry_estimated, next_refresh_at, failed_attempts,
      version, created_at, updated_at)
    SELECT 'con-' || n, 'usr', n, n, 'instagram', 'app', 'active', 'name', 'BUSINESS', hex(randomblob(200)),
      ? + n, 0, ? + iif(n <= ?, 0, 86400000 + n), 0, 1, 0, 0
    FROM number`);
  insert.run(count, NOW.getTime(), NOW.getTime(), due);
}

/** The pages that hold the entries of a table or index, in the order of the entries. */
function leavesOf(sqlite: Database.Database, name: string): number[] {
  const leaves = "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path";
  return sqlite.prepare<[string], number>(leaves).pluck().all(name);
}

function damagePages(file: string, pages: readonly number[]): void {
  const descriptor = openSync(file, "r+");
  for (const page of pages)
    writeSync(descriptor, Buffer.alloc(PAGE_BYTES, 0xa5), 0, PAGE_BYTES, (page - 1) * PAGE_BYTES);
  closeSync(descriptor);
}

describe("query plans", () => {
  it("find due connections in their index alone, in its order, and read only the rows they take", async () => {
    const { store, prepared, planOf } = await openExplainingSqliteStore(":memory:", () => NOW.getTime());
    const claims = prepared.filter((source) =>
      /^update .* set "lease_owner" = .*next_refresh_at" <= /.test(source),
    );
    expect(claims).toHaveLength(4); // all that is due, that but for paused apps, what was left, one app's
    for (const claim of claims) {
      const [taken, ...found] = planOf(claim);
      expect(taken).toMatch(
        /^SEARCH connections USING (COVERING )?INDEX sqlite_autoindex_connections_1 \(id=\?\)$/,
      );
      const ofPaused = /^(LIST SUBQUERY \d|SCAN json_each VIRTUAL TABLE INDEX 1:|CREATE BLOOM FILTER)$/;
      expect(found.filter((step) => !ofPaused.test(step))).toEqual([
        "SEARCH connections USING COVERING INDEX connections_due (next_refresh_at<?)",
      ]);
    }
    await store[Symbol.asyncDispose]();
  });

  it("search an index in every statement of the store; only given lists and what is few are walked", async () => {
    const { store, prepared, planOf } = await openExplainingSqliteStore(":memory:", () => NOW.getTime());
    const scans = prepared.flatMap((source) => planOf(source).filter((step) => step.startsWith("SCAN")));
    expect(prepared.length).toBeGreaterThan(20);
    expect(scans).toEqual([
      "SCAN connections USING INDEX sqlite_autoindex_connections_1", // by username, for operators
      "SCAN json_each VIRTUAL TABLE INDEX 1:", // the users that are asked for
      "SCAN json_each VIRTUAL TABLE INDEX 1:", // paused apps
      "SCAN json_each VIRTUAL TABLE INDEX 1:",
      "SCAN app_breakers USING INDEX sqlite_autoindex_app_breakers_1",
      "SCAN threshold EXISTS VIRTUAL TABLE INDEX 1:",
      "SCAN alerts USING INDEX alerts_age", // the newest ones, up to a limit
      "SCAN sinks", // in numbers
      "SCAN sign_in_attempts", // those of somebody who is erased: rows live for a day
      "SCAN sign_in_attempts",
      "SCAN meta_callbacks USING INDEX meta_callbacks_open", // those that wait
      "SCAN CONSTANT ROW",
      "SCAN (subquery-7)",
      // The fleet in numbers: from one end of an index to the other.
      "SCAN connections USING COVERING INDEX connections_due",
      "SCAN connections USING COVERING INDEX connections_expiry",
      "SCAN connections USING COVERING INDEX connections_expiry",
      "SCAN processes",
      "SCAN processes USING INDEX sqlite_autoindex_processes_1",
      "SCAN connections", // the keys that texts are sealed with, counted by a rotation: five columns
      "SCAN connections",
      "SCAN sign_in_attempts",
      "SCAN sinks",
      "SCAN sink_farewells",
      "SCAN on_page", // the users of one page
      "SCAN api_keys", // to delete revoked ones: a few for each user
      "SCAN key_checks USING INDEX sqlite_autoindex_key_checks_1",
      "SCAN CONSTANT ROW",
    ]);
    await store[Symbol.asyncDispose]();
  });

  it("visit only what is due: claims succeed where all the rest is unreadable, what waits for its app too", async () => {
    using directory = temporaryDirectory();
    const sqlite = await openDatabase(directory.file, 100);
    await migrate(sqlite, 100);
    fill(sqlite, 20_000, 5);
    // The last connections wait for their app, and have been due for longer than the first.
    sqlite.exec(
      "UPDATE connections SET app_id = 'paused', next_refresh_at = next_refresh_at - 9e9 WHERE rowid > 19990",
    );
    sqlite.pragma("wal_checkpoint(TRUNCATE)");
    // A row that grows may be given room on the leaves beside its own.
    const unneeded = ["connections", "connections_due"].flatMap((name) => leavesOf(sqlite, name).slice(4));
    sqlite.close();
    expect(unneeded.length).toBeGreaterThan(500);
    damagePages(directory.file, unneeded);

    // Opened as it is: a whole start would refuse the file.
    const damaged = await openDatabase(directory.file, 100);
    const settings = { leaseNow: () => NOW.getTime(), busyTimeoutMs: 100, damage: noDamage() };
    await using store = createSqliteStore(damaged, settings);
    const of = { kind: "due", pausedApps: [{ flavour: "instagram", appId: "paused" }] } as const;
    const claimed = await store.claimDue({ owner: "w", now: NOW, leaseMs: 60_000, limit: 100, of });
    const ids = claimed.map(({ connection }) => connection.id);
    expect(ids).toEqual(["con-1", "con-2", "con-3", "con-4", "con-5"]);
    const all = store.pageConnections({ after: null, limit: 20_000 });
    await expect(all).rejects.toMatchObject({ code: "corrupt" });
  });
});
