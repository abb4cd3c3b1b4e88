import { describe, expect, it } from "vitest";

import { setUpBench, type OpenStoreUnderTest } from "./bench.ts";
import {
  ALL_DUE,
  connect,
  days,
  failureOf,
  leaseOf,
  minutes,
  newAlert,
  newAttempt,
  NOW,
  signIn,
} from "./fixtures.ts";

/** How sessions live and end. */
export function describeSessions(open: OpenStoreUnderTest): void {
  describe("sessions", () => {
    it("SE-05 finds a session until it expires", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      const before = new Date(days(7).getTime() - 1);
      expect(await bench.store.findSession("session-first-1", before)).not.toBeNull();
      expect(await bench.store.findSession("session-first-1", days(7))).toBeNull();
      expect(await bench.store.findSession("missing", NOW)).toBeNull();
    });

    it("notes when a session was used, never backwards and never beyond its end", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      const lastSeenAt = async () =>
        (await bench.second.findSession("session-first-1", minutes(2)))?.lastSeenAt;
      await bench.store.touchSession("session-first-1", days(2));
      expect(await lastSeenAt()).toEqual(days(2));
      await bench.store.touchSession("session-first-1", days(1));
      await bench.store.touchSession("session-first-1", days(8));
      await bench.store.touchSession("missing", days(1));
      expect(await lastSeenAt()).toEqual(days(2));
    });

    it("SE-04 ends a session at once, in every process", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      await signIn(bench.store, "b", "1");
      await bench.store.deleteSession("session-first-1");
      await bench.store.deleteSession("missing");
      expect(await bench.second.findSession("session-first-1", minutes(2))).toBeNull();
      expect(await bench.second.findSession("session-b", minutes(2))).not.toBeNull();
    });

    it("SE-08 lists a user's live sessions, last used first, and ends them all but one", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      await connect(bench.store, "2");
      await signIn(bench.store, "b", "1");
      await signIn(bench.store, "c", "1");
      await bench.store.touchSession("session-b", minutes(9));
      const list = async (wallNow = minutes(10)) =>
        (await bench.second.listSessions({ userId, wallNow })).map(({ idHash }) => idHash);
      expect(await list()).toEqual(["session-b", "session-first-1", "session-c"]);
      expect((await bench.second.listSessions({ userId, wallNow: NOW }))[0]).toEqual({
        idHash: "session-b",
        userId,
        userAgent: "Test browser",
        createdAt: minutes(1),
        lastSeenAt: minutes(9),
        expiresAt: days(7),
      });
      expect(await list(days(7))).toEqual([]);
      expect(await bench.store.deleteSessions({ userId, exceptIdHash: "session-c" })).toBe(2);
      expect(await list()).toEqual(["session-c"]);
      expect(await bench.store.deleteSessions({ userId, exceptIdHash: null })).toBe(1);
      expect(await bench.second.findSession("session-first-2", minutes(2))).not.toBeNull();
    });
  });
}

