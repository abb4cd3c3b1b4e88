import {
  connect,
  freePort,
  openTestWorld,
  startAppProcess,
  type TestWorld,
} from "@perennial/runtime/testing";
import { describe, expect, it } from "vitest";

const LIMIT_MS = 60_000;
const DAYS_40 = { days: 40 };

const refreshes = (world: TestWorld): number =>
  world.sim.ledger().filter(({ endpoint }) => endpoint === "refresh").length;

// Side by side, as one of them waits for a deadline.
describe.concurrent("the worker process", { timeout: LIMIT_MS }, () => {
  it("WK-01 catches up at its start on what fell due while it was away, and says on its health port that it swept", async () => {
    await using world = await openTestWorld();
    const { userId, connectionId } = await connect(world, "acme.shop");
    world.sim.clock.advance(DAYS_40);
    const port = await freePort();
    await using worker = startAppProcess("worker", { ...world.environment, WORKER_PORT: String(port) });
    await worker.lineWith('"refreshed":1');
    const [latest] = await world.runtime.connections.history({
      userId,
      connectionId,
      limit: 1,
      before: null,
    });
    expect(latest).toMatchObject({ kind: "refresh", trigger: "worker", outcome: "succeeded" });
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { status: "ready", lastSweepAt: expect.any(String) },
    ]);
    expect((await fetch(`http://127.0.0.1:${port}/nothing`)).status).toBe(404);
  });

  it("follows the simulator's clock: a month that passes in a click is swept at once", async () => {
    await using world = await openTestWorld();
    await connect(world, "acme.shop");
    await using worker = startAppProcess("worker", {
      ...world.environment,
      WORKER_PORT: String(await freePort()),
    });
    await worker.lineWith("worker.started");
    world.sim.clock.advance(DAYS_40);
    await worker.lineWith('"refreshed":1');
    expect(refreshes(world)).toBe(1);
  });

  it("GS-01 finishes the refresh in hand on SIGTERM, begins no other, and exits 0", async () => {
    await using world = await openTestWorld({ environment: { REFRESH_CONCURRENCY: "1" } });
    const people = [await connect(world, "acme.shop"), await connect(world, "lena.paints")];
    world.sim.clock.advance(DAYS_40);
    const gate = world.sim.gates.add({ at: "refresh", point: "after_process" });
    await using worker = startAppProcess("worker", {
      ...world.environment,
      WORKER_PORT: String(await freePort()),
    });
    const waiting = await world.sim.gates.waitFor(gate);
    worker.signal("SIGTERM");
    await worker.lineWith("process.stopping");
    world.sim.gates.release(waiting.id);
    expect(await worker.exited).toEqual({ code: 0, signal: null });
    const histories = await Promise.all(
      people.map((person) => world.runtime.connections.history({ ...person, limit: 5, before: null })),
    );
    expect(
      histories
        .flat()
        .filter(({ kind }) => kind === "refresh")
        .map(({ outcome }) => outcome),
    ).toEqual(["succeeded"]);
    expect(refreshes(world)).toBe(1);
  });

  it("GS-02 ends within its deadline although Instagram hangs", async () => {
    await using world = await openTestWorld();
    await connect(world, "acme.shop");
    world.sim.clock.advance(DAYS_40);
    const gate = world.sim.gates.add({ at: "refresh", point: "before_process" });
    await using worker = startAppProcess("worker", {
      ...world.environment,
      WORKER_PORT: String(await freePort()),
    });
    await world.sim.gates.waitFor(gate);
    const toldAtMs = performance.now();
    worker.signal("SIGTERM");
    await worker.exited;
    expect(performance.now() - toldAtMs).toBeLessThan(14_000);
  });

  it("WK-02 refreshes each due token once with four processes at work", async () => {
    await using world = await openTestWorld();
    const keys = Array.from({ length: 60 }, (_, index) => `u${index}`);
    for (const [index, key] of keys.entries()) {
      const professionalId = `178414000${String(index).padStart(8, "0")}`;
      world.sim.users.add({ key, username: key, name: "U", professionalId });
    }
    await Promise.all(keys.map((key) => connect(world, key)));
    world.sim.clock.advance(DAYS_40);
    world.sim.faults.add({ at: "refresh", do: "delay", with: { ms: 20 } }); // so that two at once would be seen
    world.sim.resetLedger();
    const once = () => startAppProcess("worker", world.environment, ["--once"]);
    const workers = [once(), once(), once(), once()];
    const ends = await Promise.all(workers.map(({ exited }) => exited));
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(refreshes(world)).toBe(60);
    expect(world.sim.concurrency().max).toBe(1);
  });
});
