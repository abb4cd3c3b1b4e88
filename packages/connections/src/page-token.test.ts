import { describe, expect, it } from "vitest";

import { ACME, allow, arrive, connectMaya, everySweep, MAYA } from "./testing/facebook.ts";
import { openTestKeeper } from "./testing/keeper.ts";

describe("a Page's token", () => {
  it("has its deadlines told, is proved daily, and needs nobody for sixty days", async () => {
    await using keeper = await openTestKeeper();
    const { userId } = await connectMaya(keeper);
    const [before] = await keeper.connections.list(userId);
    expect(before?.deadlines).toMatchObject({
      tokenExpiry: { at: null, basis: "none" },
      earliestRefresh: { at: null, basis: "none" },
      dataAccessEnd: { basis: "told" },
      lastProof: { basis: "told" },
    });
    for (let hours = 0; hours < 60 * 24; hours += 6) {
      keeper.sim.clock.advance({ hours: 6 });
      await everySweep(keeper);
    }
    const views = await keeper.connections.list(userId);
    expect(views.map(({ state }) => state)).toEqual(["healthy", "healthy"]);
    const now = keeper.sim.clock.now().getTime();
    for (const { id, deadlines } of views) {
      expect(now - (deadlines?.lastProof.at?.getTime() ?? 0)).toBeLessThan(2 * 86_400_000);
      await keeper.connections.handOut({ connectionId: id, trigger: "api" });
      const history = await keeper.connections.history({ userId, connectionId: id, limit: 99, before: null });
      const proofs = history.filter(({ kind }) => kind === "proof").length;
      expect(proofs).toBeGreaterThan(50);
      expect(proofs).toBeLessThanOrEqual(61);
    }
  });

  it("warns before the person's access ends, each time once, and is quiet once they came back", async () => {
    await using keeper = await openTestKeeper();
    const { userId, sessionId } = await connectMaya(keeper, [ACME]);
    const [view] = await keeper.connections.list(userId);
    for (let day = 0; day < 84; day += 1) {
      keeper.sim.clock.advance({ days: 1 });
      await everySweep(keeper);
    }
    const told = async () =>
      (await keeper.connections.alerts({ userId, limit: 99 })).map(({ kind, daysLeft }) => [kind, daysLeft]);
    expect(await told()).toEqual([
      ["connection.expiring", 7],
      ["connection.expiring", 14],
    ]);
    expect((await keeper.connections.list(userId))[0]?.state).toBe("ending");
    const options = { linkUserId: userId, reconnectConnectionId: view?.id ?? "" };
    await arrive(keeper, await allow(keeper, MAYA, options), sessionId);
    expect((await told())[0]).toEqual(["connection.recovered", null]);
    expect((await keeper.connections.list(userId))[0]?.state).toBe("healthy");
    for (let day = 0; day < 20; day += 1) {
      keeper.sim.clock.advance({ days: 1 });
      await everySweep(keeper);
    }
    expect(await told()).toHaveLength(3);
  });

  it.each([
    ["the app was removed", "removeApp", "token_revoked"],
    ["the password was changed", "passwordChanged", "token_revoked"],
    ["data access ended", "endDataAccess", "token_expired"],
  ] as const)("is found out within a day when %s", async (_what, happen, code) => {
    await using keeper = await openTestKeeper();
    const { userId } = await connectMaya(keeper, [ACME]);
    keeper.sim.clock.advance({ days: 5 });
    keeper.sim.facebook[happen](MAYA);
    keeper.sim.clock.advance({ days: 1, hours: 12 });
    await everySweep(keeper);
    const [view] = await keeper.connections.list(userId);
    expect(view).toMatchObject({ state: "reconnect_required", problem: { code } });
    const alerts = await keeper.connections.alerts({ userId, limit: 9 });
    expect(alerts.map(({ kind }) => kind)).toEqual(["connection.reconnect_required"]);
  });

  it("loses its role on the Page alone: the other Page goes on", async () => {
    await using keeper = await openTestKeeper();
    const { userId } = await connectMaya(keeper);
    keeper.sim.facebook.withdrawPageRole(MAYA, "103000000000101");
    keeper.sim.clock.advance({ days: 2 });
    await everySweep(keeper);
    const states = Object.fromEntries(
      (await keeper.connections.list(userId)).map((v) => [v.username, v.state]),
    );
    expect(states).toEqual({ "acme.shop": "reconnect_required", "lena.paints": "healthy" });
  });

  it("is looked at now when the person asks, whatever its age", async () => {
    await using keeper = await openTestKeeper();
    const { userId } = await connectMaya(keeper, [ACME]);
    const [view] = await keeper.connections.list(userId);
    const request = { connectionId: view?.id ?? "", userId, trigger: "person", force: false } as const;
    expect((await keeper.connections.refresh(request)).kind).toBe("refreshed");
  });
});
