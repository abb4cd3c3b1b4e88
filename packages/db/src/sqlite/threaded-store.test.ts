import { mkdirSync, rmdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { auditEvent } from "../contract/audit.ts";
import {
  ALL_DUE,
  beginSignIn,
  callbackOf,
  connect,
  days,
  failureOf,
  historyRow,
  leaseOf,
  minutes,
  newAccount,
  newAlert,
  newAttempt,
  renewal,
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

    const [due] = await watched.claimDue({ owner: "w", now, leaseMs: 60_000, limit: 1, of: ALL_DUE });
    if (due === undefined) throw new Error("Nothing was due.");
    expect(await watched.recordIntent({ lease: due.lease, leaseMs: 60_000, now })).toBe(true);
    expect(await watched.saveRefreshed({ lease: due.lease, ...renewal("second") })).toBe(true);
    expect((await watched.findConnectionById(connectionId))?.sealedToken).toBe("v1.k1.second");

    const one = await watched.claimOne({ connectionId, owner: "w", leaseMs: 60_000 });
    if (one.kind !== "leased") throw new Error(`The claim ended as ${one.kind}.`);
    await watched.releaseLease(one.lease, days(1));
    const again = await watched.claimOne({ connectionId, owner: "w", leaseMs: 60_000 });
    if (again.kind !== "leased") throw new Error(`The claim ended as ${again.kind}.`);
    expect(await watched.recordFailure({ lease: again.lease, ...failureOf("b") })).toBe(true);
    expect(await watched.listHistory({ userId, connectionId, limit: 9, before: null })).toHaveLength(3);

    const third = await leaseOf(watched, connectionId);
    const restored = { lease: third, nextRefreshAt: days(2), history: historyRow("c"), alerts: [], now };
    expect(await watched.restorePrevious(restored)).toBe(true);

    const app = { flavour: "instagram", appId: "app-1" } as const;
    const breaker = { app, errorCode: "transient", waitMs: 0, now };
    expect(await watched.openBreaker({ ...breaker, alert: newAlert("degraded") })).toBe(true);
    expect(await watched.takeProbe({ app, probes: 0, waitMs: 60_000 })).toBe(true);
    expect(await watched.releaseBacklog({ app, beforeExpiryMs: 0, now: days(90), limit: 9 })).toBe(1);
    expect(await watched.closeBreaker({ app, alert: newAlert("recovered") })).toBe(true);

    const { version } = (await watched.findConnectionById(connectionId)) ?? { version: 0 };
    const alert = newAlert("expiring", { accountId: "1", deliverAt: now });
    expect(await watched.warnExpiring({ connectionId, version, warnedDays: 7, alert })).toBe(true);
    expect(await watched.claimAlerts({ wallNow: now, leaseMs: 60_000, limit: 9 })).toHaveLength(1);
    const delivery = {
      id: "d",
      alertId: "expiring",
      startedAt: now,
      durationMs: 5,
      httpStatus: 204,
      errorCode: null,
    };
    await watched.recordAlertDelivery({ delivery, outcome: { kind: "delivered" } });
    expect(await watched.listAlertDeliveries("expiring")).toEqual([delivery]);

    const sink = {
      id: "snk",
      connectionId,
      kind: "redis",
      name: "S",
      target: "t",
      sealedSettings: "s",
    } as const;
    expect(await watched.createSink({ sink: { ...sink, createdAt: now }, most: 1 })).toBe("created");
    expect(await watched.updateSink({ ...sink, name: "Sink", updatedAt: now })).toBe(true);
    expect(await watched.claimSinks({ owner: "w", leaseMs: 0, limit: 9 })).toHaveLength(1);
    const claim = await watched.claimSink({ id: "snk", owner: "w", leaseMs: 60_000 });
    if (claim.kind !== "leased") throw new Error("The sink was not free.");
    const given = { id: "dlv", sinkId: "snk", startedAt: now, durationMs: 5, tokenIssuedAt: now };
    await watched.recordSinkDelivery({
      lease: claim.lease,
      delivery: { ...given, httpStatus: null, errorCode: null },
      outcome: { kind: "delivered" },
    });
    expect(await watched.sinkStats()).toEqual({ sinks: 1, waiting: 0, failing: 0 });
    expect(await watched.deleteSink({ id: "snk", connectionId })).toBe(true);

    await watched.createRun({ id: "run", processId: "prc-1", startedAt: now });
    await watched.finishRun({ id: "run", finishedAt: now, counts: { refreshed: 1 }, errorCode: null });
    expect(await watched.findRun("run")).toMatchObject({ counts: { refreshed: 1 } });
    expect(await watched.fleetStats(now)).toMatchObject({ active: 1, nearestExpiryAt: days(60) });

    await watched.createSignInAttempt(newAttempt("refused"));
    await watched.claimSignInAttempt({ ...callbackOf("refused"), codeHash: null });
    await watched.failSignInAttempt({
      id: "refused",
      errorCode: "user_denied",
      failedStep: "code",
      transcript: null,
      wallNow: now,
    });
    await beginSignIn(watched, "choice");
    expect(await watched.offerChoice({ id: "choice", sealedChoice: "v1.k1.c", expiresAt: days(1) })).toBe(
      true,
    );
    expect(await watched.takeChoice("choice")).toBe(true);
    const history = historyRow("look", { kind: "validate" });
    const stale = { connectionId, version: 0, finding: { kind: "refused" }, history, now } as const;
    expect(await watched.recordValidation(stale)).toBe(false);
    const brought = {
      flavour: "instagram",
      account: newAccount("brought", "2"),
      userId,
      audit: null,
    } as const;
    const imported = await watched.importAccount({ ...brought, newUserId: "usr-2", now, wallNow: now });
    expect(imported.kind).toBe("imported");
    const key = {
      id: "key",
      userId,
      name: "Key",
      secretHash: "secret",
      hint: "a1B2",
      createdAt: now,
    } as const;
    const open = { connectionIds: null, allowedAddresses: null, expiresAt: null };
    await watched.createApiKey({ ...key, ...open, actions: ["token"] });
    await watched.touchApiKey("key", now);
    expect(await watched.revokeApiKey({ userId, id: "key", wallNow: now })).toBe(true);
    expect(await watched.findApiKey("secret")).toMatchObject({ lastUsedAt: now, revokedAt: now });
    const limit = { name: "limit", limit: 3, windowMs: 60_000 };
    const { windowEndsAt } = await watched.takePermits({ ...limit, wanted: 3 });
    await watched.returnPermits({ name: "limit", count: 1, windowEndsAt });
    expect(await watched.takePermits({ ...limit, wanted: 3 })).toMatchObject({ granted: 1, left: 0 });
    await watched.touchSession("session-first-1", minutes(3));
    expect((await watched.findSession("session-first-1", minutes(4)))?.lastSeenAt).toEqual(minutes(3));
    await watched.deleteSession("session-first-1");
    expect(await watched.deleteSessions({ userId, exceptIdHash: null })).toBe(0);
    const callback = {
      id: "mcb",
      kind: "deauthorize",
      flavour: "instagram",
      providerUserId: "7",
      issuedAt: now,
      confirmationCode: null,
      acceptedAt: now,
    } as const;
    expect(await watched.acceptMetaCallback({ callback, audit: auditEvent("aud-1") })).toMatchObject({
      isNew: true,
    });
    const completion = { id: "mcb", issuedAt: now, outcome: "unknown", completedAt: now } as const;
    expect(await watched.completeMetaCallback({ ...completion, audit: auditEvent("aud-2") })).toBe(true);
    const claim9 = { wallNow: now, leaseMs: 1, limit: 9 };
    expect(await watched.claimFarewells(claim9)).toEqual([]);
    await watched.settleFarewell({ id: "snk", nextDeliveryAt: null });
    const person = { flavour: "instagram", providerUserId: "9" } as const;
    const gone = { authorizedBefore: now, erasedAt: now, audit: auditEvent("aud-4") };
    expect(await watched.eraseIdentities({ ...person, ...gone })).toBe(false);
    expect(await watched.eraseConnection({ connectionId: "con-9", ...gone })).toBe("gone");
    expect(await watched.eraseUser({ userId: "usr-9", ...gone })).toBe(false);
    const revoked = { connectionId: "con-9", flavour: "instagram", errorCode: "token_revoked" } as const;
    const told = { alert: newAlert("late"), now, wallNow: now, authorizedBefore: now };
    expect(await watched.revokeConnection({ ...revoked, ...told })).toBe("gone");
    await watched.appendAuditEvents([auditEvent("aud-3")]);
    expect(await watched.listAuditEvents({ userId: null, before: null, limit: 9 })).toHaveLength(3);
    expect(await watched.findSession("session-first-1", minutes(4))).toBeNull();
    expect(await watched.disconnect({ userId, connectionId, now })).toBe(true);
    await watched.addKeyCheck({ keyId: "k1", sealed: "text" });
    await watched.beatProcess({ id: "prc-1", kind: "api", startedAt: now, sweptAt: null, keyIds: null });
    expect(await watched.listRunningProcesses()).toHaveLength(1);
    await watched.removeProcess("prc-1");
    expect(await watched.listRunningProcesses()).toEqual([]);
    expect(await watched.listKeyChecks()).toEqual([{ keyId: "k1", sealed: "text", retiredAt: null }]);
    expect(await watched.countSealed()).toContainEqual({
      column: "connections.sealed_token",
      keyId: "k1",
      rows: 1,
    });
    const rewraps = [{ id: "con-2", from: "v1.k1.brought", to: "v1.k2.brought" }];
    expect(await watched.rewrapSealed({ column: "connections.sealed_token", rewraps })).toBe(1);
    expect(await watched.retireKey({ keyId: "k1", wallNow: now })).toBeGreaterThan(0);
    await watched.checkWritable();
    expect(await watched.readDurability()).toContainEqual({
      name: "synchronous",
      value: "FULL",
      isDurable: true,
    });
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

  it("AK-03 counts what its thread wrote before it says so, even where the database was asked in the same turn", async () => {
    const reader = await openSqliteStore({ file: directory.file });
    const askedBefore = { ...reader, changeCount: () => 5 };
    const data = { file: directory.file, busyTimeoutMs: BUSY_TIMEOUT_MS, damage: noDamage() };
    await using own = withWriterThread(askedBefore, data, Date.now);
    await own.checkWritable();
    const first = own.changeCount();
    expect(first).toBeGreaterThan(5);
    expect(own.changeCount()).toBe(first);
    await own.checkWritable();
    expect(own.changeCount()).toBeGreaterThan(first ?? Number.NaN);
    await using untold = withWriterThread({ ...reader, changeCount: () => null }, data, Date.now);
    expect(untold.changeCount()).toBeNull();
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
