import { describe, expect, it } from "vitest";

import { openTestKeeper, type TestKeeper } from "./testing/keeper.ts";
import { codeOf } from "./testing/sign-in.ts";

const SCOPES = ["instagram_business_basic", "instagram_business_content_publish"];

async function signedIn(keeper: TestKeeper, user = "acme.shop") {
  const { userId, connectionId } = await keeper.signIn(user);
  const look = () => keeper.connections.validate({ connectionId, userId, trigger: "person" });
  const history = async () => {
    const input = { userId, connectionId, limit: 9, before: null };
    return (await keeper.connections.history(input)).map(({ kind, outcome }) => `${kind} ${outcome}`);
  };
  return { userId, connectionId, look, history };
}

describe("validation", () => {
  it("proves a token to work, and says for whom, with what, and how much is left", async () => {
    await using keeper = await openTestKeeper();
    const { connectionId, look, history, userId } = await signedIn(keeper);
    keeper.sim.clock.advance({ days: 3 });
    expect(await look()).toEqual({
      connectionId,
      checkedAt: expect.any(Date),
      problem: null,
      traceId: null,
      account: { accountId: "17841401234567891", username: "acme.shop", accountType: "business" },
      permissions: expect.arrayContaining(SCOPES),
      missingScopes: [],
      quota: { used: 2, total: expect.any(Number), windowSeconds: 86_400 },
      changes: [],
    });
    expect(await history()).toEqual(["validate succeeded", "sign_in succeeded"]);
    const { deadlines } = await keeper.connections.get(userId, connectionId);
    const proved = deadlines?.lastProof.at?.getTime() ?? 0;
    expect(keeper.sim.clock.now().getTime() - proved).toBeLessThan(60_000);
  });

  it("tells what has changed since the last time, once", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId, look } = await signedIn(keeper);
    keeper.sim.users.rename("acme.shop", "acme.store");
    const renamed = { what: "username", before: "acme.shop", after: "acme.store" };
    expect((await look()).changes).toEqual([renamed]);
    expect((await look()).changes).toEqual([]);
    expect((await keeper.connections.get(userId, connectionId)).username).toBe("acme.store");
  });

  it("tells a token that was refused, and has it settled by a refresh at once", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId, look, history } = await signedIn(keeper);
    keeper.sim.clock.advance({ days: 2 });
    keeper.sim.users.removeApp("acme.shop");
    const found = await look();
    expect(found).toMatchObject({ problem: { code: "token_revoked" }, account: null, quota: null });
    expect(found.traceId).toEqual(expect.any(String));
    const before = await keeper.store.findConnectionById(connectionId);
    expect(before?.status).toBe("active");
    const { signal } = new AbortController();
    await keeper.connections.sweep({ trigger: "worker", concurrency: 1, signal });
    expect((await keeper.connections.get(userId, connectionId)).state).toBe("reconnect_required");
    expect(await history()).toEqual(["refresh failed", "validate failed", "sign_in succeeded"]);
  });

  it("proves nothing while Instagram is away, and changes nothing but the history", async () => {
    await using keeper = await openTestKeeper();
    const { connectionId, look } = await signedIn(keeper);
    const before = await keeper.store.findConnectionById(connectionId);
    keeper.sim.faults.add({ at: "me", do: "status", with: { status: 503 } });
    expect((await look()).problem?.code).toBe("transient");
    expect(await keeper.store.findConnectionById(connectionId)).toEqual(before);
  });

  it("refuses an account that is a professional one no more", async () => {
    await using keeper = await openTestKeeper();
    const { look } = await signedIn(keeper);
    keeper.sim.users.switchToPersonal("acme.shop");
    expect((await look()).problem?.code).toBe("account_not_eligible");
  });

  it("is for the owner's connections only", async () => {
    await using keeper = await openTestKeeper();
    const { connectionId } = await signedIn(keeper);
    const other = await keeper.signIn("lena.paints");
    const input = { connectionId, userId: other.userId, trigger: "person" } as const;
    expect(await codeOf(keeper.connections.validate(input))).toBe("connection_not_found");
  });
});

describe("recent posts", () => {
  it("are read with the token that any other code is handed, with the quota beside them", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId } = await signedIn(keeper);
    const input = { userId, connectionId, limit: 2, trigger: "person" } as const;
    const { posts, quota } = await keeper.connections.recentPosts(input);
    expect(posts).toHaveLength(2);
    expect(posts[0]).toMatchObject({ caption: expect.stringContaining("anvil"), kind: "image" });
    expect(quota).toMatchObject({ used: 2 });
    expect(JSON.stringify(posts)).not.toMatch(/SIMTOK/);
    const other = await keeper.signIn("lena.paints");
    const ofOther = keeper.connections.recentPosts({ ...input, userId: other.userId });
    expect(await codeOf(ofOther)).toBe("connection_not_found");
  });

  it("say why there are none", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId } = await signedIn(keeper);
    keeper.sim.users.removeApp("acme.shop");
    const input = { userId, connectionId, limit: 2, trigger: "person" } as const;
    expect(await codeOf(keeper.connections.recentPosts(input))).toBe("token_revoked");
  });
});
