import { describe, expect, it } from "vitest";

import type { Store } from "../store.ts";
import { type OpenStoreUnderTest, setUpBench } from "./bench.ts";
import {
  claimInput,
  connect,
  days,
  failureOf,
  historyRow,
  LEASE_MS,
  leaseOf,
  minutes,
  NOW,
  renewal,
  sealedToken,
} from "./fixtures.ts";

async function historyIds(store: Store, userId: string, connectionId: string): Promise<string[]> {
  const rows = await store.listHistory({ userId, connectionId, limit: 100, before: null });
  return rows.map((row) => row.id);
}

/** How a lease is used up, given back and lost. */
export function describeWritesUnderLease(open: OpenStoreUnderTest): void {
  describe("writes under a lease", () => {
    it("stores a refreshed token, clears the failures and gives the lease back", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1", { nextRefreshAt: NOW });
      await bench.store.recordFailure({
        lease: await leaseOf(bench.store, "con-1"),
        ...failureOf("f"),
        reconnectReason: "token_invalid",
      });
      const lease = await leaseOf(bench.store, "con-1");
      const token = sealedToken("new", { tokenExpiresAt: days(90), isExpiryEstimated: true });
      const saved = { lease, ...renewal("h", { token, now: days(30) }) };
      expect(await bench.store.saveRefreshed(saved)).toBe(true);

      expect(await bench.second.findConnectionById("con-1")).toMatchObject({
        ...token,
        status: "active",
        statusReason: null,
        failedAttempts: 0,
        lastErrorCode: null,
        lastErrorAt: null,
        renewedAt: days(30),
        updatedAt: days(30),
        createdAt: minutes(1),
        version: 3,
      });
      expect(await historyIds(bench.store, userId, "con-1")).toContain("h");
      expect(await bench.store.saveRefreshed({ ...saved, history: historyRow("h2") })).toBe(false);
      await leaseOf(bench.store, "con-1");
    });

    it("counts a failure, keeps the sealed token and looks again when told", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1", { nextRefreshAt: NOW });
      for (const count of [1, 2]) {
        const lease = await leaseOf(bench.store, "con-1");
        expect(await bench.store.recordFailure({ lease, ...failureOf(`f${count}`) })).toBe(true);
        expect(await bench.store.findConnectionById("con-1")).toMatchObject({
          sealedToken: "v1.k1.first-1",
          status: "active",
          statusReason: null,
          failedAttempts: count,
          lastErrorCode: "transient",
          lastErrorAt: minutes(9),
          nextRefreshAt: days(1),
          renewedAt: minutes(1),
          updatedAt: minutes(9),
          version: 1 + count,
        });
      }
    });

    it("marks a connection for a reconnect with the reason and its sealed token", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      const marked = { reconnectReason: "token_revoked", errorCode: "token_revoked", nextRefreshAt: null };
      const lease = await leaseOf(bench.store, "con-1");
      expect(await bench.store.recordFailure({ lease, ...failureOf("f1"), ...marked })).toBe(true);
      const expected = { status: "reconnect_required", statusReason: "token_revoked", nextRefreshAt: null };
      const connection = await bench.store.findConnectionById("con-1");
      expect(connection).toMatchObject({ ...expected, sealedToken: "v1.k1.first-1" });

      const next = await leaseOf(bench.store, "con-1");
      expect(
        await bench.store.recordFailure({ lease: next, ...failureOf("f2", { nextRefreshAt: null }) }),
      ).toBe(true);
      const still = await bench.store.findConnectionById("con-1");
      expect(still).toMatchObject({ ...expected, lastErrorCode: "transient", failedAttempts: 2 });
    });

    it("keeps an active connection in the sweeps when a failure names no next time", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1", { nextRefreshAt: NOW });
      const lease = await leaseOf(bench.store, "con-1");
      await bench.store.recordFailure({ lease, ...failureOf("f", { nextRefreshAt: null }) });
      expect(await bench.store.claimDue(claimInput("w"))).toHaveLength(1);
    });

    it("gives a lease back unused, for now or for later", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1", { nextRefreshAt: NOW });
      const [first] = await bench.store.claimDue(claimInput("w"));
      if (first === undefined) throw new Error("Nothing was due.");
      await bench.store.releaseLease(first.lease, null);
      const [second] = await bench.second.claimDue(claimInput("x"));
      if (second === undefined) throw new Error("Nothing was due.");
      expect(second.connection).toEqual(first.connection);
      await bench.second.releaseLease(second.lease, days(2));
      expect(await bench.store.claimDue(claimInput("w"))).toEqual([]);
      expect(await bench.store.findConnectionById("con-1")).toMatchObject({
        nextRefreshAt: days(2),
        version: 2,
        failedAttempts: 0,
        sealedToken: "v1.k1.first-1",
      });
    });

    it("WK-04 lets a late holder change nothing, even under the same owner's name", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1", { nextRefreshAt: NOW });
      const late = await leaseOf(bench.store, "con-1", "worker");
      bench.advanceLeaseClock(LEASE_MS);
      const current = await leaseOf(bench.second, "con-1", "worker");
      const before = await bench.store.findConnectionById("con-1");

      const stale = { lease: late, ...renewal("late") };
      expect(await bench.store.saveRefreshed(stale)).toBe(false);
      expect(await bench.store.recordFailure({ lease: late, ...failureOf("late-2") })).toBe(false);
      await bench.store.releaseLease(late, days(3));
      expect(await bench.store.findConnectionById("con-1")).toEqual(before);
      expect(await historyIds(bench.store, userId, "con-1")).toEqual(["history-first-1"]);
      expect(await bench.second.saveRefreshed({ ...stale, lease: current })).toBe(true);
    });

    it("takes the token of a holder whose lease lapsed unclaimed: it may be the only one left", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      const lease = await leaseOf(bench.store, "con-1");
      bench.advanceLeaseClock(10 * LEASE_MS);
      expect(await bench.store.saveRefreshed({ lease, ...renewal("new") })).toBe(true);
    });

    it("writes no token when its history is refused", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      const lease = await leaseOf(bench.store, "con-1");
      const saved = { lease, ...renewal("new") };
      const refused = bench.store.saveRefreshed({ ...saved, history: historyRow("history-first-1") });
      await expect(refused).rejects.toThrow(RangeError);
      expect((await bench.store.findConnectionById("con-1"))?.sealedToken).toBe("v1.k1.first-1");
      expect(await bench.store.saveRefreshed(saved)).toBe(true);
    });

    it("stores the token of one of many who save under the same lease at once", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      const lease = await leaseOf(bench.store, "con-1");
      const results = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 === 0 ? bench.store : bench.second).saveRefreshed({ lease, ...renewal(`t${index}`) }),
        ),
      );
      expect(results.filter(Boolean)).toHaveLength(1);
      expect(await historyIds(bench.store, userId, "con-1")).toHaveLength(2);
    });
  });
}
