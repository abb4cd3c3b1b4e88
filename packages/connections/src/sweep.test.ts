import { describe, expect, it } from "vitest";

import { createConnections } from "./create-connections.ts";
import { openTestKeeper, type TestKeeper } from "./testing/keeper.ts";
import { refreshes, sweep } from "./testing/refreshing.ts";

/** Signs so many new people in. */
async function addPeople(keeper: TestKeeper, count: number): Promise<void> {
  const keys = Array.from({ length: count }, (_, index) => `u${index}`);
  for (const [index, key] of keys.entries()) {
    const professionalId = `178414000${String(index).padStart(8, "0")}`;
    keeper.sim.users.add({ key, username: key, name: "U", professionalId });
  }
  for (let first = 0; first < count; first += 25)
    await Promise.all(keys.slice(first, first + 25).map((key) => keeper.signIn(key)));
}

describe("the sweep", () => {
  it("WK-06 lets one that hangs and one that crashes among 500 delay nobody beyond their own slots", async () => {
    let crashing = "";
    await using keeper = await openTestKeeper({
      change: ({ seal }) => ({
        seal: {
          ...seal,
          open: (sealed, belongsTo) => {
            if (belongsTo.connectionId === crashing) throw new TypeError("a fault of ours");
            return seal.open(sealed, belongsTo);
          },
        },
      }),
    });
    await addPeople(keeper, 500);
    crashing = (await keeper.signIn("u250")).connectionId;
    keeper.sim.clock.advance({ days: 40 });
    keeper.sim.resetLedger();
    const gate = keeper.sim.gates.add({ at: "refresh", point: "before_process", user: "u3" });
    const swept = sweep(keeper);
    const waiting = await keeper.sim.gates.waitFor(gate);
    // All the others are done while the one still hangs.
    await expect
      .poll(() => keeper.events.filter(({ event }) => event === "connection.refreshed").length, {
        timeout: 10_000,
      })
      .toBe(498);
    keeper.sim.gates.release(waiting.id);
    expect(await swept).toMatchObject({ claimed: 500, refreshed: 499, failed: 1 });
  });

  it("WK-01 finds what fell due while no worker ran, in the database", async () => {
    await using keeper = await openTestKeeper();
    for (const { key } of keeper.sim.users.list().slice(0, 3)) {
      if (key !== "studio.noor" && key !== "tom.private") await keeper.signIn(key);
    }
    const count = (await keeper.store.pageConnections({ after: null, limit: 10 })).length;
    keeper.sim.clock.advance({ days: 45 }); // nobody swept for six weeks
    const other = await keeper.another();
    expect(await sweep(other)).toMatchObject({ claimed: count, refreshed: count });
    expect(await sweep(keeper)).toMatchObject({ claimed: 0 });
  });

  it("WK-02 refreshes each of 300 due tokens once, however many sweep at the same time", async () => {
    await using keeper = await openTestKeeper();
    await addPeople(keeper, 300);
    keeper.sim.clock.advance({ days: 40 });
    keeper.sim.faults.add({ at: "refresh", do: "delay", with: { ms: 5 } }); // so that two at once would be seen
    keeper.sim.resetLedger();
    const others = await Promise.all(Array.from({ length: 5 }, () => keeper.another()));
    const summaries = await Promise.all([keeper, ...others].map((each) => sweep(each, 8)));
    expect(summaries.reduce((sum, { refreshed }) => sum + refreshed, 0)).toBe(300);
    expect(refreshes(keeper)).toBe(300);
    expect(keeper.sim.concurrency().max).toBe(1);
  }, 60_000);

  it("CK-03 refreshes each token once though two processes are ten minutes apart", async () => {
    await using keeper = await openTestKeeper();
    await addPeople(keeper, 60);
    keeper.sim.clock.advance({ days: 40 });
    keeper.sim.faults.add({ at: "refresh", do: "delay", with: { ms: 10 } }); // so that two at once would be seen
    keeper.sim.resetLedger();
    const processes = await Promise.all(
      [-10, 0, 10].map(async (minutes) => {
        const now = (): Date => new Date(keeper.sim.clock.now().getTime() + minutes * 60_000);
        const { store } = await keeper.another();
        return { connections: createConnections({ ...keeper.deps, store, now }) };
      }),
    );
    await Promise.all(processes.map((each) => sweep(each, 8)));
    expect([refreshes(keeper), keeper.sim.concurrency().max]).toEqual([60, 1]);
  });

  it("UP-03 makes hardly more calls than it has to while one in five fails", async () => {
    await using keeper = await openTestKeeper();
    const people = 100;
    await addPeople(keeper, people);
    keeper.sim.clock.advance({ days: 40 });
    keeper.sim.faults.add({ at: "refresh", do: "status", with: { status: 503 }, p: 0.2, seed: 5 });
    keeper.sim.resetLedger();
    for (let minute = 0; minute < 10; minute += 1) {
      const before = refreshes(keeper);
      const { claimed } = await sweep(keeper);
      expect(refreshes(keeper) - before).toBe(claimed); // one retry layer: no call is repeated by itself
      keeper.sim.clock.advance({ minutes: 1 });
    }
    // One in five of one in five: 1.25 calls for each token if nothing is repeated in vain.
    expect(refreshes(keeper) / people).toBeLessThan(1.45);
    expect((await keeper.connections.fleet()).failing).toBe(0);
  });

  it("claims no more once it is told to stop, and finishes what is in hand", async () => {
    await using keeper = await openTestKeeper();
    await keeper.signIn("acme.shop");
    await keeper.signIn("lena.paints");
    keeper.sim.clock.advance({ days: 40 });
    const gate = keeper.sim.gates.add({ at: "refresh", point: "before_process" });
    const stopping = new AbortController();
    const swept = keeper.connections.sweep({ trigger: "worker", concurrency: 1, signal: stopping.signal });
    const waiting = await keeper.sim.gates.waitFor(gate);
    stopping.abort();
    keeper.sim.gates.release(waiting.id);
    expect(await swept).toMatchObject({ claimed: 1, refreshed: 1 });
  });
});
