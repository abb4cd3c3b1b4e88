import { describe, expect, it } from "vitest";

import type { RecordFailureInput } from "../store/writes-under-lease.ts";
import { setUpBench, type OpenStoreUnderTest, type TestBench } from "./bench.ts";
import {
  connect,
  days,
  failureOf,
  LEASE_MS,
  leaseOf,
  minutes,
  newAlert,
  renewal,
  sealedToken,
  signIn,
} from "./fixtures.ts";

const TROUBLES = { failingSinceAt: null, incidentId: null, warnedDays: null } as const;

async function fail(bench: TestBench, id: string, overrides: Partial<RecordFailureInput> = {}) {
  const lease = await leaseOf(bench.store, "con-1");
  expect(await bench.store.recordFailure({ lease, ...failureOf(id, overrides) })).toBe(true);
  return bench.store.findConnectionById("con-1");
}

async function warn(bench: TestBench): Promise<void> {
  const { version } = (await bench.store.findConnectionById("con-1")) ?? { version: 0 };
  const alert = newAlert(`warning-${version}`, { accountId: "1" });
  const warning = { connectionId: "con-1", version, warnedDays: 7, alert };
  expect(await bench.store.warnExpiring(warning)).toBe(true);
}

async function alertIds(bench: TestBench): Promise<string[]> {
  const listed = await bench.second.listAllAlerts({ limit: 100 });
  return listed.map((alert) => alert.id).sort();
}

