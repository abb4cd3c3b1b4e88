import { describe, expect, it } from "vitest";

import { openTestKeeper, type TestKeeper } from "./testing/keeper.ts";
import { authorized, codeOf, complete } from "./testing/sign-in.ts";

const MINUTE_MS = 60_000;

const exchanges = (keeper: TestKeeper): number =>
  keeper.sim.ledger().filter((entry) => entry.endpoint === "code").length;

describe("completing a sign-in", () => {
  it("stores a sealed connection for the professional account and opens a session", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId, sessionId } = await keeper.signIn("acme.shop");
    const view = await keeper.connections.get(userId, connectionId);
    expect(view).toMatchObject({
      username: "acme.shop",
      accountId: "17841401234567891",
      state: "healthy",
      accountType: "business",
    });
    expect(await keeper.connections.findSession(sessionId)).toMatchObject({ userId });
    const record = await keeper.store.findConnectionById(connectionId);
    expect(record?.sealedToken).toMatch(/^v1\.test\./);
    expect(JSON.stringify(record)).not.toContain("SIMTOK_");
    const handed = await keeper.connections.handOut({ connectionId, trigger: "api" });
    expect(handed.accessToken).toMatch(/^SIMTOK_/);
  });

  it("OA-09 keeps neighbouring ids beyond 2^53, sent as JSON numbers, apart to the last digit", async () => {
    await using keeper = await openTestKeeper();
    keeper.sim.policy.set({ id_as: "number" });
    const ids = ["17841501234567891", "17841501234567892", "17841501234567893"];
    const users = new Set<string>();
    for (const id of ids) {
      keeper.sim.users.add({ key: id, username: "acme.shop", name: "Acme", professionalId: id });
      const { userId, connectionId } = await keeper.signIn(id);
      users.add(userId);
      expect((await keeper.connections.get(userId, connectionId)).accountId).toBe(id);
    }
    expect(users.size).toBe(3);
  });

  it("OA-08 makes nobody the same person for having the same username and name", async () => {
    await using keeper = await openTestKeeper();
    keeper.sim.users.add({
      key: "impostor",
      username: "acme.shop",
      name: "Acme Shop",
      professionalId: "17841409999999999",
    });
    const first = await keeper.signIn("acme.shop");
    const second = await keeper.signIn("impostor");
    expect(second.userId).not.toBe(first.userId);
    expect(second.connectionId).not.toBe(first.connectionId);
  });

  it("signs the same person in again with the same user and connection, and a new session", async () => {
    await using keeper = await openTestKeeper();
    const first = await keeper.signIn("acme.shop");
    await keeper.connections.endSession(first.sessionId);
    const again = await keeper.signIn("acme.shop");
    expect([again.userId, again.connectionId]).toEqual([first.userId, first.connectionId]);
    expect(again.sessionId).not.toBe(first.sessionId);
    expect(await keeper.connections.findSession(first.sessionId)).toBeNull();
  });

  it("OA-01 refuses a state that was begun in another browser, and spends no code, in 200 tries", async () => {
    await using keeper = await openTestKeeper();
    const { address } = await authorized(keeper);
    const results = new Set<string>();
    for (let tries = 0; tries < 100; tries += 1) {
      const other = await keeper.begin();
      results.add(await codeOf(complete(keeper, other, address)));
      const guessing = { ...other, browserSecretOf: () => `guess-${tries}` };
      results.add(await codeOf(complete(keeper, guessing, address)));
    }
    expect([...results]).toEqual(["sign_in_wrong_browser"]);
    expect(exchanges(keeper)).toBe(0);
  });

  it("OA-01 draws a state with at least 128 random bits and never the same twice", async () => {
    await using keeper = await openTestKeeper();
    const states = new Set<string>();
    for (let tries = 0; tries < 200; tries += 1) {
      const { authorizationUrl } = await keeper.begin();
      states.add(new URL(authorizationUrl).searchParams.get("state") ?? "");
    }
    expect(states.size).toBe(200);
    for (const state of states)
      expect(Buffer.from(state.split(".")[1] ?? "", "base64url").length).toBeGreaterThanOrEqual(16);
  });

  it("OA-02 accepts a callback at 9:59 and refuses it at 10:01", async () => {
    await using keeper = await openTestKeeper();
    const early = await authorized(keeper);
    const late = await authorized(keeper);
    keeper.advanceWall(10 * MINUTE_MS - 1_000);
    expect(await codeOf(complete(keeper, early.begun, early.address))).toBe("fine");
    keeper.advanceWall(2_000);
    expect(await codeOf(complete(keeper, late.begun, late.address))).toBe("sign_in_expired");
    expect(exchanges(keeper)).toBe(1);
  });

  it("OA-03 exchanges a code once for 50 identical callbacks at the same time", async () => {
    await using keeper = await openTestKeeper();
    const other = await keeper.another();
    const { begun, address } = await authorized(keeper);
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, index) => {
        const { connections } = index % 2 === 0 ? keeper : other;
        return complete({ connections }, begun, address);
      }),
    );
    expect(exchanges(keeper)).toBe(1);
    expect(new Set(results.map(({ session }) => session?.id)).size).toBe(1);
    await keeper.connections.endSession(results[0]?.session?.id ?? "");
    expect((await complete(keeper, begun, address)).session).toBeNull(); // it was the only one
    expect(new Set(results.map(({ connectionId }) => connectionId)).size).toBe(1);
  });

  it("OA-04 lets a finished callback be repeated without any change, and for ten minutes only", async () => {
    await using keeper = await openTestKeeper();
    const { begun, address } = await authorized(keeper);
    const first = await complete(keeper, begun, address);
    const before = await keeper.connections.get(first.userId, first.connectionId);
    for (const waitMs of [1_000, MINUTE_MS]) {
      keeper.advanceWall(waitMs);
      const again = await complete(keeper, begun, address);
      expect(again).toEqual(first);
    }
    keeper.advanceWall(60 * MINUTE_MS);
    expect(await codeOf(complete(keeper, begun, address))).toBe("sign_in_expired");
    expect(await keeper.connections.get(first.userId, first.connectionId)).toEqual(before);
    expect(exchanges(keeper)).toBe(1);
  });

  it("OA-04 refuses a state that comes back with another code", async () => {
    await using keeper = await openTestKeeper();
    const { begun, address } = await authorized(keeper);
    await complete(keeper, begun, address);
    const other = new URL(address);
    other.searchParams.set("code", "SIMCODE_of-somebody-else-0123456789");
    expect(await codeOf(complete(keeper, begun, other.href))).toBe("sign_in_used");
    expect(exchanges(keeper)).toBe(1);
  });

  it("OA-07 takes the redirect address from the configuration", async () => {
    await using keeper = await openTestKeeper();
    const { authorizationUrl } = await keeper.begin();
    expect(new URL(authorizationUrl).searchParams.get("redirect_uri")).toBe(
      "http://localhost:5173/auth/instagram/callback",
    );
  });

  it("OA-11 does not try a code again when the answer was lost, and says to start again", async () => {
    await using keeper = await openTestKeeper();
    keeper.sim.faults.add({ at: "code", do: "reset", with: { point: "after" }, times: 1 });
    const { begun, address } = await authorized(keeper);
    expect(await codeOf(complete(keeper, begun, address))).toBe("transient");
    expect(exchanges(keeper)).toBe(1);
    expect(await codeOf(complete(keeper, begun, address))).toBe("transient");
    expect(exchanges(keeper)).toBe(1);
  });

  it("OA-12 ends calmly on every kind of refusal and damage, with no exchange and nothing stored", async () => {
    await using keeper = await openTestKeeper();
    const outcomes = new Map<string, string>();
    const variants: ((state: string) => string)[] = [
      (state) =>
        `?error=access_denied&error_reason=user_denied&error_description=The+user+denied+your+request&state=${state}`,
      (state) => `?error=access_denied&state=${state}`,
      (state) => `?error=server_error&error_description=%F0%9F%8C%B1&state=${state}`,
      (state) => `?error=access_denied&code=SIMCODE_x&state=${state}`,
      (state) => `?error=&state=${state}`,
      (state) => `?state=${state}`,
      (state) => `?code=&state=${state}`,
      (state) => `?code=a&code=b&state=${state}`,
      (state) => `?code=%ZZ&state=${state}`,
      (state) => `?code=a%00b&state=${state}`,
      (state) => `?code=${"a".repeat(9_000)}&state=${state}`,
      (state) => `?code=a&state=${state}&state=${state}`,
      (state) => `?code=a&state=${encodeURIComponent(encodeURIComponent(`${state}%`))}`,
      () => "?code=a&state=",
      () => "?code=a",
      () => "?",
      () => "",
    ];
    for (const variant of variants) {
      const begun = await keeper.begin();
      const state = new URL(begun.authorizationUrl).searchParams.get("state") ?? "";
      const query = variant(state);
      const request = {
        flavour: "instagram",
        query,
        browserSecretOf: begun.browserSecretOf,
        sessionId: null,
        userAgent: null,
      } as const;
      outcomes.set(variant("S").slice(0, 60), await codeOf(keeper.connections.completeSignIn(request)));
    }
    expect([...outcomes.values()]).not.toContain("fine");
    expect(outcomes.get("?error=access_denied&state=S")).toBe("user_denied");
    expect(exchanges(keeper)).toBe(0);
    expect(await keeper.store.pageConnections({ after: null, limit: 10 })).toEqual([]);
  });

  it("OA-17 stores nothing when the profile fails after the exchange, and can be begun anew", async () => {
    await using keeper = await openTestKeeper();
    keeper.sim.faults.add({ at: "me", do: "graph_error", with: { status: 500, code: 2 }, times: 2 });
    const { begun, address } = await authorized(keeper);
    await expect(complete(keeper, begun, address)).rejects.toMatchObject({
      code: "transient",
      step: "profile",
    });
    expect(await keeper.store.pageConnections({ after: null, limit: 10 })).toEqual([]);
    keeper.sim.faults.clear();
    expect(await keeper.signIn("acme.shop")).toMatchObject({ returnTo: "/connections" });
  });

  it("OA-18 lets two tabs sign in at once, in either order", async () => {
    await using keeper = await openTestKeeper();
    for (let round = 0; round < 10; round += 1) {
      const tabs = [await authorized(keeper, "acme.shop"), await authorized(keeper, "lena.paints")];
      if (round % 2 === 1) tabs.reverse();
      const results = await Promise.all(tabs.map(({ begun, address }) => complete(keeper, begun, address)));
      expect(new Set(results.map(({ connectionId }) => connectionId)).size).toBe(2);
    }
  });

  it("OA-18 settles two first sign-ins of one account at the same time on one connection", async () => {
    await using keeper = await openTestKeeper();
    const tabs = [await authorized(keeper), await authorized(keeper)];
    const results = await Promise.all(tabs.map(({ begun, address }) => complete(keeper, begun, address)));
    expect(new Set(results.map(({ connectionId }) => connectionId)).size).toBe(1);
    const handed = await keeper.connections.handOut({
      connectionId: results[0]?.connectionId ?? "",
      trigger: "api",
    });
    expect(handed.accessToken).toMatch(/^SIMTOK_/);
  });

  it("adds a second account to the signed-in user, and only while they stay signed in", async () => {
    await using keeper = await openTestKeeper();
    const first = await keeper.signIn("acme.shop");
    const second = await keeper.signIn("lena.paints", {
      linkUserId: first.userId,
      sessionId: first.sessionId,
    });
    expect(second.userId).toBe(first.userId);
    expect(await keeper.connections.list(first.userId)).toHaveLength(2);
    expect(await codeOf(keeper.signIn("lena.paints", { linkUserId: first.userId }))).toBe("session_changed");
  });

  it("refuses to add an account that another user holds", async () => {
    await using keeper = await openTestKeeper();
    await keeper.signIn("lena.paints");
    const { userId, sessionId } = await keeper.signIn("acme.shop");
    expect(await codeOf(keeper.signIn("lena.paints", { linkUserId: userId, sessionId }))).toBe(
      "account_held",
    );
    expect(await keeper.connections.list(userId)).toHaveLength(1);
  });

  it("refuses a personal account and names the cure", async () => {
    await using keeper = await openTestKeeper();
    const { begun, address } = await authorized(keeper);
    keeper.sim.faults.add({ at: "me", do: "field", with: { account_type: "PERSONAL" } });
    await expect(complete(keeper, begun, address)).rejects.toMatchObject({
      code: "account_not_eligible",
      cure: expect.stringContaining("Business or Creator"),
    });
  });

  it("costs two upstream round trips: after the code, everything is asked for side by side", async () => {
    await using keeper = await openTestKeeper();
    const { begun, address } = await authorized(keeper);
    const gates = (["exchange", "me"] as const).map((at) =>
      keeper.sim.gates.add({ at, point: "before_process" }),
    );
    const completing = complete(keeper, begun, address);
    const waiting = await Promise.all(gates.map((gate) => keeper.sim.gates.waitFor(gate)));
    expect(waiting).toHaveLength(2); // none of them waited for another's answer
    for (const gate of gates) keeper.sim.gates.release(gate);
    await completing;
    const asked = keeper.sim
      .ledger()
      .map(({ endpoint }) => endpoint)
      .filter((endpoint) => endpoint !== "authorize");
    expect(asked[0]).toBe("code");
    expect(asked.slice(1).sort()).toEqual(["exchange", "me", "me"]);
  });
});
