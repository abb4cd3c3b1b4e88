import { describe, expect, it } from "vitest";

import { ALL_DUE, connect, days, newAttempt, NOW, renewal } from "../contract/fixtures.ts";
import { openStore } from "../open-store.ts";
import type { Store } from "../store.ts";
import type { GuardState, Movable } from "./movable.ts";
import { freshDatabase, open, removeDatabasesAfterAll, type EngineName } from "./testing/two-ends.ts";

removeDatabasesAfterAll();

const MOVED = { name: "StoreError", code: "moved", retryable: false };

async function openGuarded(engine: EngineName) {
  const address = await freshDatabase(engine);
  const stack = new AsyncDisposableStack();
  const store = stack.use(await openStore(address, { writesOnThread: engine === "SQLite" }));
  const end = stack.use(await open(address));
  return {
    store,
    end,
    own: await connect(store, "1"),
    guard: (guard: GuardState["guard"]) => changeTo(end, guard),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function changeTo(end: Movable, guard: GuardState["guard"]): Promise<void> {
  const house = await end.findHouse();
  expect(await end.changeGuard({ from: house, to: { guard, moveId: "m", counterpartId: "c" } })).toBe(true);
}

function claimAll(store: Store) {
  return store.claimDue({ owner: "w", now: days(90), leaseMs: 30_000, limit: 10, of: ALL_DUE });
}

describe.each(["SQLite", "Postgres"] as const)("the guard of a house in %s", (engine) => {
  it("gives out no lease while it drains, and lets what is in flight be saved", async () => {
    await using bench = await openGuarded(engine);
    const { store, own } = bench;
    await connect(store, "2");
    const claim = await store.claimOne({ connectionId: own.connectionId, owner: "w", leaseMs: 30_000 });
    if (claim.kind !== "leased") throw new Error(`The claim ended as ${claim.kind}.`);
    await bench.guard("draining");
    expect(await claimAll(store)).toEqual([]);
    const other = await store.claimOne({ connectionId: "con-2", owner: "w", leaseMs: 30_000 });
    expect(other).toMatchObject({ kind: "busy" });
    expect(await bench.end.findAtWork()).toMatchObject({ liveLeases: 1 });

    const { lease } = claim;
    expect(await store.recordIntent({ lease, leaseMs: 30_000, now: NOW })).toBe(true);
    expect(await store.saveRefreshed({ lease, ...renewal("new") })).toBe(true);
    expect(await bench.end.findAtWork()).toMatchObject({ liveLeases: 0 });
    await connect(store, "3"); // people still sign in
  });

  it.each(["sealed", "moved", "receiving"] as const)(
    "refuses every write once it is %s, of processes that were there before too, while reading goes on",
    async (guard) => {
      await using bench = await openGuarded(engine);
      const { store, own } = bench;
      await store.createSignInAttempt(newAttempt("open"));
      const claim = await store.claimOne({ connectionId: own.connectionId, owner: "w", leaseMs: 30_000 });
      if (claim.kind !== "leased") throw new Error(`The claim ended as ${claim.kind}.`);
      const { lease } = claim;
      await store.connectionVersions([own.userId]);
      await bench.guard(guard);

      await expect(store.createSignInAttempt(newAttempt("late"))).rejects.toMatchObject(MOVED);
      const late = { lease, ...renewal("new") };
      await expect(store.saveRefreshed(late)).rejects.toMatchObject(MOVED);
      await expect(store.releaseLease(lease, null)).rejects.toMatchObject(MOVED);
      await expect(store.disconnect({ ...own, now: NOW })).rejects.toMatchObject(MOVED);
      await expect(store.deleteSession("session-first-1")).rejects.toMatchObject(MOVED);
      await expect(store.addKeyCheck({ keyId: "k9", sealed: "x" })).rejects.toMatchObject(MOVED);
      const intent = { lease, leaseMs: 30_000, now: NOW };
      await expect(store.recordIntent(intent)).rejects.toMatchObject(MOVED);
      const breaker = {
        app: { flavour: "instagram", appId: "app-1" },
        errorCode: "e",
        waitMs: 1,
        now: NOW,
      } as const;
      await expect(store.openBreaker({ ...breaker, alert: null })).rejects.toMatchObject(MOVED);
      await expect(store.prune(days(90))).rejects.toMatchObject(MOVED);

      expect(await store.findConnection(own.userId, own.connectionId)).toMatchObject({ status: "active" });
      expect(await store.listConnections(own.userId)).toHaveLength(1);
      await store.touchSession("session-first-1", days(2)); // costs a page nothing, and changes nothing
      expect(await store.findSession("session-first-1", days(2))).not.toMatchObject({ lastSeenAt: days(2) });
      await store.beatProcess({ id: "p", kind: "api", startedAt: NOW, sweptAt: null, keyIds: null }); // it still runs, and should be known to
      await store.checkWritable();
    },
  );

  it("waits for nobody, and lets everybody write again, once it is taken down", async () => {
    await using bench = await openGuarded(engine);
    await bench.guard("sealed");
    await bench.guard("open");
    expect(await claimAll(bench.store)).toHaveLength(1);
    await connect(bench.store, "4");
  });

  it("changes only from the state that was expected, so that of two moves one stops", async () => {
    await using bench = await openGuarded(engine);
    const house = await bench.end.findHouse();
    await bench.guard("receiving");
    const to = { guard: "sealed", moveId: "n", counterpartId: null } as const;
    expect(await bench.end.changeGuard({ from: house, to })).toBe(false);
    const upserts = [{ id: "usr-new", createdAt: NOW }];
    const batch = { table: "users", upserts, deletes: [] } as const;
    await expect(bench.end.receive("other", batch)).rejects.toMatchObject({ code: "taken_over" });
    await bench.end.receive("m", batch);
    await bench.guard("open");
    await expect(bench.end.receive("m", batch)).rejects.toMatchObject({ code: "taken_over" });
  });
});
