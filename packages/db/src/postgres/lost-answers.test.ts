import { describe, expect, it } from "vitest";

import { auditEvent } from "../contract/audit.ts";
import {
  ALL_DUE,
  beginSignIn,
  callbackOf,
  completion,
  connect,
  failureOf,
  historyRow,
  minutes,
  newAccount,
  newAlert,
  newAttempt,
  NOW,
  renewal,
  sealedToken,
} from "../contract/fixtures.ts";
import type { Store } from "../store.ts";
import type { Lease } from "../store/leases.ts";
import { createTestDatabase } from "../testing/vitest.ts";
import { openPostgresStore } from "./open.ts";
import { tapWire } from "./testing/wire-tap.ts";

/** A store whose connections can be cut between a commit and its answer. */
async function openBench() {
  const database = await createTestDatabase();
  const tap = await tapWire(database.url);
  const store = await openPostgresStore({ url: tap.url });
  const other = await openPostgresStore({ url: database.url });
  return {
    store,
    /** Another process, whose answers arrive. */
    other,
    cutNextCommit: tap.cutNextCommit,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
      await tap[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

async function leaseOf(store: Store): Promise<Lease> {
  const claim = await store.claimOne({ connectionId: "con-1", owner: "w", leaseMs: 60_000 });
  if (claim.kind !== "leased") throw new Error(`The claim ended as ${claim.kind}.`);
  return claim.lease;
}

describe("an answer that is lost after the commit", () => {
  it("DB-08 gives a claim the lease that it has taken already", async () => {
    await using bench = await openBench();
    await connect(bench.store, "1", { nextRefreshAt: NOW });
    bench.cutNextCommit();
    const lease = await leaseOf(bench.store);
    await bench.store.releaseLease(lease, null);
    bench.cutNextCommit();
    const due = await bench.store.claimDue({ owner: "w", now: NOW, leaseMs: 60_000, limit: 5, of: ALL_DUE });
    expect(due).toHaveLength(1);
  });

  it("DB-08 lets a refresh be saved once, and known as saved", async () => {
    await using bench = await openBench();
    const { userId } = await connect(bench.store, "1");
    const lease = await leaseOf(bench.store);
    bench.cutNextCommit();
    const alerts = [newAlert("recovered", { accountId: "1" })];
    expect(await bench.store.saveRefreshed({ lease, ...renewal("new", { alerts }) })).toBe(true);
    expect(await bench.store.listAllAlerts({ limit: 9 })).toHaveLength(1);
    expect(await bench.store.findConnectionById("con-1")).toMatchObject({
      ...sealedToken("new"),
      previousSealedToken: "v1.k1.first-1",
      version: 2,
    });

    const next = await leaseOf(bench.store);
    bench.cutNextCommit();
    expect(await bench.store.recordFailure({ lease: next, ...failureOf("f") })).toBe(true);
    const failed = await bench.store.findConnectionById("con-1");
    expect(failed).toMatchObject({ failedAttempts: 1, version: 3 });
    const history = await bench.store.listHistory({ userId, connectionId: "con-1", limit: 9, before: null });
    expect(history).toHaveLength(3);
  });

  it("DB-08 lets an intent be noted, and the previous token be restored once", async () => {
    await using bench = await openBench();
    const { userId } = await connect(bench.store, "1");
    await bench.store.saveRefreshed({ lease: await leaseOf(bench.store), ...renewal("new") });
    const lease = await leaseOf(bench.store);
    bench.cutNextCommit();
    expect(await bench.store.recordIntent({ lease, leaseMs: 60_000, now: NOW })).toBe(true);
    const alerts = [newAlert("alt", { accountId: "1" })];
    const restored = { lease, nextRefreshAt: NOW, history: historyRow("r"), alerts, now: minutes(9) };
    bench.cutNextCommit();
    expect(await bench.store.restorePrevious(restored)).toBe(true);
    const connection = await bench.store.findConnectionById("con-1");
    expect(connection).toMatchObject({ sealedToken: "v1.k1.first-1", previousSealedToken: null, version: 3 });
    expect(await bench.store.listAlerts({ userId, limit: 9 })).toHaveLength(1);
  });

  it("DB-08 warns once, and counts each attempt to send an alert once", async () => {
    await using bench = await openBench();
    await connect(bench.store, "1");
    const alert = newAlert("alt", { accountId: "1", deliverAt: NOW });
    bench.cutNextCommit();
    const warning = { connectionId: "con-1", version: 1, warnedDays: 7, alert };
    expect(await bench.store.warnExpiring(warning)).toBe(true);
    expect((await bench.store.findConnectionById("con-1"))?.version).toBe(2);

    const delivery = {
      id: "d",
      alertId: "alt",
      startedAt: NOW,
      durationMs: 1,
      httpStatus: null,
      errorCode: "e",
    };
    bench.cutNextCommit();
    await bench.store.recordAlertDelivery({ delivery, outcome: { kind: "given_up" } });
    expect(await bench.store.listAllAlerts({ limit: 9 })).toMatchObject([{ deliveryAttempts: 1 }]);
    bench.cutNextCommit();
    await bench.store.createRun({ id: "run", processId: "p", startedAt: NOW });
    await expect(bench.store.createRun({ id: "run", processId: "p", startedAt: NOW })).rejects.toThrow(
      RangeError,
    );
  });

  it("DB-08 leaves alerts that it took for somebody who is not told, until that claim has lapsed", async () => {
    await using bench = await openBench();
    await connect(bench.store, "1");
    const alerts = [newAlert("alt", { accountId: "1", deliverAt: NOW })];
    await bench.store.saveRefreshed({ lease: await leaseOf(bench.store), ...renewal("new", { alerts }) });
    bench.cutNextCommit();
    expect(await bench.store.claimAlerts({ wallNow: NOW, leaseMs: 60_000, limit: 9 })).toEqual([]);
    expect(await bench.store.claimAlerts({ wallNow: minutes(1), leaseMs: 60_000, limit: 9 })).toHaveLength(1);
  });

  it("DB-08 ends as unavailable where a breaker was opened, probed or closed by nobody knows whom", async () => {
    await using bench = await openBench();
    const app = { flavour: "instagram", appId: "app-1" } as const;
    const lost = { code: "unavailable", message: expect.stringContaining("may be done") as string };
    bench.cutNextCommit();
    const opened = bench.store.openBreaker({
      app,
      errorCode: "e",
      waitMs: 0,
      now: NOW,
      alert: newAlert("a"),
    });
    await expect(opened).rejects.toMatchObject(lost);
    bench.cutNextCommit();
    const probed = bench.store.takeProbe({ app, probes: 0, waitMs: 0 });
    await expect(probed).rejects.toMatchObject(lost);
    expect(await bench.store.listOpenBreakers()).toMatchObject([{ probes: 1, incidentId: "a" }]);
    bench.cutNextCommit();
    const closed = bench.store.closeBreaker({ app, alert: newAlert("b") });
    await expect(closed).rejects.toMatchObject(lost);
    expect(await bench.store.listOpenBreakers()).toEqual([]);
    expect(await bench.store.listAllAlerts({ limit: 9 })).toHaveLength(2);
  });

  it("DB-08 completes a sign-in once, and tells its result", async () => {
    await using bench = await openBench();
    await beginSignIn(bench.store, "a");
    bench.cutNextCommit();
    const ids = { kind: "completed", userId: "usr-a" };
    const connection = { connectionId: "con-1" };
    const first = await bench.store.completeSignIn(completion("a", "1"));
    expect(first).toEqual({ ...ids, isNewUser: true, connections: [{ ...connection, isNew: true }] });
    expect((await bench.store.findConnectionById("con-1"))?.version).toBe(1);

    await beginSignIn(bench.store, "b");
    bench.cutNextCommit();
    const again = await bench.store.completeSignIn(completion("b", "1", { now: minutes(5) }));
    expect(again).toEqual({ ...ids, isNewUser: false, connections: [{ ...connection, isNew: false }] });
    expect((await bench.store.findConnectionById("con-1"))?.version).toBe(2);
    expect(await bench.store.completeSignIn(completion("b", "1"))).toEqual({ kind: "attempt_gone" });
  });

  it("DB-08 keeps a token that was brought by hand once, and not once more when its user was erased since", async () => {
    await using bench = await openBench();
    const history = historyRow("brought", { kind: "import", trigger: "person" });
    const brought = {
      flavour: "instagram",
      account: newAccount("import", "1", { history }),
      userId: null,
      newUserId: "usr-new",
      audit: auditEvent("imported"),
      now: NOW,
      wallNow: NOW,
    } as const;
    const ids = { kind: "imported", userId: "usr-new", connectionId: "con-1" };
    bench.cutNextCommit();
    expect(await bench.store.importAccount(brought)).toEqual({ ...ids, isNew: true });
    expect((await bench.store.findConnectionById("con-1"))?.version).toBe(1);

    const again = { ...brought.account, history: { ...history, id: "brought-again" } };
    const renewed = {
      ...brought,
      newUserId: "usr-other",
      account: again,
      audit: auditEvent("imported-again"),
      now: minutes(3),
    };
    bench.cutNextCommit(async () => {
      const audit = auditEvent("erased");
      await bench.other.eraseUser({ userId: "usr-new", erasedAt: NOW, audit });
    });
    expect(await bench.store.importAccount(renewed)).toEqual({ kind: "user_missing" });
    expect(await bench.store.findConnectionIdByAccount("1")).toBeNull();
  });

  it("DB-08 begins a sign-in once", async () => {
    await using bench = await openBench();
    bench.cutNextCommit();
    await bench.store.createSignInAttempt(newAttempt("a"));
    await expect(bench.store.createSignInAttempt(newAttempt("a"))).rejects.toThrow(RangeError);
  });

  it("DB-08 ends as unavailable where nobody could tell who has done it, and it is done once", async () => {
    await using bench = await openBench();
    await bench.store.createSignInAttempt(newAttempt("a"));
    const lost = { code: "unavailable", message: expect.stringContaining("may be done") as string };
    bench.cutNextCommit();
    await expect(bench.store.claimSignInAttempt(callbackOf("a"))).rejects.toMatchObject(lost);
    const attempt = await bench.store.findSignInAttempt({ id: "a", browserHash: "browser-a" });
    expect(attempt?.status).toBe("exchanging");
  });
});
