import { describe, expect, it } from "vitest";

import { setUpBench, type OpenStoreUnderTest } from "./bench.ts";
import { NOW } from "./fixtures.ts";

const LIMIT = { name: "key k1", limit: 10, windowMs: 60_000 };

/** Limits that several processes share. */
export function describePermits(open: OpenStoreUnderTest): void {
  describe("permits", () => {
    it("are given out until the window has no more, whoever takes them", async () => {
      await using bench = await setUpBench(open);
      const first = await bench.store.takePermits({ ...LIMIT, wanted: 4 });
      expect(first).toMatchObject({ granted: 4, left: 6, endsInMs: 60_000 });
      bench.advanceLeaseClock(59_999);
      const { windowEndsAt } = first;
      expect(await bench.second.takePermits({ ...LIMIT, wanted: 8 })).toEqual({
        granted: 6,
        left: 0,
        windowEndsAt,
        endsInMs: 1,
      });
      expect(await bench.store.takePermits({ ...LIMIT, wanted: 1 })).toMatchObject({ granted: 0, left: 0 });
      expect(await bench.store.takePermits({ ...LIMIT, name: "key k2", wanted: 1 })).toMatchObject({
        granted: 1,
        left: 9,
      });
      bench.advanceLeaseClock(1);
      expect(await bench.second.takePermits({ ...LIMIT, wanted: 1 })).toMatchObject({
        granted: 1,
        left: 9,
        endsInMs: 60_000,
      });
    });

    it("AK-08 RL-01 are exactly as many as the limit when all take them at once", async () => {
      await using bench = await setUpBench(open);
      const limit = { ...LIMIT, limit: 100 };
      const grants = await Promise.all(
        Array.from({ length: 120 }, (_, index) =>
          (index % 2 === 0 ? bench.store : bench.second).takePermits({ ...limit, wanted: 1 + (index % 3) }),
        ),
      );
      expect(grants.reduce((sum, { granted }) => sum + granted, 0)).toBe(100);
      expect(new Set(grants.map(({ windowEndsAt }) => windowEndsAt.getTime())).size).toBe(1);
      expect(Math.min(...grants.map(({ left }) => left))).toBe(0);
    });

    it("are given back to their own window, and to no later one", async () => {
      await using bench = await setUpBench(open);
      const { windowEndsAt } = await bench.store.takePermits({ ...LIMIT, wanted: 10 });
      await bench.second.returnPermits({ name: LIMIT.name, count: 3, windowEndsAt });
      expect(await bench.store.takePermits({ ...LIMIT, wanted: 5 })).toMatchObject({ granted: 3, left: 0 });
      bench.advanceLeaseClock(60_000);
      await bench.store.takePermits({ ...LIMIT, wanted: 10 });
      await bench.second.returnPermits({ name: LIMIT.name, count: 3, windowEndsAt });
      await bench.second.returnPermits({ name: "missing", count: 3, windowEndsAt });
      expect(await bench.store.takePermits({ ...LIMIT, wanted: 5 })).toMatchObject({ granted: 0 });
    });

    it("follow a limit that was changed within a window", async () => {
      await using bench = await setUpBench(open);
      await bench.store.takePermits({ ...LIMIT, wanted: 8 });
      expect(await bench.store.takePermits({ ...LIMIT, limit: 5, wanted: 1 })).toMatchObject({
        granted: 0,
        left: 0,
      });
      expect(await bench.store.takePermits({ ...LIMIT, limit: 20, wanted: 1 })).toMatchObject({
        granted: 1,
        left: 11,
      });
    });

    it("leave nothing behind once their window is over, by the clock of the leases", async () => {
      await using bench = await setUpBench(open);
      await bench.store.takePermits({ ...LIMIT, wanted: 1 });
      bench.advanceLeaseClock(59_999);
      expect(await bench.second.prune(NOW)).toBe(0);
      bench.advanceLeaseClock(1);
      expect(await bench.second.prune(NOW)).toBe(1);
    });
  });
}
