import { describe, expect, it } from "vitest";

import { openTestKeeper, type TestKeeper } from "./testing/keeper.ts";

const CROWD = 30;
const options = () => ({ trigger: "worker", concurrency: 4, signal: new AbortController().signal }) as const;
const sweep = (keeper: TestKeeper) => keeper.connections.sweep(options());

/** People with a due connection each. */
async function openCrowd(
  lead = 40,
  keeperOptions: Parameters<typeof openTestKeeper>[0] = {},
): Promise<TestKeeper> {
  const keeper = await openTestKeeper(keeperOptions);
  for (let index = 0; index < CROWD; index += 1) {
    const key = `u${index}`;
    const professionalId = `178414000${String(index).padStart(8, "0")}`;
    keeper.sim.users.add({ key, username: key, name: "U", professionalId });
    await keeper.signIn(key);
    keeper.sim.clock.advance({ hours: 1 });
  }
  keeper.sim.clock.advance({ days: lead });
  keeper.sim.resetLedger();
  return keeper;
}

const refreshed = (keeper: TestKeeper) =>
  keeper.sim.ledger().filter(({ endpoint }) => endpoint === "refresh");
const appAlerts = async (keeper: TestKeeper) =>
  (await keeper.connections.allAlerts({ limit: 100 })).map(({ kind }) => kind);

describe("the breaker of an app", () => {
  it("UP-05 pauses an app whose connections fail alike, marks none of them, and tells it once", async () => {
    await using keeper = await openCrowd();
    keeper.sim.faults.add({ at: "refresh", do: "status", with: { status: 503 } });
    await sweep(keeper);
    const failures = refreshed(keeper).length;
    expect(failures).toBeLessThan(CROWD);
    await sweep(keeper);
    expect(refreshed(keeper).length).toBe(failures);
    expect(await appAlerts(keeper)).toEqual(["app.degraded"]);
    // What is logged of it names the app, and nothing of a connection.
    const [degraded] = keeper.events.filter(({ event }) => event === "app.degraded");
    const appId = keeper.sim.instagramApp.clientId;
    expect(degraded).toEqual({ event: "app.degraded", flavour: "instagram", appId, errorCode: "transient" });
    const { active, reconnectRequired, pausedApps } = await keeper.connections.fleet();
    expect({ active, reconnectRequired }).toEqual({ active: CROWD, reconnectRequired: 0 });
    expect(pausedApps).toMatchObject([{ flavour: "instagram", code: "transient" }]);
  });

  it("UP-05 lets nobody's click through while it is open, and says when it is probed", async () => {
    await using keeper = await openCrowd();
    keeper.sim.faults.add({ at: "refresh", do: "status", with: { status: 503 } });
    await sweep(keeper);
    const [first] = await keeper.connections.page({ after: null, limit: 1 });
    const connectionId = first?.id ?? "";
    const before = refreshed(keeper).length;
    const result = await keeper.connections.refresh({
      connectionId,
      userId: null,
      trigger: "person",
      force: true,
    });
    expect(result).toMatchObject({ kind: "paused", code: "transient", nextProbeAt: expect.any(Date) });
    expect(refreshed(keeper).length).toBe(before);
  });

  it("UP-09 hands out tokens that live while it is open", async () => {
    await using keeper = await openCrowd(55);
    keeper.sim.faults.add({ at: "refresh", do: "status", with: { status: 503 } });
    await sweep(keeper);
    const [first] = await keeper.connections.page({ after: null, limit: 1 });
    const token = await keeper.connections.handOut({ connectionId: first?.id ?? "", trigger: "api" });
    expect(token.accessToken).toMatch(/./);
  });

  it("UP-06 probes once in 30 seconds, and lets the rest go in the order of expiry once the app works again", async () => {
    const clock = { ms: Date.now() };
    await using keeper = await openCrowd(40, { leaseNow: () => clock.ms });
    const other = await keeper.another();
    const tendBoth = async (): Promise<boolean[]> =>
      await Promise.all([keeper.connections.tend(options()), other.connections.tend(options())]);
    const outage = keeper.sim.faults.add({ at: "refresh", do: "status", with: { status: 503 } });
    await sweep(keeper);
    const failures = refreshed(keeper).length;
    for (let probe = 1; probe <= 3; probe += 1) {
      await tendBoth();
      clock.ms += 29_999;
      await tendBoth();
      expect(refreshed(keeper).length).toBe(failures + probe - 1);
      clock.ms += 1;
      expect(await tendBoth()).toEqual([false, false]);
      expect(refreshed(keeper).length).toBe(failures + probe);
    }
    keeper.sim.faults.clear(outage);
    clock.ms += 30_000;
    keeper.sim.resetLedger();
    expect((await tendBoth()).filter(Boolean)).toEqual([true]);
    expect(await keeper.connections.sweep({ ...options(), concurrency: 1 })).toMatchObject({ failed: 0 });
    expect((await keeper.connections.fleet()).pausedApps).toEqual([]);
    const [, ...afterProbe] = refreshed(keeper).map(({ user }) => Number(user?.slice(1)));
    expect(afterProbe).toHaveLength(CROWD - 1);
    expect(afterProbe).toEqual(afterProbe.toSorted((left, right) => left - right));
    expect(await appAlerts(keeper)).toEqual(["app.recovered", "app.degraded"]);
  });

  it("opens at the first throttle of the whole app, until the stated time, without an alert for a short one", async () => {
    await using keeper = await openCrowd();
    const with_ = { code: 4, retry_after: "420" };
    keeper.sim.faults.add({ at: "refresh", do: "throttle", with: with_, times: 1 });
    const before = Date.now();
    await keeper.connections.sweep({ ...options(), concurrency: 1 });
    expect(refreshed(keeper).length).toBe(1);
    const [paused] = (await keeper.connections.fleet()).pausedApps;
    expect(paused?.code).toBe("rate_limited");
    expect((paused?.nextProbeAt.getTime() ?? 0) - before).toBeGreaterThanOrEqual(7 * 60_000 - 1_000);
    expect(await appAlerts(keeper)).toEqual([]);
  });
});
