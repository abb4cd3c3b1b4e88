import { describe, expect, it } from "vitest";

import { openTestKeeper, type TestKeeper } from "./testing/keeper.ts";

const sweep = (keeper: TestKeeper) =>
  keeper.connections.sweep({ trigger: "worker", concurrency: 4, signal: new AbortController().signal });

const warnings = async (keeper: TestKeeper, userId: string) =>
  (await keeper.connections.alerts({ userId, limit: 50 }))
    .filter(({ kind }) => kind === "connection.expiring")
    .map(({ daysLeft }) => daysLeft)
    .toReversed();

describe("warnings before a token's end", () => {
  it("OB-02 come at 14, 7, 3 and 1 days, once each, of a connection that cannot be renewed", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.faults.add({ at: "refresh", do: "status", with: { status: 503 } });
    for (let day = 0; day < 62; day += 1) {
      await sweep(keeper);
      await sweep(keeper);
      keeper.sim.clock.advance({ days: 1 });
    }
    expect(await warnings(keeper, userId)).toEqual([14, 7, 3, 1]);
    expect(await keeper.connections.get(userId, connectionId)).toMatchObject({ state: "expired" });
  });

  it("OB-02 give only the nearest where several were passed at once", async () => {
    await using keeper = await openTestKeeper();
    const { userId } = await keeper.signIn("acme.shop");
    keeper.sim.faults.add({ at: "refresh", do: "status", with: { status: 503 } });
    keeper.sim.clock.advance({ days: 57.5 });
    await sweep(keeper);
    expect(await warnings(keeper, userId)).toEqual([3]);
  });

  it("are given by one of two processes", async () => {
    await using keeper = await openTestKeeper();
    const other = await keeper.another();
    const { userId } = await keeper.signIn("acme.shop");
    keeper.sim.faults.add({ at: "refresh", do: "status", with: { status: 503 } });
    keeper.sim.clock.advance({ days: 50 });
    const signal = new AbortController().signal;
    const options = { trigger: "worker", concurrency: 4, signal } as const;
    await Promise.all([keeper.connections.sweep(options), other.connections.sweep(options)]);
    expect(await warnings(keeper, userId)).toEqual([14]);
  });

  it("begin anew with a new token", async () => {
    await using keeper = await openTestKeeper();
    const { userId } = await keeper.signIn("acme.shop");
    const outage = () => keeper.sim.faults.add({ at: "refresh", do: "status", with: { status: 503 } });
    const first = outage();
    keeper.sim.clock.advance({ days: 50 });
    await sweep(keeper);
    keeper.sim.faults.clear(first);
    keeper.sim.clock.advance({ days: 1 });
    await sweep(keeper);
    outage();
    keeper.sim.clock.advance({ days: 50 });
    await sweep(keeper);
    expect(await warnings(keeper, userId)).toEqual([14, 14]);
  });

  it("leave healthy connections alone, however short a life is said to be", async () => {
    await using keeper = await openTestKeeper();
    keeper.sim.faults.add({ at: "exchange", do: "field", with: { expires_in: null } });
    const { userId } = await keeper.signIn("acme.shop");
    await sweep(keeper);
    keeper.sim.clock.advance({ hours: 20 });
    await sweep(keeper);
    expect(await warnings(keeper, userId)).toEqual([]);
  });
});
