import { describe, expect, it } from "vitest";

import { openTestKeeper, type TestKeeper } from "./testing/keeper.ts";

const calls = (keeper: TestKeeper, endpoint: "refresh" | "me"): number =>
  keeper.sim.ledger().filter((entry) => entry.endpoint === endpoint).length;

const options = (signal = new AbortController().signal) =>
  ({ trigger: "worker", concurrency: 16, signal }) as const;
const sweep = (keeper: TestKeeper) => keeper.connections.sweep(options());
const tend = (keeper: TestKeeper) => keeper.connections.tend(options());
const alertsOf = async (keeper: TestKeeper, userId: string) =>
  (await keeper.connections.alerts({ userId, limit: 20 })).map(({ kind }) => kind);

/** Claims a connection as a process would that is then killed: with the intent recorded, and no more. */
async function abandon(keeper: TestKeeper, connectionId: string): Promise<void> {
  const claim = await keeper.store.claimOne({ connectionId, owner: "killed", leaseMs: 60_000 });
  if (claim.kind !== "leased") throw new Error("It is leased already.");
  const { lease } = claim;
  await keeper.store.recordIntent({ lease, leaseMs: 1, now: keeper.deps.now() });
}

describe("one attempt", () => {
  it("WK-11 sends nothing once its lease has lapsed or gone to somebody else", async () => {
    await using keeper = await openTestKeeper({ change: () => ({ leaseMs: -1 }) });
    const { connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.clock.advance({ days: 40 });
    const result = await keeper.connections.refresh({
      connectionId,
      userId: null,
      trigger: "api",
      force: false,
    });
    expect(result.kind).toBe("superseded");
    expect(calls(keeper, "refresh")).toBe(0);
  });

  it("WK-03 settles what a crash has left at once: the kept token is probed and refreshed again", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.clock.advance({ days: 40 });
    await abandon(keeper, connectionId);
    const probes = calls(keeper, "me");
    await expect.poll(async () => (await tend(keeper), calls(keeper, "refresh"))).toBe(1);
    expect(calls(keeper, "me")).toBe(probes + 1);
    expect(await keeper.connections.get(userId, connectionId)).toMatchObject({ state: "healthy" });
    expect(await keeper.store.findConnectionById(connectionId)).toMatchObject({ attemptSentAt: null });
  });

  it("WK-05 flags a connection whose only new token was lost with a crash and whose old one was revoked", async () => {
    await using keeper = await openTestKeeper();
    keeper.sim.policy.set({ rotation: "revoke_old" });
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.clock.advance({ days: 40 });
    const kept = await keeper.connections.handOut({ connectionId, trigger: "api" });
    await abandon(keeper, connectionId);
    await fetch(
      `${keeper.sim.origin}/refresh_access_token?grant_type=ig_refresh_token&access_token=${kept.accessToken}`,
    );
    await expect
      .poll(async () => (await tend(keeper), (await keeper.connections.get(userId, connectionId)).state))
      .toBe("reconnect_required");
    expect(await alertsOf(keeper, userId)).toEqual(["connection.reconnect_required"]);
  });

  it("WK-05 waits a day, and calls nothing failed, when the lost call had renewed the very string that is kept", async () => {
    await using keeper = await openTestKeeper();
    keeper.sim.policy.set({ rotation: "same_token" });
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.clock.advance({ days: 40 });
    const { accessToken } = await keeper.connections.handOut({ connectionId, trigger: "api" });
    await abandon(keeper, connectionId);
    await fetch(
      `${keeper.sim.origin}/refresh_access_token?grant_type=ig_refresh_token&access_token=${accessToken}`,
    );
    await expect.poll(async () => (await tend(keeper), calls(keeper, "refresh"))).toBe(2);
    expect(await keeper.connections.get(userId, connectionId)).toMatchObject({
      state: "healthy",
      problem: null,
    });
    expect(await sweep(keeper)).toMatchObject({ claimed: 0 });
    keeper.sim.clock.advance({ days: 1 });
    expect(await sweep(keeper)).toMatchObject({ refreshed: 1 });
  });

  it("TS-10 goes back to the previous token when the current one is refused and the previous one works", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.clock.advance({ days: 40 });
    await sweep(keeper);
    keeper.sim.clock.advance({ days: 2 });
    keeper.sim.faults.add({ at: "refresh", do: "graph_error", with: { status: 400, code: 190 }, times: 1 });
    const result = await keeper.connections.refresh({ connectionId, userId, trigger: "person", force: true });
    expect(result.kind).toBe("refreshed");
    expect(await keeper.connections.get(userId, connectionId)).toMatchObject({
      state: "healthy",
      problem: null,
    });
    const [latest] = await keeper.connections.history({ userId, connectionId, limit: 1, before: null });
    expect(latest).toMatchObject({ kind: "restore", outcome: "succeeded" });
    expect(await alertsOf(keeper, userId)).toEqual([]);
  });

  it("TS-10 keeps the previous token sealed, and drops it once Instagram gives the same string again", async () => {
    await using keeper = await openTestKeeper();
    const { connectionId } = await keeper.signIn("acme.shop");
    const first = (await keeper.store.findConnectionById(connectionId))?.sealedToken;
    keeper.sim.clock.advance({ days: 40 });
    await sweep(keeper);
    expect(await keeper.store.findConnectionById(connectionId)).toMatchObject({ previousSealedToken: first });
    keeper.sim.policy.set({ rotation: "same_token" });
    keeper.sim.clock.advance({ days: 40 });
    await sweep(keeper);
    expect(await keeper.store.findConnectionById(connectionId)).toMatchObject({ previousSealedToken: null });
  });

  it("asks for a reconnect once, when neither the current token nor the previous one is accepted", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.clock.advance({ days: 40 });
    await sweep(keeper);
    keeper.sim.users.removeApp("acme.shop");
    keeper.sim.clock.advance({ days: 40 });
    expect(await sweep(keeper)).toMatchObject({ reconnect_required: 1 });
    expect(await alertsOf(keeper, userId)).toEqual(["connection.reconnect_required"]);
    keeper.sim.clock.advance({ hours: 1 });
    await sweep(keeper);
    expect(await alertsOf(keeper, userId)).toEqual(["connection.reconnect_required"]);
    await keeper.signIn("acme.shop");
    expect(await alertsOf(keeper, userId)).toEqual(["connection.recovered", "connection.reconnect_required"]);
    expect(await keeper.connections.get(userId, connectionId)).toMatchObject({ state: "healthy" });
  });

  it("UP-08 heals by itself when a verdict turns out to have been wrong", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.clock.advance({ days: 40 });
    const rule = keeper.sim.faults.add({
      at: "refresh",
      do: "graph_error",
      with: { status: 400, code: 190 },
    });
    await sweep(keeper);
    expect(await keeper.connections.get(userId, connectionId)).toMatchObject({ state: "reconnect_required" });
    keeper.sim.faults.clear(rule);
    keeper.sim.clock.advance({ hours: 1 });
    expect(await sweep(keeper)).toMatchObject({ refreshed: 1 });
    expect(await keeper.connections.get(userId, connectionId)).toMatchObject({
      state: "healthy",
      problem: null,
    });
    expect(await alertsOf(keeper, userId)).toEqual(["connection.recovered", "connection.reconnect_required"]);
  });

  it("WK-06 takes a fault of ours for one connection's bad luck: it waits, and the others are renewed", async () => {
    let broken = "";
    await using keeper = await openTestKeeper({
      change: ({ seal }) => ({
        seal: {
          ...seal,
          open: (sealed, belongsTo) => {
            if (belongsTo.connectionId === broken) throw new TypeError("a fault of ours");
            return seal.open(sealed, belongsTo);
          },
        },
      }),
    });
    broken = (await keeper.signIn("acme.shop")).connectionId;
    await keeper.signIn("lena.paints");
    keeper.sim.clock.advance({ days: 40 });
    expect(await sweep(keeper)).toMatchObject({ refreshed: 1, failed: 1 });
    expect(keeper.events.filter(({ event }) => event === "connection.crashed")).toHaveLength(1);
  });

  it("WK-10 lets a reconnect during a refresh win", async () => {
    await using keeper = await openTestKeeper();
    const { connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.clock.advance({ days: 40 });
    const gate = keeper.sim.gates.add({ at: "refresh", point: "after_process" });
    const refreshed = keeper.connections.refresh({
      connectionId,
      userId: null,
      trigger: "api",
      force: false,
    });
    const waiting = await keeper.sim.gates.waitFor(gate);
    await keeper.signIn("acme.shop");
    const { sealedToken } = (await keeper.store.findConnectionById(connectionId)) ?? {};
    keeper.sim.gates.release(waiting.id);
    expect((await refreshed).kind).toBe("superseded");
    expect(await keeper.store.findConnectionById(connectionId)).toMatchObject({ sealedToken });
  });
});
