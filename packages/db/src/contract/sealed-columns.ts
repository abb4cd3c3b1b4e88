import { describe, expect, it } from "vitest";

import type { Store } from "../store.ts";
import type { SealedColumn } from "../store/sealed-columns.ts";
import { setUpBench, type OpenStoreUnderTest } from "./bench.ts";
import { beginSignIn, connect, days, leaseOf, minutes, NOW, renewal, sealedToken } from "./fixtures.ts";

const TOKENS: SealedColumn = "connections.sealed_token";

/** Two connections, one of them with a token before its token, and a choice that waits. */
async function fill(store: Store): Promise<void> {
  await connect(store, "1");
  await connect(store, "2");
  await store.saveRefreshed({
    lease: await leaseOf(store, "con-2"),
    ...renewal("x", { token: sealedToken("x", { sealedToken: "v1.k2.renewed" }) }),
  });
  await beginSignIn(store, "c", { flavour: "facebook" });
  await store.offerChoice({ id: "c", sealedChoice: "v1.k1.choice", expiresAt: days(1) });
}

/** Sealed texts, by the keys they were sealed with. */
export function describeSealedColumns(open: OpenStoreUnderTest): void {
  describe("sealed texts", () => {
    it("are counted by column and key", async () => {
      await using bench = await setUpBench(open);
      expect(await bench.store.countSealed()).toEqual([]);
      await fill(bench.store);
      await connect(bench.store, "3", { sealedToken: "no seal at all" });
      expect(await bench.second.countSealed()).toEqual([
        { column: "connections.sealed_token", keyId: "", rows: 1 },
        { column: "connections.sealed_token", keyId: "k1", rows: 1 },
        { column: "connections.sealed_token", keyId: "k2", rows: 1 },
        { column: "connections.previous_sealed_token", keyId: "k1", rows: 1 },
        { column: "sign_in_attempts.sealed_choice", keyId: "k1", rows: 1 },
      ]);
    });

    it("come page by page, but those of one key", async () => {
      await using bench = await setUpBench(open);
      await fill(bench.store);
      const page = (notWith: string, after: string | null, limit = 9) =>
        bench.second.pageSealed({ column: TOKENS, notWith, after, limit });
      const first = { id: "con-1", flavour: "instagram", sealed: "v1.k1.first-1" };
      const second = { id: "con-2", flavour: "instagram", sealed: "v1.k2.renewed" };
      expect(await page("k9", null)).toEqual([first, second]);
      expect(await page("k9", null, 1)).toEqual([first]);
      expect(await page("k9", "con-1")).toEqual([second]);
      expect(await page("k2", null)).toEqual([first]);
      const choice = {
        column: "sign_in_attempts.sealed_choice",
        notWith: "k2",
        after: null,
        limit: 9,
      } as const;
      expect(await bench.second.pageSealed(choice)).toEqual([
        { id: "c", flavour: "facebook", sealed: "v1.k1.choice" },
      ]);
    });

    it("TS-06 are exchanged where they still are what they were, and nothing else of their row changes", async () => {
      await using bench = await setUpBench(open);
      await fill(bench.store);
      const lease = await leaseOf(bench.store, "con-1");
      const before = await bench.store.findConnectionById("con-1");
      const rewraps = [
        { id: "con-1", from: "v1.k1.first-1", to: "v1.k3.one" },
        { id: "con-2", from: "v1.k1.stale", to: "v1.k3.two" },
        { id: "missing", from: "v1.k1.a", to: "v1.k3.b" },
      ];
      expect(await bench.second.rewrapSealed({ column: TOKENS, rewraps })).toBe(1);
      expect(await bench.second.rewrapSealed({ column: TOKENS, rewraps })).toBe(0);
      expect(await bench.second.rewrapSealed({ column: TOKENS, rewraps: [] })).toBe(0);
      expect(await bench.store.findConnectionById("con-1")).toEqual({ ...before, sealedToken: "v1.k3.one" });
      expect(await bench.store.findConnectionById("con-2")).toMatchObject({ sealedToken: "v1.k2.renewed" });
      // Whoever refreshes the token meanwhile is not disturbed, and has the last word.
      expect(await bench.store.saveRefreshed({ lease, ...renewal("y") })).toBe(true);
      expect(await bench.store.findConnectionById("con-1")).toMatchObject({
        sealedToken: "v1.k1.y",
        previousSealedToken: "v1.k3.one",
      });
      const previous = [{ id: "con-1", from: "v1.k3.one", to: "v1.k1.back" }];
      const column = "connections.previous_sealed_token";
      expect(await bench.second.rewrapSealed({ column, rewraps: previous })).toBe(1);
    });

    it("TS-07 keep their key from being retired, and say how many they are", async () => {
      await using bench = await setUpBench(open);
      await fill(bench.store);
      await bench.store.addKeyCheck({ keyId: "k1", sealed: "check" });
      expect(await bench.store.retireKey({ keyId: "k1", wallNow: NOW })).toBe(3);
      expect(await bench.second.listKeyChecks()).toEqual([{ keyId: "k1", sealed: "check", retiredAt: null }]);
      await bench.store.failSignInAttempt({
        id: "c",
        errorCode: "x",
        failedStep: "stored",
        transcript: null,
        wallNow: minutes(2),
      });
      const move = async (column: SealedColumn) => {
        const rows = await bench.store.pageSealed({ column, notWith: "k2", after: null, limit: 9 });
        const rewraps = rows.map(({ id, sealed }) => ({ id, from: sealed, to: sealed.replace("k1", "k2") }));
        return bench.store.rewrapSealed({ column, rewraps });
      };
      expect(await move(TOKENS)).toBe(1);
      expect(await bench.store.retireKey({ keyId: "k1", wallNow: NOW })).toBeGreaterThan(0);
      await move("connections.previous_sealed_token");
      await move("sign_in_attempts.sealed_choice");
      expect(await bench.store.retireKey({ keyId: "k1", wallNow: minutes(5) })).toBe(0);
      expect(await bench.second.listKeyChecks()).toEqual([
        { keyId: "k1", sealed: "check", retiredAt: minutes(5) },
      ]);
      // The id stays taken: another key may not have it.
      await bench.second.addKeyCheck({ keyId: "k1", sealed: "other" });
      expect(await bench.second.listKeyChecks()).toMatchObject([{ sealed: "check" }]);
    });
  });
}
