import { describe, expect, it } from "vitest";

import { setUpBench, type OpenStoreUnderTest } from "./bench.ts";
import {
  claimInput,
  connect,
  days,
  failureOf,
  historyRow,
  LEASE_MS,
  leaseOf,
  minutes,
  newAlert,
  NOW,
  renewal,
  sealedToken,
  signIn,
} from "./fixtures.ts";

const INTENT = { leaseMs: LEASE_MS, now: minutes(3) };

/** What is noted before a call is sent, and how what comes of it clears that. */
export function describeJournal(open: OpenStoreUnderTest): void {
  describe("intents", () => {
    it("WK-05 tells whoever comes next that a call was about to be sent, which nobody settled", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1", { nextRefreshAt: days(9) });
      const lease = await leaseOf(bench.store, "con-1");
      const before = await bench.store.findConnectionById("con-1");
      expect(await bench.store.recordIntent({ lease, ...INTENT })).toBe(true);
      const noted = { ...before, attemptSentAt: minutes(3), nextRefreshAt: minutes(3) };
      expect(await bench.second.findConnectionById("con-1")).toEqual(noted);
      expect(await bench.second.claimDue(claimInput("next", { now: minutes(3) }))).toEqual([]);
      bench.advanceLeaseClock(LEASE_MS);
      const [next] = await bench.second.claimDue(claimInput("next", { now: minutes(3) }));
      expect(next?.connection).toEqual(noted);
    });

    it("makes the lease last from then on, and an overdue connection no less due", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1", { nextRefreshAt: NOW });
      const [claimed] = await bench.store.claimDue(claimInput("w"));
      if (claimed === undefined) throw new Error("Nothing was due.");
      const { lease } = claimed;
      bench.advanceLeaseClock(LEASE_MS - 1);
      expect(await bench.store.recordIntent({ lease, ...INTENT })).toBe(true);
      bench.advanceLeaseClock(LEASE_MS - 1);
      expect(await bench.second.claimDue(claimInput("next"))).toEqual([]);
      expect(await bench.store.findConnectionById("con-1")).toMatchObject({ nextRefreshAt: NOW, version: 1 });
      expect(await bench.store.saveRefreshed({ lease, ...renewal("new") })).toBe(true);
    });

    it("gives no time to what is not looked at again", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      const reconnect = { reconnectReason: "token_revoked", nextRefreshAt: null };
      const first = await leaseOf(bench.store, "con-1");
      await bench.store.recordFailure({ lease: first, ...failureOf("f", reconnect) });
      const lease = await leaseOf(bench.store, "con-1");
      expect(await bench.store.recordIntent({ lease, ...INTENT })).toBe(true);
      const noted = { nextRefreshAt: null, attemptSentAt: minutes(3) };
      expect(await bench.store.findConnectionById("con-1")).toMatchObject(noted);
    });

    it("WK-11 stops a holder whose lease has lapsed before it acts, claimed again or not", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      const late = await leaseOf(bench.store, "con-1");
      const before = await bench.store.findConnectionById("con-1");
      bench.advanceLeaseClock(LEASE_MS);
      expect(await bench.store.recordIntent({ lease: late, ...INTENT })).toBe(false);
      const current = await leaseOf(bench.second, "con-1");
      const both = [
        bench.store.recordIntent({ lease: late, ...INTENT }),
        bench.second.recordIntent({ lease: current, ...INTENT }),
      ];
      expect(await Promise.all(both)).toEqual([false, true]);
      expect(await bench.store.recordIntent({ lease: { ...current, version: 2 }, ...INTENT })).toBe(false);
      await signIn(bench.store, "b", "1");
      expect(await bench.second.recordIntent({ lease: current, ...INTENT })).toBe(false);
      expect(before?.attemptSentAt).toBeNull();
    });

    it("is settled by every outcome, and not by a lease that is given back", async () => {
      await using bench = await setUpBench(open);
      const own = await connect(bench.store, "1");
      const { store } = bench;
      const begin = async () => {
        const lease = await leaseOf(store, "con-1");
        await store.recordIntent({ lease, ...INTENT });
        return lease;
      };
      const sentAt = async () => (await store.findConnectionById("con-1"))?.attemptSentAt;
      await store.releaseLease(await begin(), days(1));
      expect(await sentAt()).toEqual(minutes(3));
      await store.saveRefreshed({ lease: await begin(), ...renewal("new") });
      expect(await sentAt()).toBeNull();
      await store.recordFailure({ lease: await begin(), ...failureOf("f") });
      expect(await sentAt()).toBeNull();
      const restored = { nextRefreshAt: days(1), history: historyRow("r"), alerts: [], now: minutes(9) };
      expect(await store.restorePrevious({ lease: await begin(), ...restored })).toBe(true);
      expect(await sentAt()).toBeNull();
      await begin();
      await signIn(store, "b", "1");
      expect(await sentAt()).toBeNull();
      await begin();
      await store.disconnect({ ...own, now: minutes(9) });
      expect(await sentAt()).toBeNull();
    });
  });

  describe("the previous token", () => {
    const tokenOf = (name: string, day: number) =>
      sealedToken(name, { tokenIssuedAt: days(day), tokenExpiresAt: days(day + 60) });
    const previousOf = (name: string | null, day: number) => ({
      previousSealedToken: name === null ? null : `v1.k1.${name}`,
      previousTokenIssuedAt: name === null ? null : days(day),
      previousTokenExpiresAt: name === null ? null : days(day + 60),
    });

    it("TS-10 is kept by a save that replaces the current one, or forgotten, as the save says", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      const save = async (name: string, day: number, previous: "replaced" | "kept" | "none") => {
        const lease = await leaseOf(bench.store, "con-1");
        const token = tokenOf(name, day);
        expect(await bench.store.saveRefreshed({ lease, ...renewal(name, { token, previous }) })).toBe(true);
        return bench.second.findConnectionById("con-1");
      };
      expect(await save("a", 1, "replaced")).toMatchObject({
        ...tokenOf("a", 1),
        ...previousOf("first-1", 0),
      });
      expect(await save("b", 2, "replaced")).toMatchObject({ ...tokenOf("b", 2), ...previousOf("a", 1) });
      expect(await save("c", 3, "kept")).toMatchObject({ ...tokenOf("c", 3), ...previousOf("a", 1) });
      expect(await save("d", 4, "none")).toMatchObject({ ...tokenOf("d", 4), ...previousOf(null, 0) });
      expect(await save("e", 5, "kept")).toMatchObject(previousOf(null, 0));
    });

    it("TS-10 takes the place of one that was refused, and is gone then", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      const token = { ...tokenOf("new", 9), isExpiryEstimated: true };
      const lease = await leaseOf(bench.store, "con-1");
      await bench.store.saveRefreshed({ lease, ...renewal("new", { token, now: days(9) }) });
      const failing = await leaseOf(bench.store, "con-1");
      const marks = { reconnectReason: "token_revoked", incidentId: "alt" };
      await bench.store.recordFailure({ lease: failing, ...failureOf("f", marks) });

      const last = await leaseOf(bench.store, "con-1");
      const alerts = [newAlert("alt-2", { accountId: "1", kind: "connection.recovered" })];
      const history = historyRow("r", { kind: "restore", trigger: "cron" });
      const restored = { lease: last, nextRefreshAt: days(10), history, alerts, now: days(10) };
      expect(await bench.store.restorePrevious(restored)).toBe(true);
      expect(await bench.second.findConnectionById("con-1")).toMatchObject({
        sealedToken: "v1.k1.first-1",
        tokenIssuedAt: days(0),
        tokenExpiresAt: days(60),
        isExpiryEstimated: true,
        ...previousOf(null, 0),
        nextRefreshAt: days(10),
        renewedAt: days(9),
        updatedAt: days(10),
        status: "active",
        statusReason: null,
        failedAttempts: 0,
        lastErrorCode: null,
        lastErrorAt: null,
        failingSinceAt: null,
        incidentId: null,
        version: 4,
      });
      const query = { userId, connectionId: "con-1", limit: 9, before: null };
      expect(await bench.store.listHistory(query)).toContainEqual(history);
      expect(await bench.store.listAlerts({ userId, limit: 9 })).toMatchObject([{ id: "alt-2" }]);
      await leaseOf(bench.store, "con-1"); // given back
    });

    it("DB-02 writes what it can of many at once: one that fails takes no other with it", async () => {
      await using bench = await setUpBench(open);
      const leases = [];
      for (const account of ["1", "2", "3"]) {
        await connect(bench.store, account, { nextRefreshAt: NOW });
        leases.push(await leaseOf(bench.store, `con-${account}`));
      }
      const [first, second, third] = leases;
      if (first === undefined || second === undefined || third === undefined) throw new Error("No lease.");
      await bench.store.recordFailure({ lease: first, ...failureOf("taken") });
      const again = await leaseOf(bench.store, "con-1");
      // All in one turn, the middle one under the id of a history row that is another connection's.
      const ends = await Promise.allSettled([
        bench.store.saveRefreshed({ lease: second, ...renewal("good-2") }),
        bench.store.recordFailure({ lease: third, ...failureOf("taken") }),
        bench.store.saveRefreshed({ lease: again, ...renewal("good-1") }),
      ]);
      expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      const versions = await Promise.all(
        ["1", "2", "3"].map((account) => bench.second.findConnectionById(`con-${account}`)),
      );
      expect(versions.map((connection) => connection?.version)).toEqual([3, 2, 1]);
    });

    it("TS-10 is not restored where there is none, or once the lease is lost; then nothing is written", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      const alerts = [newAlert("alt", { accountId: "1" })];
      const restored = { nextRefreshAt: days(1), history: historyRow("r"), alerts, now: minutes(9) };
      const lease = await leaseOf(bench.store, "con-1");
      const before = await bench.store.findConnectionById("con-1");
      expect(await bench.store.restorePrevious({ lease, ...restored })).toBe(false);
      expect(await bench.store.findConnectionById("con-1")).toEqual(before);
      expect(await bench.store.saveRefreshed({ lease, ...renewal("new") })).toBe(true); // it is still held
      expect(await bench.store.restorePrevious({ lease, ...restored })).toBe(false);
      expect(await bench.store.listAlerts({ userId, limit: 9 })).toEqual([]);
      const query = { userId, connectionId: "con-1", limit: 9, before: null };
      expect(await bench.store.listHistory(query)).toHaveLength(2);
    });
  });
}
