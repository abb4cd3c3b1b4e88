import { describe, expect, it } from "vitest";

import { openTestKeeper } from "./testing/keeper.ts";

describe("handing out", () => {
  it("refreshes an urgent token first, and hands out the living one when that fails", async () => {
    await using keeper = await openTestKeeper();
    const { connectionId } = await keeper.signIn("acme.shop");
    const first = await keeper.connections.handOut({ connectionId, trigger: "api" });
    keeper.sim.clock.advance({ days: 55 });
    keeper.sim.faults.add({ at: "refresh", do: "status", with: { status: 503 }, times: 1 });
    const living = await keeper.connections.handOut({ connectionId, trigger: "api" });
    expect(living.accessToken).toBe(first.accessToken);
    const fresh = await keeper.connections.handOut({ connectionId, trigger: "api" });
    expect(fresh.accessToken).not.toBe(first.accessToken);
    expect(fresh.expiresAt > living.expiresAt).toBe(true);
  });

  it("never gives out a token that has expired", async () => {
    await using keeper = await openTestKeeper();
    const { connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.clock.advance({ days: 61 });
    await expect(keeper.connections.handOut({ connectionId, trigger: "api" })).rejects.toMatchObject({
      code: "token_expired",
    });
  });

  it("says the same of another user's connection as of one that is not there", async () => {
    await using keeper = await openTestKeeper();
    const mine = await keeper.signIn("acme.shop");
    const theirs = await keeper.signIn("lena.paints");
    const refused = { code: "connection_not_found" };
    await expect(keeper.connections.get(mine.userId, theirs.connectionId)).rejects.toMatchObject(refused);
    await expect(keeper.connections.get(mine.userId, "con_0000000000000000000000")).rejects.toMatchObject(
      refused,
    );
    await expect(
      keeper.connections.disconnect({ userId: mine.userId, connectionId: theirs.connectionId }),
    ).rejects.toMatchObject(refused);
    await expect(
      keeper.connections.refresh({
        connectionId: theirs.connectionId,
        userId: mine.userId,
        trigger: "person",
        force: true,
      }),
    ).rejects.toMatchObject(refused);
  });
});
