import { describe, expect, it } from "vitest";

import type { Store } from "../store.ts";
import { setUpBench, type OpenStoreUnderTest } from "./bench.ts";
import { connect, days, leaseOf, minutes, NOW, renewal, signIn } from "./fixtures.ts";
import { claimIds, connectWithSinks, LEASE_MS, MOST, newSink, receipt } from "./sink-fixtures.ts";

/** Where a connection's token is delivered to, from the beginning to the end. */
export function describeSinks(open: OpenStoreUnderTest): void {
  describe("sinks", () => {
    it("wait for the token from the first moment on, and are listed oldest first", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      await connect(bench.store, "2");
      const later = newSink("a", "1", { createdAt: minutes(1) });
      for (const sink of [newSink("b"), later, newSink("c", "2")])
        expect(await bench.store.createSink({ sink, most: MOST })).toBe("created");
      const listed = await bench.second.listSinks("con-1");
      expect(listed.map(({ id }) => id)).toEqual(["b", "a"]);
      expect(listed[1]).toEqual({
        ...later,
        updatedAt: minutes(1),
        generation: 1,
        nextDeliveryAt: expect.any(Date),
        failedAttempts: 0,
        lastErrorCode: null,
        deliveredAt: null,
        deliveredTokenIssuedAt: null,
      });
      expect(await bench.second.findSink("a")).toEqual(listed[1]);
      expect(await bench.second.findSink("missing")).toBeNull();
      expect(await bench.store.sinkStats()).toEqual({ sinks: 3, waiting: 3, failing: 0 });
    });

    it("are as many for a connection as it may have, however many are added at once", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      await connect(bench.store, "2");
      const add = (store: Store, id: string, accountId = "1") =>
        store.createSink({ sink: newSink(id, accountId), most: 3 });
      const added = await Promise.all(
        [1, 2, 3, 4, 5, 6].map((n) => add(n % 2 === 0 ? bench.store : bench.second, `s${n}`)),
      );
      expect(added.toSorted()).toEqual(["created", "created", "created", "too_many", "too_many", "too_many"]);
      expect(await bench.store.listSinks("con-1")).toHaveLength(3);
      expect(await add(bench.store, "of-other", "2")).toBe("created");
      expect(await add(bench.store, "of-nobody", "9")).toBe("missing");
    });

    it("begin anew when they are set up anew, and what was on its way counts no more", async () => {
      await using bench = await setUpBench(open);
      await connectWithSinks(bench.store, "1", "a");
      const claim = await bench.store.claimSink({ id: "a", owner: "test", leaseMs: LEASE_MS });
      if (claim.kind !== "leased") throw new Error("It was not free.");
      const changed = { id: "a", connectionId: "con-1", kind: "webhook", name: "Moved" } as const;
      const update = {
        ...changed,
        target: "https://new.test",
        sealedSettings: "v1.k1.x",
        updatedAt: minutes(5),
      };
      expect(await bench.store.updateSink({ ...update, connectionId: "con-2" })).toBe(false);
      expect(await bench.store.updateSink(update)).toBe(true);
      expect(await bench.second.findSink("a")).toMatchObject({ ...update, deliveredAt: null, generation: 2 });
      await bench.store.recordSinkDelivery({
        lease: claim.lease,
        delivery: receipt("old", "a"),
        outcome: { kind: "delivered" },
      });
      expect(await bench.store.findSink("a")).toMatchObject({ deliveredAt: null });
      expect(await claimIds(bench.store)).toEqual(["a"]);
    });

    it("stop with the connection, and go on with it", async () => {
      await using bench = await setUpBench(open);
      const userId = await connectWithSinks(bench.store, "1", "a");
      const lease = await leaseOf(bench.store, "con-1");
      await bench.store.saveRefreshed({ lease, ...renewal("t2") });
      await bench.store.disconnect({ userId: "usr-other", connectionId: "con-1", now: NOW });
      expect(await bench.store.hasWaitingSinks()).toBe(true);
      await bench.store.disconnect({ userId, connectionId: "con-1", now: NOW });
      expect(await bench.store.hasWaitingSinks()).toBe(false);
      await signIn(bench.store, "again", "1", { linkUserId: userId });
      expect(await claimIds(bench.store)).toEqual(["a"]);
    });

    it("go with their receipts, and leave no trace of what is still on its way", async () => {
      await using bench = await setUpBench(open);
      await connectWithSinks(bench.store, "1", "a");
      const claim = await bench.store.claimSink({ id: "a", owner: "test", leaseMs: LEASE_MS });
      if (claim.kind !== "leased") throw new Error("It was not free.");
      expect(await bench.store.deleteSink({ id: "a", connectionId: "con-2" })).toBe(false);
      expect(await bench.store.deleteSink({ id: "a", connectionId: "con-1" })).toBe(true);
      expect(await bench.store.deleteSink({ id: "a", connectionId: "con-1" })).toBe(false);
      const delivery = receipt("late", "a");
      await bench.store.recordSinkDelivery({ ...claim, delivery, outcome: { kind: "delivered" } });
      expect(await bench.store.listSinkDeliveries({ sinkId: "a", limit: 9 })).toEqual([]);
    });

    it("keep receipts for 90 days", async () => {
      await using bench = await setUpBench(open);
      await connectWithSinks(bench.store, "1", "a");
      for (const [id, startedAt] of [
        ["old", days(-91)],
        ["new", days(-89)],
      ] as const) {
        const claim = await bench.store.claimSink({ id: "a", owner: "test", leaseMs: LEASE_MS });
        if (claim.kind !== "leased") throw new Error("It was not free.");
        const delivery = receipt(id, "a", { startedAt });
        await bench.store.recordSinkDelivery({ ...claim, delivery, outcome: { kind: "delivered" } });
      }
      expect(await bench.store.prune(NOW)).toBe(1);
      const kept = await bench.store.listSinkDeliveries({ sinkId: "a", limit: 9 });
      expect(kept.map(({ id }) => id)).toEqual(["first-1-a", "new"]);
    });
  });
}
