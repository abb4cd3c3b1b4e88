import { describe, expect, it } from "vitest";

import type { Store } from "../store.ts";
import { setUpBench, type OpenStoreUnderTest } from "./bench.ts";
import {
  claimInput,
  connect,
  days,
  historyRow,
  leaseOf,
  minutes,
  newAccount,
  NOW,
  renewal,
  signIn,
} from "./fixtures.ts";
import {
  claimAll,
  claimIds,
  connectWithSinks,
  deliverAll,
  LEASE_MS,
  MOST,
  newSink,
  receipt,
} from "./sink-fixtures.ts";

/** When a token is delivered, and who may do it. */
export function describeSinkDeliveries(open: OpenStoreUnderTest): void {
  describe("sinks", () => {
    it("are due again with every token that the connection gets, and with nothing else", async () => {
      await using bench = await setUpBench(open);
      const userId = await connectWithSinks(bench.store, "1", "a", "b");
      await connectWithSinks(bench.store, "2", "other");
      expect(await bench.store.hasWaitingSinks()).toBe(false);

      const lease = await leaseOf(bench.store, "con-1");
      await bench.store.recordIntent({ lease, leaseMs: LEASE_MS, now: NOW });
      expect(await bench.store.hasWaitingSinks()).toBe(false);
      expect(await bench.store.saveRefreshed({ lease, ...renewal("t2") })).toBe(true);
      expect(await bench.second.hasWaitingSinks()).toBe(true);
      expect(await deliverAll(bench.second, "refreshed")).toEqual(["a", "b"]);

      expect(await bench.store.saveRefreshed({ lease, ...renewal("late") })).toBe(false); // the lease is gone
      expect(await bench.store.hasWaitingSinks()).toBe(false);

      const again = await leaseOf(bench.store, "con-1");
      const restored = { nextRefreshAt: days(1), history: historyRow("restored"), alerts: [], now: NOW };
      expect(await bench.store.restorePrevious({ lease: again, ...restored })).toBe(true);
      expect(await deliverAll(bench.store, "restored")).toEqual(["a", "b"]);

      await signIn(bench.store, "again", "1", { linkUserId: userId });
      expect(await deliverAll(bench.store, "signed-in")).toEqual(["a", "b"]);

      const history = historyRow("imported", { kind: "import" });
      const account = newAccount("imported", "1", { history });
      const brought = { flavour: "instagram", account, userId, newUserId: "usr-new", audit: null } as const;
      await bench.store.importAccount({ ...brought, now: minutes(3), wallNow: minutes(3) });
      expect(await deliverAll(bench.store, "imported")).toEqual(["a", "b"]);
      expect((await bench.store.findSink("a"))?.generation).toBe(5);
      expect((await bench.store.findSink("other"))?.generation).toBe(1);
    });

    it("are due for each of many connections that are refreshed at once", async () => {
      await using bench = await setUpBench(open);
      const accounts = ["1", "2", "3", "4", "5", "6", "7", "8"];
      for (const account of accounts) await connectWithSinks(bench.store, account, `sink-${account}`);
      const leased = await bench.store.claimDue(claimInput("sweep", { now: days(40) }));
      expect(leased).toHaveLength(8);
      await Promise.all(
        leased.map(({ lease }) => bench.store.saveRefreshed({ lease, ...renewal(lease.connectionId) })),
      );
      expect((await claimIds(bench.second)).toSorted()).toEqual(accounts.map((account) => `sink-${account}`));
    });

    it("are delivered to by one at a time, in the order in which they fell due, until the lease lapses", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      for (const id of ["c", "a", "b"]) {
        await bench.store.createSink({ sink: newSink(id), most: MOST });
        bench.advanceLeaseClock(10);
      }
      expect(await claimIds(bench.store, 2)).toEqual(["c", "a"]);
      expect(await claimIds(bench.second)).toEqual(["b"]);
      expect(await claimIds(bench.second)).toEqual([]);
      expect(await bench.store.hasWaitingSinks()).toBe(false);
      bench.advanceLeaseClock(LEASE_MS + 1);
      expect(await bench.store.hasWaitingSinks()).toBe(true);
      expect(await claimIds(bench.second)).toEqual(["c", "a", "b"]);
      await expect(claimAll(bench.store, -1)).rejects.toThrow(RangeError);
    });

    it("are had by one of many who come at once", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      for (let index = 0; index < 12; index += 1)
        await bench.store.createSink({ sink: newSink(`s${index}`), most: MOST });
      const claims = await Promise.all(
        [1, 2, 3, 4].flatMap(() => [claimIds(bench.store, 4), claimIds(bench.second, 4)]),
      );
      const ids = claims.flat();
      expect([ids.length, new Set(ids).size]).toEqual([12, 12]);
    });

    it("can be claimed one by one, waiting or not", async () => {
      await using bench = await setUpBench(open);
      await connectWithSinks(bench.store, "1", "a");
      const claim = (store: Store, id = "a") => store.claimSink({ id, owner: "test", leaseMs: LEASE_MS });
      const first = await claim(bench.store);
      expect(first).toMatchObject({
        kind: "leased",
        sink: { id: "a" },
        lease: { sinkId: "a", generation: 1 },
      });
      expect(await claim(bench.second)).toEqual({ kind: "busy" });
      expect(await claim(bench.store, "missing")).toEqual({ kind: "missing" });
      bench.advanceLeaseClock(LEASE_MS + 1);
      expect(await claim(bench.second)).toMatchObject({ kind: "leased" });
    });

    it("hold what was delivered, with a receipt for each attempt, newest first", async () => {
      await using bench = await setUpBench(open);
      await connectWithSinks(bench.store, "1");
      await bench.store.createSink({ sink: newSink("a"), most: MOST });
      const [failing] = await claimAll(bench.store);
      if (failing === undefined) throw new Error("Nothing waited.");
      const refused = receipt("r1", "a", {
        httpStatus: 503,
        errorCode: "sink_refused",
        startedAt: minutes(1),
      });
      const again = {
        lease: failing.lease,
        delivery: refused,
        outcome: { kind: "again", waitMs: 5_000 },
      } as const;
      await bench.store.recordSinkDelivery(again);
      await bench.store.recordSinkDelivery(again); // counts once
      expect(await bench.store.findSink("a")).toMatchObject({
        failedAttempts: 1,
        lastErrorCode: "sink_refused",
        deliveredAt: null,
      });
      expect(await bench.store.sinkStats()).toEqual({ sinks: 1, waiting: 1, failing: 1 });
      expect(await claimIds(bench.store)).toEqual([]);
      bench.advanceLeaseClock(5_001);

      const [leased] = await claimAll(bench.store);
      if (leased === undefined) throw new Error("It was not tried again.");
      const accepted = receipt("r2", "a", { httpStatus: 200, startedAt: minutes(2), tokenIssuedAt: days(1) });
      await bench.store.recordSinkDelivery({ ...leased, delivery: accepted, outcome: { kind: "delivered" } });
      expect(await bench.second.findSink("a")).toMatchObject({
        nextDeliveryAt: null,
        failedAttempts: 0,
        lastErrorCode: null,
        deliveredAt: new Date(minutes(2).getTime() + 250),
        deliveredTokenIssuedAt: days(1),
      });
      expect(await bench.second.listSinkDeliveries({ sinkId: "a", limit: 9 })).toEqual([accepted, refused]);
      expect(await bench.second.listSinkDeliveries({ sinkId: "a", limit: 1 })).toEqual([accepted]);
      expect(await bench.store.sinkStats()).toEqual({ sinks: 1, waiting: 0, failing: 0 });
    });

    it("wait no more once there is nothing to deliver, until the next token", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      await bench.store.createSink({ sink: newSink("a"), most: MOST });
      const [leased] = await claimAll(bench.store);
      if (leased === undefined) throw new Error("Nothing waited.");
      const delivery = receipt("r1", "a", { errorCode: "token_expired", tokenIssuedAt: null });
      await bench.store.recordSinkDelivery({ ...leased, delivery, outcome: { kind: "stopped" } });
      expect(await bench.store.findSink("a")).toMatchObject({
        nextDeliveryAt: null,
        lastErrorCode: "token_expired",
      });
      const lease = await leaseOf(bench.store, "con-1");
      await bench.store.saveRefreshed({ lease, ...renewal("t2") });
      expect(await claimIds(bench.store)).toEqual(["a"]);
    });

    it("wait on when they were given a newer token while the older one was on its way", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      await bench.store.createSink({ sink: newSink("a"), most: MOST });
      const [slow] = await claimAll(bench.store);
      if (slow === undefined) throw new Error("Nothing waited.");
      const lease = await leaseOf(bench.store, "con-1");
      await bench.store.saveRefreshed({ lease, ...renewal("t2") });
      const delivery = receipt("r1", "a");
      await bench.store.recordSinkDelivery({ ...slow, delivery, outcome: { kind: "delivered" } });
      expect(await bench.store.findSink("a")).toMatchObject({
        nextDeliveryAt: expect.any(Date),
        generation: 2,
      });
      expect(await claimIds(bench.store)).toEqual(["a"]);
    });

    it("are due again when somebody delivers whose lease was lost: theirs may be the older token", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      await bench.store.createSink({ sink: newSink("a"), most: MOST });
      const [asleep] = await claimAll(bench.store);
      if (asleep === undefined) throw new Error("Nothing waited.");
      bench.advanceLeaseClock(LEASE_MS + 1);
      expect(await deliverAll(bench.second, "quick")).toEqual(["a"]);
      const delivery = receipt("late", "a", { startedAt: minutes(2) });
      await bench.store.recordSinkDelivery({ ...asleep, delivery, outcome: { kind: "delivered" } });
      expect(await bench.store.listSinkDeliveries({ sinkId: "a", limit: 9 })).toHaveLength(2);
      expect(await claimIds(bench.second)).toEqual(["a"]);
    });
  });
}
