import { describe, expect, it } from "vitest";

import type { OpenBreakerInput } from "../store/breakers.ts";
import type { AppKey } from "../store/connections.ts";
import { setUpBench, type OpenStoreUnderTest, type TestBench } from "./bench.ts";
import {
  connect,
  days,
  failureOf,
  leaseOf,
  minutes,
  newAlert,
  NOW,
  sealedToken,
  signIn,
} from "./fixtures.ts";

const APP: AppKey = { flavour: "instagram", appId: "app-1" };
const OTHER: AppKey = { flavour: "facebook", appId: "app-1" };
const WAIT_MS = 30_000;

function opening(alertId: string | null, overrides: Partial<OpenBreakerInput> = {}): OpenBreakerInput {
  const alert = alertId === null ? null : newAlert(alertId, { kind: "app.degraded" });
  return { app: APP, errorCode: "unavailable", waitMs: WAIT_MS, now: minutes(1), alert, ...overrides };
}

function recovery(alertId: string, app = APP) {
  return { app, alert: newAlert(alertId, { kind: "app.recovered", errorCode: null }) };
}

async function alertIds(bench: TestBench): Promise<string[]> {
  return (await bench.second.listAllAlerts({ limit: 99 })).map((alert) => alert.id).sort();
}

/** Which apps are left alone, and how they are tried again. */
export function describeBreakers(open: OpenStoreUnderTest): void {
  describe("breakers", () => {
    it("UP-05 open once for an app, and are seen by everybody", async () => {
      await using bench = await setUpBench(open);
      expect(await bench.store.listOpenBreakers()).toEqual([]);
      expect(await bench.store.openBreaker(opening("alt-1"))).toBe(true);
      expect(await bench.store.openBreaker(opening(null, { app: OTHER }))).toBe(true);
      expect(await bench.second.openBreaker(opening("alt-2", { errorCode: "other", now: days(1) }))).toBe(
        false,
      );
      const [other, own] = await bench.second.listOpenBreakers();
      expect(own).toEqual({
        ...APP,
        errorCode: "unavailable",
        openedAt: minutes(1),
        probes: 0,
        isProbeDue: false,
        nextProbeAt: expect.any(Date) as Date,
        incidentId: "alt-1",
      });
      expect(other).toMatchObject({ ...OTHER, incidentId: null });
      expect(await alertIds(bench)).toEqual(["alt-1"]);
    });

    it("UP-05 open by the doing of one of many", async () => {
      await using bench = await setUpBench(open);
      const stores = [bench.store, bench.second, bench.store, bench.second];
      const results = await Promise.all(
        stores.map((store, index) => store.openBreaker(opening(`alt-${index}`))),
      );
      expect(results.filter(Boolean)).toHaveLength(1);
      const [breaker] = await bench.store.listOpenBreakers();
      expect(await alertIds(bench)).toEqual([breaker?.incidentId]);
    });

    it("UP-05 let one caller probe, when it is time by the clock of the leases", async () => {
      await using bench = await setUpBench(open);
      await bench.store.openBreaker(opening(null));
      const probe = (probes: number, store = bench.store) =>
        store.takeProbe({ app: APP, probes, waitMs: 2 * WAIT_MS });
      const isDue = async () => (await bench.second.listOpenBreakers())[0]?.isProbeDue;
      bench.advanceLeaseClock(WAIT_MS - 1);
      expect([await isDue(), await probe(0)]).toEqual([false, false]);
      bench.advanceLeaseClock(1);
      expect([await isDue(), await probe(1)]).toEqual([true, false]);
      const racers = [bench.store, bench.second, bench.store, bench.second];
      const results = await Promise.all(racers.map((store) => probe(0, store)));
      expect(results.filter(Boolean)).toHaveLength(1);
      expect(await bench.second.listOpenBreakers()).toMatchObject([{ probes: 1, isProbeDue: false }]);
      bench.advanceLeaseClock(2 * WAIT_MS - 1);
      expect([await isDue(), await probe(1)]).toEqual([false, false]);
      bench.advanceLeaseClock(1);
      expect([await isDue(), await probe(0), await probe(1)]).toEqual([true, false, true]);
      expect(await bench.store.takeProbe({ app: OTHER, probes: 0, waitMs: 1 })).toBe(false);
    });

    it("UP-05 wait no less than was asked for last, and no less than before", async () => {
      await using bench = await setUpBench(open);
      const isDue = async () => (await bench.second.listOpenBreakers())[0]?.isProbeDue;
      await bench.store.openBreaker(opening(null));
      bench.advanceLeaseClock(WAIT_MS - 1);
      expect(await bench.store.openBreaker(opening(null, { waitMs: 10 }))).toBe(false);
      bench.advanceLeaseClock(1);
      expect(await isDue()).toBe(false);
      bench.advanceLeaseClock(9);
      expect(await isDue()).toBe(true);
      await bench.store.openBreaker(opening(null, { waitMs: 5_000 }));
      await bench.store.openBreaker(opening(null, { waitMs: 1 }));
      bench.advanceLeaseClock(4_999);
      expect(await isDue()).toBe(false);
    });

    it("UP-05 close once, and tell of it where their opening was told of", async () => {
      await using bench = await setUpBench(open);
      expect(await bench.store.closeBreaker(recovery("none"))).toBe(false);
      await bench.store.openBreaker(opening(null));
      await bench.store.openBreaker(opening("degraded", { app: OTHER }));
      expect(await bench.store.closeBreaker(recovery("silent"))).toBe(true);
      const racers = [bench.store, bench.second, bench.store, bench.second];
      const results = await Promise.all(
        racers.map((store, index) => store.closeBreaker(recovery(`well-${index}`, OTHER))),
      );
      expect(results.filter(Boolean)).toHaveLength(1);
      expect(await bench.second.listOpenBreakers()).toEqual([]);
      const ids = await alertIds(bench);
      expect(ids).toHaveLength(2);
      expect(ids).toContain("degraded");
      expect(await bench.store.openBreaker(opening("again"))).toBe(true);
      expect(await bench.store.listOpenBreakers()).toMatchObject([{ probes: 0, incidentId: "again" }]);
    });
  });

  describe("the backlog of an app", () => {
    const LEAD_MS = days(30).getTime() - NOW.getTime();
    const release = (bench: TestBench, limit = 99, now = NOW) =>
      bench.store.releaseBacklog({ app: APP, beforeExpiryMs: LEAD_MS, now, limit });

    it("UP-05 becomes due in the order of expiry, a batch at a time, and comes to its end", async () => {
      await using bench = await setUpBench(open);
      const expiries = { a: 5, b: 9, c: 1, d: 7, e: 3 };
      for (const [account, day] of Object.entries(expiries)) {
        await connect(bench.store, account, { nextRefreshAt: NOW, tokenExpiresAt: days(day) });
      }
      expect(await release(bench, 2)).toBe(2);
      const moved = async () =>
        (await bench.store.pageConnections({ after: null, limit: 9 }))
          .filter((connection) => connection.version > 1)
          .map((connection) => connection.id);
      expect(await moved()).toEqual(["con-c", "con-e"]);
      expect(await release(bench, 2)).toBe(2);
      expect(await release(bench, 2)).toBe(1);
      expect(await release(bench, 2)).toBe(0);
      expect(await bench.second.findConnectionById("con-b")).toMatchObject({
        nextRefreshAt: days(9 - 30),
        updatedAt: NOW,
        version: 2,
      });
      await expect(release(bench, -1)).rejects.toThrow(RangeError);
    });

    it("UP-05 is what is overdue or waits for another attempt, under no lease, of this app alone", async () => {
      await using bench = await setUpBench(open);
      const { store } = bench;
      const overdue = { nextRefreshAt: days(-1), tokenExpiresAt: days(9) };
      await connect(store, "overdue", overdue);
      await connect(store, "failed", { nextRefreshAt: NOW, tokenExpiresAt: days(20) });
      await store.recordFailure({ lease: await leaseOf(store, "con-failed"), ...failureOf("f") });
      await connect(store, "well", { nextRefreshAt: minutes(1), tokenExpiresAt: days(40) });
      await connect(store, "leased", overdue);
      await leaseOf(store, "con-leased");
      await connect(store, "lost", overdue);
      const lost = failureOf("g", { reconnectReason: "token_revoked", nextRefreshAt: days(-1) });
      await store.recordFailure({ lease: await leaseOf(store, "con-lost"), ...lost });
      const left = await connect(store, "left", overdue);
      await store.disconnect({ ...left, now: NOW });
      await signIn(store, "x", "other", {
        flavour: "facebook",
        account: { token: sealedToken("x", overdue) },
      });

      expect(await release(bench)).toBe(2);
      const dueAt = async (id: string) => (await store.findConnectionById(id))?.nextRefreshAt;
      expect(await dueAt("con-overdue")).toEqual(days(9 - 30));
      expect(await dueAt("con-failed")).toEqual(days(20 - 30));
      expect(await release(bench)).toBe(0);
      bench.advanceLeaseClock(60_000);
      expect(await release(bench)).toBe(1);
      expect(await dueAt("con-leased")).toEqual(days(9 - 30));
      expect(await dueAt("con-other")).toEqual(days(-1));
    });

    it("UP-05 is released by two at once without a row counted twice", async () => {
      await using bench = await setUpBench(open);
      const accounts = Array.from({ length: 60 }, (_, index) => `${100 + index}`);
      await Promise.all(accounts.map((account) => connect(bench.store, account, { nextRefreshAt: NOW })));
      const drain = async (store = bench.store) => {
        let total = 0;
        for (let count = -1; count !== 0; total += count) {
          count = await store.releaseBacklog({ app: APP, beforeExpiryMs: 1_000, now: NOW, limit: 7 });
        }
        return total;
      };
      const totals = await Promise.all([drain(), drain(bench.second)]);
      const rest = await drain();
      expect(totals.reduce((sum, total) => sum + total, rest)).toBe(60);
    });
  });
}
