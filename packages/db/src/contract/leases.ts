import { describe, expect, it } from "vitest";

import type { Lease } from "../records.ts";
import type { ClaimDueInput, Store } from "../store.ts";
import {
  connect,
  days,
  historyRow,
  minutes,
  NOW,
  sealedToken,
  setUpBench,
  type OpenStoreUnderTest,
} from "./fixtures.ts";

const LEASE_MS = 60_000;

function claimInput(owner: string, overrides: Partial<ClaimDueInput> = {}): ClaimDueInput {
  return { owner, now: NOW, leaseMs: LEASE_MS, limit: 100, ...overrides };
}

async function leaseOf(store: Store, connectionId: string, owner = "worker"): Promise<Lease> {
  const claim = await store.claimOne({ connectionId, owner, leaseMs: LEASE_MS });
  if (claim.kind !== "leased") throw new Error(`The claim ended as ${claim.kind}.`);
  return claim.lease;
}

function failure(lease: Lease, historyId: string) {
  const history = historyRow(historyId, { outcome: "failed", errorCode: "transient" });
  return {
    lease,
    reconnectReason: null,
    errorCode: "transient",
    nextRefreshAt: days(1),
    history,
    now: minutes(9),
  };
}

async function historyIds(store: Store, userId: string, connectionId: string): Promise<string[]> {
  const rows = await store.listHistory({ userId, connectionId, limit: 100, before: null });
  return rows.map((row) => row.id);
}

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

    it("leaves out connections that only a person can help, and those that were left", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1", { nextRefreshAt: NOW });
      const left = await connect(bench.store, "2", { nextRefreshAt: NOW });
      const lease = await leaseOf(bench.store, "con-1");
      const reconnect = { reconnectReason: "token_revoked", nextRefreshAt: NOW };
      expect(await bench.store.recordFailure({ ...failure(lease, "f"), ...reconnect })).toBe(true);
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
  });
}

