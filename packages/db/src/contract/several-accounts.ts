import { describe, expect, it } from "vitest";

import { setUpBench, type OpenStoreUnderTest } from "./bench.ts";
import {
  beginSignIn,
  completion,
  connect,
  minutes,
  newAccount,
  NOW,
  signIn,
  type CompletionOverrides,
} from "./fixtures.ts";

const FACEBOOK = {
  flavour: "facebook",
  identity: { providerUserId: "fb-1", appScopedId: "fb-1" },
} as const satisfies CompletionOverrides;

/** Sign-ins with a choice of accounts, by somebody who is none of them. */
export function describeSeveralAccounts(open: OpenStoreUnderTest): void {
  describe("a sign-in with several accounts", () => {
    it("keeps all of them for one user, who comes back by the person and not by an account", async () => {
      await using bench = await setUpBench(open);
      await beginSignIn(bench.store, "a", { flavour: "facebook" });
      const accounts = [newAccount("a-1", "1"), newAccount("a-2", "2")];
      const result = await bench.store.completeSignIn({ ...completion("a", "1", FACEBOOK), accounts });
      expect(result).toEqual({
        kind: "completed",
        userId: "usr-a",
        isNewUser: true,
        connections: [
          { connectionId: "con-1", isNew: true },
          { connectionId: "con-2", isNew: true },
        ],
      });
      expect((await bench.second.listConnections("usr-a")).map(({ id }) => id)).toEqual(["con-1", "con-2"]);
      const back = await signIn(bench.store, "b", "3", FACEBOOK);
      expect(back).toMatchObject({ userId: "usr-a", isNewUser: false });
      const somebodyElse = { providerUserId: "fb-2", appScopedId: "fb-2" };
      const other = await signIn(bench.store, "c", "4", { ...FACEBOOK, identity: somebodyElse });
      expect(other).toMatchObject({ userId: "usr-c", isNewUser: true });
    });

    it("writes none of them where another user has one", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "2");
      await beginSignIn(bench.store, "a", { flavour: "facebook" });
      const accounts = [newAccount("a-1", "1"), newAccount("a-2", "2")];
      const result = await bench.store.completeSignIn({ ...completion("a", "1", FACEBOOK), accounts });
      expect(result).toEqual({ kind: "account_held", accountId: "2" });
      expect(await bench.store.findConnectionIdByAccount("1")).toBeNull();
    });

    it("OA-08 does not make somebody with a role on a Page the user who has its account", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      expect(await signIn(bench.store, "b", "1", FACEBOOK)).toEqual({ kind: "account_held", accountId: "1" });
    });

    it("signs the holder in where their reconnect link led to it", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      await beginSignIn(bench.store, "b", { flavour: "facebook", expectedAccountId: "1" });
      const result = await bench.store.completeSignIn(completion("b", "1", FACEBOOK));
      expect(result).toMatchObject({ kind: "completed", userId, isNewUser: false });
    });

    it("leaves a person's identity with their own user when they add accounts to another one", async () => {
      await using bench = await setUpBench(open);
      await signIn(bench.store, "a", "1", FACEBOOK);
      const { userId } = await connect(bench.store, "2");
      const added = await signIn(bench.store, "b", "3", { ...FACEBOOK, linkUserId: userId });
      expect(added).toMatchObject({ kind: "completed", userId });
      expect(await signIn(bench.store, "c", "4", FACEBOOK)).toMatchObject({ userId: "usr-a" });
    });

    it("MC-05 keeps a Facebook user apart from an account that has the same number", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      const twin = { providerUserId: "1", appScopedId: "1" };
      const result = await signIn(bench.store, "b", "2", { ...FACEBOOK, identity: twin });
      expect(result).toMatchObject({ kind: "completed", userId: "usr-b", isNewUser: true });
      expect(await signIn(bench.store, "c", "1")).toMatchObject({ userId });
    });
  });

  describe("a choice of accounts", () => {
    const wallNow = minutes(2);
    const offered = { sealedChoice: "v1.k1.choice", expiresAt: minutes(12) };

    it("waits for the browser that signed in, and for nobody after its time", async () => {
      await using bench = await setUpBench(open);
      await beginSignIn(bench.store, "a", { flavour: "facebook" });
      const own = { id: "a", browserHash: "browser-a", wallNow };
      expect(await bench.store.findChoice(own)).toBeNull();
      expect(await bench.store.offerChoice({ id: "a", ...offered })).toBe(true);
      const found = await bench.second.findChoice(own);
      expect(found).toMatchObject({ sealedChoice: "v1.k1.choice", attempt: { id: "a", status: "choosing" } });
      expect(found?.attempt).not.toHaveProperty("sealedChoice");
      expect(await bench.second.findChoice({ ...own, browserHash: "browser-b" })).toBeNull();
      expect(await bench.second.findChoice({ ...own, wallNow: offered.expiresAt })).toBeNull();
    });

    it("is taken by one, and gone once the sign-in has ended", async () => {
      await using bench = await setUpBench(open);
      await beginSignIn(bench.store, "a", { flavour: "facebook" });
      await bench.store.offerChoice({ id: "a", ...offered });
      expect(await bench.store.offerChoice({ id: "b", ...offered })).toBe(false);
      const taken = await Promise.all([bench.store.takeChoice("a"), bench.second.takeChoice("a")]);
      expect(taken.filter(Boolean)).toHaveLength(1);
      const result = await bench.store.completeSignIn(completion("a", "1", FACEBOOK));
      expect(result.kind).toBe("completed");
      expect(await bench.store.offerChoice({ id: "a", ...offered })).toBe(false);
      expect(await bench.store.findChoice({ id: "a", browserHash: "browser-a", wallNow: NOW })).toBeNull();
    });
  });
}
