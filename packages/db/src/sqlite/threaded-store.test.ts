import { mkdirSync, rmdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import {
  callbackOf,
  connect,
  days,
  historyRow,
  minutes,
  newAttempt,
  sealedToken,
} from "../contract/fixtures.ts";
import type { Store } from "../store.ts";
import { openDatabase } from "./connection.ts";
import { openSqliteStore } from "./open.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { noDamage } from "./damage.ts";
import { withWriterThread } from "./threaded-store.ts";
import { WRITE_METHODS } from "./writer-messages.ts";

const BUSY_TIMEOUT_MS = 300;

describe("a store that writes on a thread", () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  let store: Store;

  beforeEach(async () => {
    directory = temporaryDirectory();
    store = await openSqliteStore({
      file: directory.file,
      busyTimeoutMs: BUSY_TIMEOUT_MS,
      writesOnThread: true,
    });
  });
  afterEach(async () => {
    await store[Symbol.asyncDispose]();
    directory[Symbol.dispose]();
  });

  it("makes every call that writes there, and reads at once what it wrote", async () => {
    const called = new Set<string>();
    const watched = new Proxy(store, {
      get: (target, key, receiver) => {
        called.add(String(key));
        return Reflect.get(target, key, receiver) as unknown;
      },
    });
    const { userId, connectionId } = await connect(watched, "1", { nextRefreshAt: minutes(1) });
    const now = minutes(2);

    const [due] = await watched.claimDue({ owner: "w", now, leaseMs: 60_000, limit: 1 });
    if (due === undefined) throw new Error("Nothing was due.");
    const token = sealedToken("second");
    expect(await watched.saveRefreshed({ lease: due.lease, token, history: historyRow("a"), now })).toBe(
      true,
    );
    expect((await watched.findConnectionById(connectionId))?.sealedToken).toBe("v1.k1.second");

    const one = await watched.claimOne({ connectionId, owner: "w", leaseMs: 60_000 });
    if (one.kind !== "leased") throw new Error(`The claim ended as ${one.kind}.`);
    await watched.releaseLease(one.lease, days(1));
    const again = await watched.claimOne({ connectionId, owner: "w", leaseMs: 60_000 });
    if (again.kind !== "leased") throw new Error(`The claim ended as ${again.kind}.`);
    const failure = { reconnectReason: null, errorCode: "transient", nextRefreshAt: days(2), now };
    const history = historyRow("b", { outcome: "failed" });
    expect(await watched.recordFailure({ ...failure, lease: again.lease, history })).toBe(true);
    expect(await watched.listHistory({ userId, connectionId, limit: 9, before: null })).toHaveLength(3);

    await watched.createSignInAttempt(newAttempt("refused"));
    await watched.claimSignInAttempt({ ...callbackOf("refused"), codeHash: null });
    await watched.failSignInAttempt({
      id: "refused",
      errorCode: "user_denied",
      failedStep: "code",
      wallNow: now,
    });
    await watched.touchSession("session-first-1", minutes(3));
    expect((await watched.findSession("session-first-1", minutes(4)))?.lastSeenAt).toEqual(minutes(3));
    await watched.deleteSession("session-first-1");
    expect(await watched.findSession("session-first-1", minutes(4))).toBeNull();
    expect(await watched.disconnect({ userId, connectionId, now })).toBe(true);
    await watched.addKeyCheck({ keyId: "k1", sealed: "text" });
    await watched.beatProcess({ id: "prc-1", kind: "api", startedAt: now });
    expect(await watched.listRunningProcesses()).toHaveLength(1);
    await watched.removeProcess("prc-1");
    expect(await watched.listRunningProcesses()).toEqual([]);
    expect(await watched.listKeyChecks()).toEqual([{ keyId: "k1", sealed: "text" }]);
    await watched.checkWritable();
    expect(await watched.prune(days(3))).toBeGreaterThan(0);

    expect(WRITE_METHODS.filter((method) => !called.has(method))).toEqual([]);
  });

  it("keeps the class, the code and the cause of an error on its way", async () => {
    await store.createSignInAttempt(newAttempt("a"));
    const repeated = store.createSignInAttempt(newAttempt("a"));
    await expect(repeated).rejects.toBeInstanceOf(RangeError);
    await expect(repeated).rejects.toMatchObject({ cause: { code: "SQLITE_CONSTRAINT_PRIMARYKEY" } });
  });

  it("DB-02 leaves reading free while another process keeps the lock, and says busy at the end", async () => {
    await connect(store, "1");
    const holder = await openDatabase(directory.file, 100);
    holder.exec("BEGIN IMMEDIATE");
    const write = store.checkWritable();
    expect(await store.findConnectionById("con-1")).not.toBeNull();
    await expect(write).rejects.toMatchObject({ name: "StoreError", code: "busy", retryable: true });
    holder.exec("ROLLBACK");
    await store.checkWritable();
    holder.close();
  });

  it("settles what was asked for before it closes, and refuses the rest", async () => {
    const write = store.createSignInAttempt(newAttempt("a"));
    const closed = store[Symbol.asyncDispose]();
    await expect(store.checkWritable()).rejects.toMatchObject({ code: "unavailable" });
    await write;
    await closed;
    await expect(store.findConnectionById("con-1")).rejects.toMatchObject({ code: "unavailable" });
  });

  it("fails what was under way when the thread dies, and goes on with another", async () => {
    const file = `${directory.path}/later.db`;
    mkdirSync(file); // no database can be opened here
    const reader = await openSqliteStore({ file: directory.file });
    await using broken = withWriterThread(
      reader,
      { file, busyTimeoutMs: BUSY_TIMEOUT_MS, damage: noDamage() },
      Date.now,
    );
    await expect(broken.checkWritable()).rejects.toMatchObject({ name: "StoreError", code: "unavailable" });
    rmdirSync(file);
    await (await openSqliteStore({ file }))[Symbol.asyncDispose]();
    await broken.checkWritable();
  });

  it("has none for a database in memory", async () => {
    const opened = openSqliteStore({ file: ":memory:", writesOnThread: true });
    await expect(opened).rejects.toThrow("belongs to one thread");
  });
});