/** How a connection's troubles begin, are told of, and end. */
export function describeIncidents(open: OpenStoreUnderTest): void {
  describe("incidents", () => {
    it("begin with the first failure, and keep the alert that told of them until another does", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      expect(await fail(bench, "f1", { now: days(1) })).toMatchObject({
        failingSinceAt: days(1),
        incidentId: null,
      });
      const since = { failingSinceAt: days(1) };
      const told = { incidentId: "alt-1", alerts: [newAlert("alt-1", { accountId: "1" })], now: days(2) };
      expect(await fail(bench, "f2", told)).toMatchObject({
        ...since,
        incidentId: "alt-1",
        lastErrorAt: days(2),
      });
      expect(await fail(bench, "f3", { now: days(3) })).toMatchObject({ ...since, incidentId: "alt-1" });
      expect(await fail(bench, "f4", { incidentId: "alt-2" })).toMatchObject({
        ...since,
        incidentId: "alt-2",
      });
      expect(await alertIds(bench)).toEqual(["alt-1"]);
    });

    it("end with a new token, which tells of it in the same write", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      await fail(bench, "f", { incidentId: "alt" });
      await warn(bench);
      const lease = await leaseOf(bench.store, "con-1");
      const alerts = [newAlert("recovered", { accountId: "1" }), newAlert("second", { accountId: "1" })];
      expect(await bench.store.saveRefreshed({ lease, ...renewal("new", { alerts }) })).toBe(true);
      expect(await bench.store.findConnectionById("con-1")).toMatchObject(TROUBLES);
      expect(await alertIds(bench)).toEqual(["recovered", "second", "warning-2"]);
    });

    it("WK-04 are told of by nobody who has lost the lease", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      const late = await leaseOf(bench.store, "con-1");
      bench.advanceLeaseClock(LEASE_MS);
      const current = await leaseOf(bench.second, "con-1");
      const alerts = [newAlert("late", { accountId: "1" })];
      expect(await bench.store.saveRefreshed({ lease: late, ...renewal("late", { alerts }) })).toBe(false);
      expect(await bench.store.recordFailure({ lease: late, ...failureOf("late", { alerts }) })).toBe(false);
      expect(await alertIds(bench)).toEqual([]);
      const both = [bench.store, bench.second].map((store, index) =>
        store.saveRefreshed({
          lease: current,
          ...renewal(`new-${index}`, { alerts: [newAlert(`new-${index}`, { accountId: "1" })] }),
        }),
      );
      expect((await Promise.all(both)).filter(Boolean)).toHaveLength(1);
      expect(await alertIds(bench)).toHaveLength(1);
    });

    it("are told of once: an alert that is there already stays as it is", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      const first = newAlert("alt", { accountId: "1", errorCode: "first", daysLeft: 7, createdAt: days(1) });
      await fail(bench, "f1", { alerts: [first, { ...first, errorCode: "again" }] });
      await fail(bench, "f2", { alerts: [{ ...first, errorCode: "second", deliverAt: days(2) }] });
      const { deliverAt: _, ...kept } = first;
      const unsent = { deliveryAttempts: 0, nextDeliveryAt: null, deliveredAt: null };
      expect(await bench.second.listAlerts({ userId, limit: 9 })).toEqual([
        { ...kept, deliveryState: "none", ...unsent },
      ]);
    });

    it("leave no half of a write behind where an alert belongs to nobody", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      const lease = await leaseOf(bench.store, "con-1");
      const saved = renewal("new", { alerts: [newAlert("alt", { accountId: "missing" })] });
      await expect(bench.store.saveRefreshed({ lease, ...saved })).rejects.toThrow(RangeError);
      expect((await bench.store.findConnectionById("con-1"))?.sealedToken).toBe("v1.k1.first-1");
      expect(await bench.store.saveRefreshed({ lease, ...renewal("new") })).toBe(true);
    });

    it("end with a sign-in, which tells of it only where one was told of", async () => {
      await using bench = await setUpBench(open);
      const { userId, connectionId } = await connect(bench.store, "1");
      await fail(bench, "f1");
      await signIn(bench.store, "a", "1");
      expect(await bench.store.findConnectionById("con-1")).toMatchObject(TROUBLES);
      expect(await alertIds(bench)).toEqual([]);

      await warn(bench);
      await signIn(bench.store, "b", "1", { account: { recovery: newAlert("warned") } });
      expect(await bench.store.findConnectionById("con-1")).toMatchObject(TROUBLES);
      expect(await alertIds(bench)).toEqual(["warned", "warning-3"]);

      await fail(bench, "f2", { reconnectReason: "token_revoked", incidentId: "alt" });
      await signIn(bench.store, "c", "1", {
        account: { recovery: newAlert("well", { kind: "connection.recovered" }) },
      });
      expect(await bench.store.findConnectionById("con-1")).toMatchObject(TROUBLES);
      const [newest] = await bench.second.listAlerts({ userId, limit: 9 });
      expect(newest).toMatchObject({ id: "well", kind: "connection.recovered", userId, connectionId });
    });

    it("TS-10 leave the token that worked behind a sign-in, and not one that did not", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      await signIn(bench.store, "b", "1");
      const previous = {
        previousTokenIssuedAt: sealedToken("x").tokenIssuedAt,
        previousTokenExpiresAt: days(60),
      };
      expect(await bench.store.findConnectionById("con-1")).toMatchObject({
        sealedToken: "v1.k1.b",
        previousSealedToken: "v1.k1.first-1",
        ...previous,
      });
      await fail(bench, "f", { reconnectReason: "token_revoked" });
      await signIn(bench.store, "c", "1");
      const none = { previousSealedToken: null, previousTokenIssuedAt: null, previousTokenExpiresAt: null };
      expect(await bench.store.findConnectionById("con-1")).toMatchObject(none);
      // A token of another app or flavour is of no use to what the connection is from now on.
      const byFacebook = { flavour: "facebook", linkUserId: userId } as const;
      await signIn(bench.store, "d", "1", byFacebook);
      expect(await bench.store.findConnectionById("con-1")).toMatchObject(none);
      await signIn(bench.store, "e", "1", { ...byFacebook, account: { appId: "app-2" } });
      expect(await bench.store.findConnectionById("con-1")).toMatchObject(none);
    });

    it("are forgotten with everything sealed when the person leaves", async () => {
      await using bench = await setUpBench(open);
      const own = await connect(bench.store, "1");
      await signIn(bench.store, "b", "1");
      await fail(bench, "f", { incidentId: "alt" });
      await warn(bench);
      await bench.store.disconnect({ ...own, now: minutes(9) });
      expect(await bench.store.findConnectionById("con-1")).toMatchObject({
        ...TROUBLES,
        sealedToken: null,
        previousSealedToken: null,
        previousTokenIssuedAt: null,
        previousTokenExpiresAt: null,
      });
    });
  });
}
