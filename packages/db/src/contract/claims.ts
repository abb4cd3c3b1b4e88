import { describe, expect, it } from "vitest";

import type { Store } from "../store.ts";
import type { ClaimDueInput } from "../store/leases.ts";
import { type OpenStoreUnderTest, setUpBench } from "./bench.ts";
import {
  claimInput,
  connect,
  days,
  failureOf,
  LEASE_MS,
  leaseOf,
  minutes,
  NOW,
  sealedToken,
  signIn,
} from "./fixtures.ts";

/** How due connections are found and leased. */
export function describeClaims(open: OpenStoreUnderTest): void {
  describe("claims", () => {
    it("leases what has been due for longest, up to the limit, and answers the soonest expiry first", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "late", { nextRefreshAt: days(-3), tokenExpiresAt: days(20) });
      await connect(bench.store, "soon", { nextRefreshAt: days(-1), tokenExpiresAt: days(5) });
      await connect(bench.store, "middle", { nextRefreshAt: NOW, tokenExpiresAt: days(9) });
      await connect(bench.store, "not-due", { nextRefreshAt: minutes(1), tokenExpiresAt: days(1) });

      const first = await bench.store.claimDue(claimInput("w", { limit: 2 }));
      expect(first.map(({ connection }) => connection.id)).toEqual(["con-soon", "con-late"]);
      expect(first[0]?.connection).toEqual(await bench.store.findConnectionById("con-soon"));
      expect(first[0]?.connection.sealedToken).toBe("v1.k1.first-soon");
      expect(first[0]?.lease).toMatchObject({ connectionId: "con-soon", version: 1 });
      const rest = await bench.second.claimDue(claimInput("x"));
      expect(rest.map(({ connection }) => connection.id)).toEqual(["con-middle"]);
      expect(await bench.store.claimDue(claimInput("w"))).toEqual([]);
      expect(await bench.store.claimDue(claimInput("w", { now: days(40), limit: 0 }))).toEqual([]);
      await expect(bench.store.claimDue(claimInput("w", { limit: -1 }))).rejects.toThrow(RangeError);
    });

    it("leaves out connections that are not looked at again, and those that were left", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1", { nextRefreshAt: NOW });
      const left = await connect(bench.store, "2", { nextRefreshAt: NOW });
      const lease = await leaseOf(bench.store, "con-1");
      const reconnect = { reconnectReason: "token_revoked", nextRefreshAt: null };
      expect(await bench.store.recordFailure({ ...failureOf("f"), lease, ...reconnect })).toBe(true);
      await bench.store.disconnect({ ...left, now: NOW });
      expect(await bench.store.claimDue(claimInput("w", { now: days(90) }))).toEqual([]);
    });

    it("WK-03 hands a lapsed lease to the next claim, by the store's own clock", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1", { nextRefreshAt: NOW });
      await bench.store.claimDue(claimInput("killed"));
      expect(await bench.second.claimDue(claimInput("next", { now: days(50) }))).toEqual([]);
      bench.advanceLeaseClock(LEASE_MS - 1);
      expect(await bench.second.claimDue(claimInput("next"))).toEqual([]);
      bench.advanceLeaseClock(1);
      expect(await bench.second.claimDue(claimInput("next"))).toHaveLength(1);
    });

    it("WK-02 leases 500 due connections to four claimants, none of them twice", async () => {
      await using bench = await setUpBench(open);
      const accounts = Array.from({ length: 500 }, (_, index) => `${1000 + index}`);
      await Promise.all(accounts.map((account) => connect(bench.store, account, { nextRefreshAt: NOW })));

      const claimed: string[] = [];
      const claimAll = async (store: Store, owner: string): Promise<void> => {
        for (;;) {
          const batch = await store.claimDue(claimInput(owner, { limit: 7 }));
          if (batch.length === 0) return;
          claimed.push(...batch.map(({ connection }) => connection.id));
        }
      };
      const { store, second } = bench;
      await Promise.all([store, second, store, second].map((each, index) => claimAll(each, `w${index}`)));
      expect(claimed).toHaveLength(500);
      expect(new Set(claimed).size).toBe(500);
    });

    it("leases one connection, due or not, to one claimant at a time", async () => {
      await using bench = await setUpBench(open);
      const own = await connect(bench.store, "1");
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 === 0 ? bench.store : bench.second).claimOne({
            connectionId: "con-1",
            owner: `w${index}`,
            leaseMs: LEASE_MS,
          }),
        ),
      );
      expect(claims.filter((claim) => claim.kind === "leased")).toHaveLength(1);
      const busy = claims.filter((claim) => claim.kind === "busy");
      expect(busy).toHaveLength(19);
      expect(busy[0]).toMatchObject({ connection: { id: "con-1", sealedToken: "v1.k1.first-1" } });

      const missing = { connectionId: "missing", owner: "w", leaseMs: LEASE_MS };
      expect(await bench.store.claimOne(missing)).toEqual({ kind: "missing" });
      await bench.store.disconnect({ ...own, now: NOW });
      expect(await bench.store.claimOne({ ...missing, connectionId: "con-1" })).toEqual({ kind: "missing" });
    });

    it("UP-08 looks again at what only a person could help, when it was told to", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      const lease = await leaseOf(bench.store, "con-1");
      const probed = { reconnectReason: "token_revoked", nextRefreshAt: days(1) };
      await bench.store.recordFailure({ lease, ...failureOf("f", probed) });
      expect(await bench.store.claimDue(claimInput("w"))).toEqual([]);
      const claimed = await bench.store.claimDue(claimInput("w", { now: days(1) }));
      expect(claimed.map(({ connection }) => connection.status)).toEqual(["reconnect_required"]);
    });

    it("UP-05 leaves paused apps alone, by flavour and app, and takes one app's though it is paused", async () => {
      await using bench = await setUpBench(open);
      const due = { token: sealedToken("due", { nextRefreshAt: NOW }) };
      await signIn(bench.store, "a", "1", { account: { ...due, appId: "app-1" } });
      await signIn(bench.store, "b", "2", { account: { ...due, appId: "app-1" }, flavour: "facebook" });
      await signIn(bench.store, "c", "3", { account: { ...due, appId: "app-2" } });
      const claimed = async (of: ClaimDueInput["of"], limit = 9) => {
        const leases = await bench.store.claimDue(claimInput("w", { of, limit }));
        for (const { lease } of leases) await bench.store.releaseLease(lease, null);
        return leases.map(({ connection }) => connection.id);
      };
      const [first, second] = [
        { flavour: "instagram", appId: "app-1" },
        { flavour: "instagram", appId: "app-2" },
      ] as const;
      expect(await claimed({ kind: "due", pausedApps: [first] })).toEqual(["con-2", "con-3"]);
      expect(await claimed({ kind: "due", pausedApps: [first, second] })).toEqual(["con-2"]);
      expect(await claimed({ kind: "due", pausedApps: [{ ...first, appId: "app-" }] })).toHaveLength(3);
      expect(await claimed({ kind: "due", pausedApps: [{ ...first, appId: "odd,\"' {}" }] })).toHaveLength(3);
      expect(await claimed({ kind: "app", app: first })).toEqual(["con-1"]);
      expect(await claimed({ kind: "app", app: { flavour: "facebook", appId: "app-1" } })).toEqual(["con-2"]);
      expect(await claimed({ kind: "app", app: { flavour: "facebook", appId: "app-2" } })).toEqual([]);
      expect(await claimed({ kind: "app", app: first }, 0)).toEqual([]);
    });

    it("probes an app with an active connection, not with one that waits for its person", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1", { nextRefreshAt: NOW });
      const lease = await leaseOf(bench.store, "con-1");
      const failure = failureOf("att-1", { reconnectReason: "token_invalid", nextRefreshAt: NOW });
      await bench.store.recordFailure({ ...failure, lease });
      const [leased] = await bench.store.claimDue(claimInput("w"));
      const connection = leased?.connection;
      expect(connection).toMatchObject({ id: "con-1", status: "reconnect_required" });
      bench.advanceLeaseClock(LEASE_MS);
      const { flavour = "instagram", appId = "" } = connection ?? {};
      const of = { kind: "app", app: { flavour, appId } } as const;
      expect(await bench.store.claimDue(claimInput("w", { of }))).toEqual([]);
    });

    it("WK-05 takes of what is due only what somebody has begun and left, when that is asked for", async () => {
      await using bench = await setUpBench(open);
      for (const account of ["1", "2", "3"]) await connect(bench.store, account, { nextRefreshAt: NOW });
      await connect(bench.store, "4", { nextRefreshAt: days(9) });
      const abandoned = { kind: "abandoned", pausedApps: [] } as const;
      await leaseOf(bench.store, "con-1");
      await leaseOf(bench.store, "con-4");
      await bench.store.releaseLease(await leaseOf(bench.store, "con-2"), null);
      expect(await bench.second.claimDue(claimInput("w", { of: abandoned }))).toEqual([]);
      bench.advanceLeaseClock(LEASE_MS);
      const ofOther = { ...abandoned, pausedApps: [{ flavour: "instagram", appId: "app-1" }] } as const;
      expect(await bench.second.claimDue(claimInput("w", { of: ofOther }))).toEqual([]);
      const left = await bench.second.claimDue(claimInput("w", { of: abandoned }));
      expect(left.map(({ connection }) => connection.id)).toEqual(["con-1"]);
      expect(await bench.store.claimDue(claimInput("w", { of: abandoned }))).toEqual([]);
      expect(await bench.store.claimDue(claimInput("w"))).toHaveLength(2);
    });
  });
}