/** What keeps the database small, checked and watched. */
export function describeUpkeep(open: OpenStoreUnderTest): void {
  describe("upkeep", () => {
    it("prunes expired sessions and attempts older than a day", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      await bench.store.createSignInAttempt(newAttempt("young", { createdAt: minutes(1) }));
      expect(await bench.store.prune(new Date(days(1).getTime() - 1))).toBe(0);
      expect(await bench.store.prune(days(1))).toBe(1);
      expect(
        await bench.store.findSignInAttempt({ id: "young", browserHash: "browser-young" }),
      ).not.toBeNull();
      expect(await bench.store.findSession("session-first-1", days(1))).not.toBeNull();
      expect(await bench.store.prune(days(7))).toBe(2);
      expect(await bench.store.prune(days(7))).toBe(0);
      expect(await bench.store.findConnectionById("con-1")).not.toBeNull();
    });

    it("prunes runs older than a week, and alerts older than 90 days that do not wait", async () => {
      await using bench = await setUpBench(open);
      const { store } = bench;
      const { userId } = await connect(store, "1");
      await store.createRun({ id: "run", processId: "prc", startedAt: NOW });
      const about = { accountId: "1", createdAt: NOW };
      const alerts = [newAlert("old", about), newAlert("waiting", { ...about, deliverAt: NOW })];
      const lease = await leaseOf(store, "con-1");
      await store.recordFailure({ lease, ...failureOf("f", { alerts }) });
      await store.prune(days(6)); // the attempt of the sign-in
      expect(await store.prune(new Date(days(7).getTime() - 1))).toBe(0);
      expect(await store.findRun("run")).not.toBeNull();
      expect(await store.prune(days(7))).toBe(2); // with the session
      expect(await store.findRun("run")).toBeNull();
      const ids = async () => (await bench.second.listAlerts({ userId, limit: 9 })).map((alert) => alert.id);
      expect(await store.prune(new Date(days(90).getTime() - 1))).toBe(0);
      expect(await ids()).toEqual(["waiting", "old"]);
      expect(await store.prune(days(90))).toBe(1);
      expect(await ids()).toEqual(["waiting"]);
      const delivery = {
        id: "d",
        alertId: "waiting",
        startedAt: NOW,
        durationMs: 1,
        httpStatus: 204,
        errorCode: null,
      };
      await store.recordAlertDelivery({ delivery, outcome: { kind: "delivered" } });
      expect(await store.prune(days(90))).toBe(1);
      expect(await store.listAlertDeliveries("waiting")).toEqual([]);
    });

    it("keeps the first check value of a key", async () => {
      await using bench = await setUpBench(open);
      expect(await bench.store.listKeyChecks()).toEqual([]);
      await bench.store.addKeyCheck({ keyId: "k2", sealed: "second" });
      await bench.store.addKeyCheck({ keyId: "k1", sealed: "first" });
      await bench.second.addKeyCheck({ keyId: "k1", sealed: "forged" });
      expect(await bench.second.listKeyChecks()).toEqual([
        { keyId: "k1", sealed: "first", retiredAt: null },
        { keyId: "k2", sealed: "second", retiredAt: null },
      ]);
    });

    it("changes its marker with every commit, its own and another's, and only then", async () => {
      await using bench = await setUpBench(open);
      const own = await connect(bench.store, "1");
      const markers = [await bench.store.changeMarker()];
      await bench.store.listConnections(own.userId);
      await bench.store.claimDue({ owner: "w", now: NOW, leaseMs: 1000, limit: 1, of: ALL_DUE });
      expect(await bench.store.changeMarker()).toBe(markers[0]);

      await bench.store.touchSession("session-first-1", minutes(3));
      markers.push(await bench.store.changeMarker());
      await bench.second.touchSession("session-first-1", minutes(4));
      markers.push(await bench.store.changeMarker());
      await bench.store.disconnect({ ...own, now: minutes(5) });
      markers.push(await bench.store.changeMarker());
      await bench.second.deleteSession("session-first-1");
      markers.push(await bench.store.changeMarker());
      expect(new Set(markers).size).toBe(5);
    });

    it("AK-03 counts every commit, its own at once and another's from the next turn on, or cannot tell", async () => {
      await using bench = await setUpBench(open);
      const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
      const own = await connect(bench.store, "1");
      await turn();
      const before = bench.store.changeCount();
      await bench.store.listConnections(own.userId);
      await turn();
      expect(bench.store.changeCount()).toBe(before);
      if (before === null) return; // an engine that never can
      const counts = [before];
      const look = () => counts.push(bench.store.changeCount() ?? Number.NaN);
      await bench.store.touchSession("session-first-1", minutes(3));
      look();
      await bench.store.touchSession("session-first-1", minutes(4));
      look();
      await bench.second.touchSession("session-first-1", minutes(5));
      await turn();
      look();
      await bench.second.deleteSession("session-first-1");
      await turn();
      look();
      expect(counts).toEqual([...new Set(counts)].toSorted((a, b) => a - b));
      expect(counts).toHaveLength(5);
    });

    it("counts a process as running for 30 seconds after its last beat, by the clock of the leases", async () => {
      await using bench = await setUpBench(open);
      const beat = (id: string, kind: "api" | "worker") =>
        bench.store.beatProcess({ id, kind, startedAt: NOW, sweptAt: null, keyIds: null });
      const running = async () =>
        (await bench.second.listRunningProcesses()).map(({ id, kind }) => `${id} ${kind}`);
      await beat("p1", "api");
      await beat("p2", "worker");
      bench.advanceLeaseClock(29_999);
      await beat("p1", "api");
      expect(await running()).toEqual(["p1 api", "p2 worker"]);
      expect(await bench.second.listRunningProcesses()).toMatchObject([{ startedAt: NOW, keyIds: null }, {}]);
      bench.advanceLeaseClock(1);
      expect(await running()).toEqual(["p1 api"]);
      await bench.second.removeProcess("p1");
      await bench.second.removeProcess("missing");
      expect(await running()).toEqual([]);
    });

    it("keeps when a process last finished a sweep, though its later beats do not say", async () => {
      await using bench = await setUpBench(open);
      const beat = (sweptAt: Date | null) =>
        bench.store.beatProcess({ id: "p1", kind: "worker", startedAt: NOW, sweptAt, keyIds: ["k1"] });
      const sweptAt = async () => (await bench.second.listRunningProcesses())[0]?.sweptAt;
      await beat(null);
      expect(await sweptAt()).toBeNull();
      await beat(minutes(5));
      await beat(null);
      expect(await sweptAt()).toEqual(minutes(5));
      await beat(minutes(9));
      expect(await sweptAt()).toEqual(minutes(9));
    });

    it("proves that it can be written without changing what it holds", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      const before = await bench.store.findConnectionById("con-1");
      await bench.store.checkWritable();
      await bench.second.checkWritable();
      expect(await bench.store.findConnectionById("con-1")).toEqual(before);
    });

    it("DB-01 tells by which settings a commit of tokens goes, lesser writes before it or not", async () => {
      await using bench = await setUpBench(open);
      const { store } = bench;
      const touched = store.touchSession("missing", NOW);
      const settings = await store.readDurability();
      await touched;
      const synced = settings.filter(({ name }) => name.startsWith("synchronous"));
      expect(synced).toEqual([
        { name: synced[0]?.name, value: expect.stringMatching(/^(FULL|on)$/), isDurable: true },
      ]);
      expect(settings.map(({ name }) => name)).toEqual(
        expect.arrayContaining([expect.stringMatching(/^(journal_mode|fsync)$/)]),
      );
    });

    it("OB-05 proves that every migration of this version is applied", async () => {
      await using bench = await setUpBench(open);
      await expect(bench.store.checkMigrated()).resolves.toBeUndefined();
      await expect(bench.second.checkMigrated()).resolves.toBeUndefined();
    });
  });
}
