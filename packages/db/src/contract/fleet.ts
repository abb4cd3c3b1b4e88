import { describe, expect, it } from "vitest";

import { setUpBench, type OpenStoreUnderTest } from "./bench.ts";
import { connect, days, failureOf, leaseOf, minutes, NOW } from "./fixtures.ts";

/** Sweeps that were asked for, and the fleet in numbers. */
export function describeFleet(open: OpenStoreUnderTest): void {
  describe("runs", () => {
    it("are found by whoever asked, before they have finished and afterwards", async () => {
      await using bench = await setUpBench(open);
      const begun = { id: "run-1", processId: "prc-1", startedAt: minutes(1) };
      expect(await bench.store.findRun("run-1")).toBeNull();
      await bench.store.createRun(begun);
      expect(await bench.second.findRun("run-1")).toEqual({
        ...begun,
        finishedAt: null,
        counts: null,
        errorCode: null,
      });
      const counts = { refreshed: 12, failed: 0 };
      await bench.second.finishRun({ id: "run-1", finishedAt: minutes(2), counts, errorCode: null });
      const finished = { ...begun, finishedAt: minutes(2), counts, errorCode: null };
      expect(await bench.store.findRun("run-1")).toEqual(finished);
      await bench.store.createRun({ ...begun, id: "run-2" });
      const failed = { id: "run-2", finishedAt: minutes(3), counts: null, errorCode: "unavailable" };
      await bench.store.finishRun(failed);
      expect(await bench.store.findRun("run-2")).toEqual({ ...begun, ...failed });
      await bench.store.finishRun({ ...failed, id: "missing" });
      await expect(bench.store.createRun(begun)).rejects.toThrow(RangeError);
    });

    it("tell which of them was the latest that went through", async () => {
      await using bench = await setUpBench(open);
      const { store } = bench;
      expect(await store.findLatestRun()).toBeNull();
      for (const [index, errorCode] of [null, null, "sweep_failed"].entries()) {
        await store.createRun({ id: `run-${index}`, processId: "prc-1", startedAt: minutes(index) });
        await store.finishRun({ id: `run-${index}`, finishedAt: minutes(9), counts: null, errorCode });
      }
      await store.createRun({ id: "run-3", processId: "prc-1", startedAt: minutes(3) });
      expect(await bench.second.findLatestRun()).toMatchObject({ id: "run-1", finishedAt: minutes(9) });
    });
  });

  describe("the fleet", () => {
    it("is counted by what its connections are in need of", async () => {
      await using bench = await setUpBench(open);
      const { store } = bench;
      const none = { active: 0, failing: 0, reconnectRequired: 0, expired: 0, due: 0, nearestExpiryAt: null };
      expect(await store.fleetStats(NOW)).toEqual(none);
      await connect(store, "well", { tokenExpiresAt: days(50) });
      await connect(store, "due", { nextRefreshAt: NOW, tokenExpiresAt: days(20) });
      await connect(store, "expired", { nextRefreshAt: days(-9), tokenExpiresAt: NOW });
      await connect(store, "failing", { nextRefreshAt: NOW, tokenExpiresAt: days(30) });
      await store.recordFailure({ lease: await leaseOf(store, "con-failing"), ...failureOf("f") });
      await connect(store, "lost", { tokenExpiresAt: days(1) });
      const lost = failureOf("g", { reconnectReason: "token_revoked", nextRefreshAt: null });
      await store.recordFailure({ lease: await leaseOf(store, "con-lost"), ...lost });
      await connect(store, "probed", { tokenExpiresAt: days(2) });
      const probed = failureOf("h", { reconnectReason: "token_revoked", nextRefreshAt: NOW });
      await store.recordFailure({ lease: await leaseOf(store, "con-probed"), ...probed });
      const left = await connect(store, "left", { nextRefreshAt: NOW, tokenExpiresAt: days(3) });
      await store.disconnect({ ...left, now: NOW });

      expect(await bench.second.fleetStats(NOW)).toEqual({
        active: 4,
        failing: 1,
        reconnectRequired: 2,
        expired: 1,
        due: 3,
        nearestExpiryAt: days(20),
      });
      const later = await store.fleetStats(days(60));
      expect(later).toMatchObject({ expired: 4, due: 5, nearestExpiryAt: null });
    });
  });
}
