import { describe, expect, it } from "vitest";

import { setUpBench, type OpenStoreUnderTest } from "./bench.ts";
import { beginSignIn, completion, connect, minutes, newAttempt, NOW, profileOf, signIn } from "./fixtures.ts";

/** What operators look up: users, accounts by their names, and sign-ins that wait at a terminal. */
export function describeUsers(open: OpenStoreUnderTest): void {
  describe("users", () => {
    it("finds a user, and nobody under another id", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      expect(await bench.second.findUser(userId)).toEqual({ id: userId, createdAt: expect.any(Date) });
      expect(await bench.store.findUser("usr-nobody")).toBeNull();
    });

    it("pages through users in id order, each with all their accounts, the disconnected ones too", async () => {
      await using bench = await setUpBench(open);
      const first = await connect(bench.store, "1");
      await signIn(bench.store, "more", "2", { linkUserId: first.userId, now: minutes(3) });
      await connect(bench.store, "3");
      await connect(bench.store, "4");
      await bench.store.disconnect({ userId: first.userId, connectionId: "con-2", now: minutes(5) });

      const page = await bench.second.pageUsers({ after: null, limit: 2 });
      expect(page.map(({ id }) => id)).toEqual(["usr-first-1", "usr-first-3"]);
      expect(page[0]?.accounts).toEqual([
        { connectionId: "con-1", username: "user1", flavour: "instagram", status: "active" },
        { connectionId: "con-2", username: "user2", flavour: "instagram", status: "disconnected" },
      ]);
      const rest = await bench.store.pageUsers({ after: "usr-first-3", limit: 2 });
      expect(rest.map(({ id }) => id)).toEqual(["usr-first-4"]);
      expect(await bench.store.pageUsers({ after: "usr-first-4", limit: 2 })).toEqual([]);
      await expect(
        Promise.resolve().then(() => bench.store.pageUsers({ after: null, limit: -1 })),
      ).rejects.toThrow(RangeError);
    });
  });

  describe("connections by their username", () => {
    it("finds every one that goes by it, whatever the case, and none that was disconnected", async () => {
      await using bench = await setUpBench(open);
      const named = { account: { profile: profileOf("Shop.One") } };
      const first = await signIn(bench.store, "a", "1", named);
      await signIn(bench.store, "b", "2", named);
      await signIn(bench.store, "c", "3");
      const find = async (username: string, limit = 10) =>
        (await bench.second.findConnectionsByUsername({ username, limit })).map(({ id }) => id);
      expect(await find("shop.one")).toEqual(["con-1", "con-2"]);
      expect(await find("SHOP.ONE", 1)).toEqual(["con-1"]);
      expect(await find("shop_one")).toEqual([]);
      expect(await find("%")).toEqual([]);
      if (first.kind !== "completed") throw new Error("The sign-in ended otherwise.");
      await bench.store.disconnect({ userId: first.userId, connectionId: "con-1", now: minutes(5) });
      expect(await find("shop.one")).toEqual(["con-2"]);
      const [found] = await bench.store.findConnectionsByUsername({ username: "shop.one", limit: 1 });
      expect(found).not.toHaveProperty("sealedToken");
    });
  });

  describe("sign-in attempts that are open", () => {
    it("lists those that lead there and have no result, newest first", async () => {
      await using bench = await setUpBench(open);
      const atTerminal = { returnTo: "terminal" };
      await bench.store.createSignInAttempt(newAttempt("web"));
      await bench.store.createSignInAttempt(newAttempt("old", { ...atTerminal, createdAt: minutes(-30) }));
      await bench.store.createSignInAttempt(newAttempt("over", { ...atTerminal, expiresAt: minutes(2) }));
      await bench.store.createSignInAttempt(newAttempt("first", atTerminal));
      await bench.store.createSignInAttempt(newAttempt("second", { ...atTerminal, createdAt: minutes(1) }));
      await beginSignIn(bench.store, "choosing", atTerminal);
      await bench.store.offerChoice({ id: "choosing", sealedChoice: "sealed", expiresAt: minutes(9) });
      await beginSignIn(bench.store, "done", atTerminal);
      await bench.store.completeSignIn(completion("done", "1"));
      await beginSignIn(bench.store, "failed", atTerminal);
      await bench.store.failSignInAttempt({
        id: "failed",
        errorCode: "transient",
        failedStep: "profile",
        transcript: null,
        wallNow: minutes(1),
      });
      const query = { ...atTerminal, createdAfter: minutes(-10), wallNow: minutes(3) };
      const found = await bench.second.listOpenSignInAttempts({ ...query, limit: 10 });
      expect(found.map(({ id, status }) => [id, status])).toEqual([
        ["second", "started"],
        ["first", "started"],
        ["choosing", "choosing"],
      ]);
      expect(found[1]).toMatchObject({ returnTo: "terminal", createdAt: NOW, userId: null });
      expect(found[1]).not.toHaveProperty("stateHash");
      expect(await bench.store.listOpenSignInAttempts({ ...query, limit: 1 })).toHaveLength(1);
    });
  });
}
