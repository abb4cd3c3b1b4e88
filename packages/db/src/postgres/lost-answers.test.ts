import { describe, expect, it } from "vitest";

import {
  ALL_DUE,
  beginSignIn,
  callbackOf,
  completion,
  connect,
  failureOf,
  minutes,
  newAlert,
  newAttempt,
  NOW,
  renewal,
  sealedToken,
} from "../contract/fixtures.ts";
import type { Lease } from "../records.ts";
import type { Store } from "../store.ts";
import { createTestDatabase } from "../testing/vitest.ts";
import { openPostgresStore } from "./open.ts";
import { tapWire } from "./testing/wire-tap.ts";

/** A store whose connections can be cut between a commit and its answer. */
async function openBench() {
  const database = await createTestDatabase();
  const tap = await tapWire(database.url);
  const store = await openPostgresStore({ url: tap.url });
  return {
    store,
    cutNextCommit: tap.cutNextCommit,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
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

  it("DB-08 completes a sign-in once, and tells its result", async () => {
    await using bench = await openBench();
    await beginSignIn(bench.store, "a");
    bench.cutNextCommit();
    const ids = { kind: "completed", userId: "usr-a", connectionId: "con-1" };
    const first = await bench.store.completeSignIn(completion("a", "1"));
    expect(first).toEqual({ ...ids, isNewUser: true, isNewConnection: true });
    expect((await bench.store.findConnectionById("con-1"))?.version).toBe(1);

    await beginSignIn(bench.store, "b");
    bench.cutNextCommit();
    const again = await bench.store.completeSignIn(completion("b", "1", { now: minutes(5) }));
    expect(again).toEqual({ ...ids, isNewUser: false, isNewConnection: false });
    expect((await bench.store.findConnectionById("con-1"))?.version).toBe(2);
    expect(await bench.store.completeSignIn(completion("b", "1"))).toEqual({ kind: "attempt_gone" });
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
