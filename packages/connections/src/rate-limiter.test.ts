import { StoreError, openStore, type Store } from "@perennial/db";
import { describe, expect, it } from "vitest";

import { createRateLimiter } from "./rate-limiter.ts";

const LIMIT = { name: "key", limit: 100, windowMs: 60_000 };

/** A store in memory whose clock the test moves, with a count of how often permits were taken. */
async function openPermits() {
  const clock = { ms: 1_000_000 };
  const store = await openStore("file::memory:", { leaseNow: () => clock.ms });
  const taken: number[] = [];
  const counting: Pick<Store, "takePermits" | "returnPermits"> = {
    takePermits: (input) => {
      taken.push(input.wanted);
      return store.takePermits(input);
    },
    returnPermits: store.returnPermits,
  };
  const limiter = () => createRateLimiter({ store: counting, processes: 4, monotonicNow: () => clock.ms });
  return { clock, taken, limiter, store, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}

describe("a limit", () => {
  it("AK-08 lets through exactly as many as it says, whatever process they come to, one by one or at once", async () => {
    for (const seed of [1, 2, 3]) {
      await using permits = await openPermits();
      const processes = Array.from({ length: 4 }, () => permits.limiter());
      let allowed = 0;
      for (let index = 0; index < 300; index += 1) {
        permits.clock.ms += 1;
        if ((await processes[(index * seed) % 4]?.take(LIMIT)) === 0) allowed += 1;
      }
      const crowd = await Promise.all(
        Array.from({ length: 400 }, async (_, index) =>
          processes[index % 4]?.take({ ...LIMIT, name: "crowd" }),
        ),
      );
      expect([seed, allowed, crowd.filter((waitMs) => waitMs === 0).length]).toEqual([seed, 100, 100]);
    }
  });

  it("costs few writes where there is much to give, and says how long to wait where there is nothing left", async () => {
    await using permits = await openPermits();
    const limiter = permits.limiter();
    for (let index = 0; index < 10_000; index += 1)
      expect(await limiter.take({ ...LIMIT, limit: 10_000_000 })).toBe(0);
    expect(permits.taken.length).toBeLessThan(30);
    for (let index = 0; index < 100; index += 1) await limiter.take({ ...LIMIT, name: "small" });
    expect(await limiter.take({ ...LIMIT, name: "small" })).toBe(60_000);
    permits.clock.ms += 59_999;
    expect(await limiter.take({ ...LIMIT, name: "small" })).toBe(1);
    permits.clock.ms += 1;
    expect(await limiter.take({ ...LIMIT, name: "small" })).toBe(0);
  });

  it("is of no use beyond its window: permits that were kept are not those of the next one", async () => {
    await using permits = await openPermits();
    const [first, second] = [permits.limiter(), permits.limiter()];
    for (let index = 0; index < 40; index += 1) await first.take(LIMIT);
    permits.clock.ms += 60_000;
    let allowed = 0;
    for (let index = 0; index < 200; index += 1) {
      if ((await [first, second][index % 2]?.take(LIMIT)) === 0) allowed += 1;
    }
    expect(allowed).toBe(100);
  });

  it("is counted by each process alone while the store cannot be written: never without end", async () => {
    const clock = { ms: 0 };
    const away = () => Promise.reject(new StoreError("unavailable", "The disk of the database is full."));
    const store = { takePermits: away, returnPermits: away };
    const limiter = createRateLimiter({ store, processes: 4, monotonicNow: () => clock.ms });
    const takeMany = async () => {
      let allowed = 0;
      for (let index = 0; index < 200; index += 1) {
        clock.ms += 20;
        if ((await limiter.take(LIMIT)) === 0) allowed += 1;
      }
      return allowed;
    };
    expect(await takeMany()).toBe(25);
    expect(await takeMany()).toBe(0);
    clock.ms += 60_000;
    expect(await takeMany()).toBe(25);
  });
});