/** How a lease is used up, given back and lost. */
export function describeWritesUnderLease(open: OpenStoreUnderTest): void {
  describe("writes under a lease", () => {
    it("stores a refreshed token, clears the failures and gives the lease back", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1", { nextRefreshAt: NOW });
      await bench.store.recordFailure({
        ...failure(await leaseOf(bench.store, "con-1"), "f"),
        reconnectReason: "token_invalid",
      });
      const lease = await leaseOf(bench.store, "con-1");
      const token = sealedToken("new", { tokenExpiresAt: days(90), isExpiryEstimated: true });
      const saved = { lease, token, history: historyRow("h", { startedAt: days(30) }), now: days(30) };
      expect(await bench.store.saveRefreshed(saved)).toBe(true);

      expect(await bench.second.findConnectionById("con-1")).toMatchObject({
        ...token,
        status: "active",
        statusReason: null,
        failedAttempts: 0,
        lastErrorCode: null,
        lastErrorAt: null,
        renewedAt: days(30),
        updatedAt: days(30),
        createdAt: minutes(1),
        version: 3,
      });
      expect(await historyIds(bench.store, userId, "con-1")).toContain("h");
      expect(await bench.store.saveRefreshed({ ...saved, history: historyRow("h2") })).toBe(false);
      await leaseOf(bench.store, "con-1");
    });

    it("counts a failure, keeps the sealed token and looks again when told", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1", { nextRefreshAt: NOW });
      for (const count of [1, 2]) {
        const lease = await leaseOf(bench.store, "con-1");
        expect(await bench.store.recordFailure(failure(lease, `f${count}`))).toBe(true);
        expect(await bench.store.findConnectionById("con-1")).toMatchObject({
          sealedToken: "v1.k1.first-1",
          status: "active",
          statusReason: null,
          failedAttempts: count,
          lastErrorCode: "transient",
          lastErrorAt: minutes(9),
          nextRefreshAt: days(1),
          renewedAt: minutes(1),
          updatedAt: minutes(9),
          version: 1 + count,
        });
      }
    });

    it("marks a connection for a reconnect with the reason and its sealed token", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      const marked = { reconnectReason: "token_revoked", errorCode: "token_revoked", nextRefreshAt: null };
      const lease = await leaseOf(bench.store, "con-1");
      expect(await bench.store.recordFailure({ ...failure(lease, "f1"), ...marked })).toBe(true);
      const expected = { status: "reconnect_required", statusReason: "token_revoked", nextRefreshAt: null };
      const connection = await bench.store.findConnectionById("con-1");
      expect(connection).toMatchObject({ ...expected, sealedToken: "v1.k1.first-1" });

      const next = await leaseOf(bench.store, "con-1");
      expect(await bench.store.recordFailure({ ...failure(next, "f2"), nextRefreshAt: null })).toBe(true);
      const still = await bench.store.findConnectionById("con-1");
      expect(still).toMatchObject({ ...expected, lastErrorCode: "transient", failedAttempts: 2 });
    });

    it("keeps an active connection in the sweeps when a failure names no next time", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1", { nextRefreshAt: NOW });
      const lease = await leaseOf(bench.store, "con-1");
      await bench.store.recordFailure({ ...failure(lease, "f"), nextRefreshAt: null });
      expect(await bench.store.claimDue(claimInput("w"))).toHaveLength(1);
    });

    it("gives a lease back unused, for now or for later", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1", { nextRefreshAt: NOW });
      const [first] = await bench.store.claimDue(claimInput("w"));
      if (first === undefined) throw new Error("Nothing was due.");
      await bench.store.releaseLease(first.lease, null);
      const [second] = await bench.second.claimDue(claimInput("x"));
      if (second === undefined) throw new Error("Nothing was due.");
      expect(second.connection).toEqual(first.connection);
      await bench.second.releaseLease(second.lease, days(2));
      expect(await bench.store.claimDue(claimInput("w"))).toEqual([]);
      expect(await bench.store.findConnectionById("con-1")).toMatchObject({
        nextRefreshAt: days(2),
        version: 2,
        failedAttempts: 0,
        sealedToken: "v1.k1.first-1",
      });
    });

    it("WK-04 lets a late holder change nothing, even under the same owner's name", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1", { nextRefreshAt: NOW });
      const late = await leaseOf(bench.store, "con-1", "worker");
      bench.advanceLeaseClock(LEASE_MS);
      const current = await leaseOf(bench.second, "con-1", "worker");
      const before = await bench.store.findConnectionById("con-1");

      const token = sealedToken("late");
      const stale = { lease: late, token, history: historyRow("late"), now: minutes(9) };
      expect(await bench.store.saveRefreshed(stale)).toBe(false);
      expect(await bench.store.recordFailure(failure(late, "late-2"))).toBe(false);
      await bench.store.releaseLease(late, days(3));
      expect(await bench.store.findConnectionById("con-1")).toEqual(before);
      expect(await historyIds(bench.store, userId, "con-1")).toEqual(["history-first-1"]);
      expect(await bench.second.saveRefreshed({ ...stale, lease: current })).toBe(true);
    });

    it("takes the token of a holder whose lease lapsed unclaimed: it may be the only one left", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      const lease = await leaseOf(bench.store, "con-1");
      bench.advanceLeaseClock(10 * LEASE_MS);
      const saved = { lease, token: sealedToken("new"), history: historyRow("h"), now: minutes(9) };
      expect(await bench.store.saveRefreshed(saved)).toBe(true);
    });

    it("writes no token when its history is refused", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      const lease = await leaseOf(bench.store, "con-1");
      const saved = { lease, token: sealedToken("new"), now: minutes(9) };
      const refused = bench.store.saveRefreshed({ ...saved, history: historyRow("history-first-1") });
      await expect(refused).rejects.toThrow(RangeError);
      expect((await bench.store.findConnectionById("con-1"))?.sealedToken).toBe("v1.k1.first-1");
      expect(await bench.store.saveRefreshed({ ...saved, history: historyRow("h") })).toBe(true);
    });

    it("stores the token of one of many who save under the same lease at once", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      const lease = await leaseOf(bench.store, "con-1");
      const results = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 === 0 ? bench.store : bench.second).saveRefreshed({
            lease,
            token: sealedToken(`t${index}`),
            history: historyRow(`h${index}`),
            now: minutes(9),
          }),
        ),
      );
      expect(results.filter(Boolean)).toHaveLength(1);
      expect(await historyIds(bench.store, userId, "con-1")).toHaveLength(2);
    });
  });
}
