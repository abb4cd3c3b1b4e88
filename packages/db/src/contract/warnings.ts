import { describe, expect, it } from "vitest";

import { setUpBench, type OpenStoreUnderTest, type TestBench } from "./bench.ts";
import { connect, days, failureOf, leaseOf, newAlert, NOW, sealedToken, signIn } from "./fixtures.ts";

const THRESHOLDS = [14, 7, 3, 1];

async function listed(
  bench: TestBench,
  overrides: { now?: Date; thresholdsDays?: number[]; limit?: number } = {},
) {
  const input = { now: NOW, thresholdsDays: THRESHOLDS, limit: 99, ...overrides };
  return (await bench.second.listExpiring(input)).map((connection) => connection.id);
}

async function warn(bench: TestBench, connectionId: string, warnedDays: number): Promise<boolean> {
  const { version } = (await bench.store.findConnectionById(connectionId)) ?? { version: 0 };
  const accountId = connectionId.slice("con-".length);
  const alert = newAlert(`warning-${connectionId}-${version}`, { accountId, daysLeft: warnedDays });
  return bench.store.warnExpiring({ connectionId, version, warnedDays, alert });
}

/** Who is warned that a token ends. */
export function describeWarnings(open: OpenStoreUnderTest): void {
  describe("warnings", () => {
    it("are for what ends soon and was not renewed for a day, soonest first", async () => {
      await using bench = await setUpBench(open);
      const late = { nextRefreshAt: days(-1) };
      await connect(bench.store, "far", { ...late, tokenExpiresAt: new Date(days(14).getTime() + 1) });
      await connect(bench.store, "edge", { ...late, tokenExpiresAt: days(14) });
      await connect(bench.store, "near", { ...late, tokenExpiresAt: days(2) });
      await connect(bench.store, "ended", { ...late, tokenExpiresAt: new Date(days(-1).getTime() + 1) });
      await connect(bench.store, "long-ended", { ...late, tokenExpiresAt: days(-1) });
      const punctual = { nextRefreshAt: new Date(days(-1).getTime() + 1), tokenExpiresAt: days(2) };
      await connect(bench.store, "punctual", punctual);
      await connect(bench.store, "failed", { ...punctual, tokenExpiresAt: days(3) });
      const lease = await leaseOf(bench.store, "con-failed");
      await bench.store.recordFailure({ lease, ...failureOf("f") });
      expect(await listed(bench)).toEqual(["con-ended", "con-near", "con-failed", "con-edge"]);
      expect(await listed(bench, { limit: 2 })).toEqual(["con-ended", "con-near"]);
      expect(await listed(bench, { thresholdsDays: [2] })).toEqual(["con-ended", "con-near"]);
      expect(await listed(bench, { thresholdsDays: [] })).toEqual([]);
      await expect(listed(bench, { limit: -1 })).rejects.toThrow(RangeError);
      const [first] = await bench.store.listExpiring({ now: NOW, thresholdsDays: THRESHOLDS, limit: 1 });
      expect(first).not.toHaveProperty("sealedToken");
      expect(first).not.toHaveProperty("previousSealedToken");
    });

    it("are for every end that only a person can put off, though nothing is late or has failed", async () => {
      await using bench = await setUpBench(open);
      const account = { token: sealedToken("f", { tokenExpiresAt: days(5), nextRefreshAt: days(1) }) };
      await signIn(bench.store, "a", "1", { account, flavour: "facebook" });
      await signIn(bench.store, "b", "2", { account });
      expect(await listed(bench)).toEqual(["con-1"]);
    });

    it("are not for what only a person can help, who was told already, and not for those who left", async () => {
      await using bench = await setUpBench(open);
      const ending = { nextRefreshAt: days(-2), tokenExpiresAt: days(2) };
      const left = await connect(bench.store, "1", ending);
      await connect(bench.store, "2", ending);
      await bench.store.disconnect({ ...left, now: NOW });
      const lease = await leaseOf(bench.store, "con-2");
      await bench.store.recordFailure({ lease, ...failureOf("f", { reconnectReason: "token_revoked" }) });
      expect(await listed(bench)).toEqual([]);
    });

    it("are given once for each threshold, and anew for another token", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1", { nextRefreshAt: days(-2), tokenExpiresAt: days(10) });
      expect(await warn(bench, "con-1", 14)).toBe(true);
      expect(await listed(bench)).toEqual([]);
      expect(await listed(bench, { now: days(3) })).toEqual(["con-1"]);
      expect(await warn(bench, "con-1", 7)).toBe(true);
      expect(await listed(bench, { now: days(3) })).toEqual([]);
      expect(await listed(bench, { now: days(9) })).toEqual(["con-1"]); // the threshold of three was missed
      expect(await warn(bench, "con-1", 1)).toBe(true);
      expect(await listed(bench, { now: days(10) })).toEqual([]);

      await signIn(bench.store, "b", "1");
      expect((await bench.store.findConnectionById("con-1"))?.warnedDays).toBeNull();
    });

    it("are written with their alert, and seen by the person", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      const alert = newAlert("alt", {
        accountId: "1",
        kind: "connection.expiring",
        daysLeft: 7,
        deliverAt: NOW,
      });
      const warning = { connectionId: "con-1", version: 1, warnedDays: 7, alert };
      expect(await bench.store.warnExpiring(warning)).toBe(true);
      const warned = { warnedDays: 7, version: 2, failedAttempts: 0, incidentId: "alt" };
      expect(await bench.second.findConnectionById("con-1")).toMatchObject(warned);
      expect(await bench.second.listAlerts({ userId, limit: 9 })).toMatchObject([
        {
          id: "alt",
          kind: "connection.expiring",
          daysLeft: 7,
          deliveryState: "waiting",
          nextDeliveryAt: NOW,
        },
      ]);
    });

    it("WK-04 are given by one of many who want to, and not after something has changed", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      const stores = [bench.store, bench.second, bench.store, bench.second];
      const results = await Promise.all(
        stores.map((store, index) =>
          store.warnExpiring({
            connectionId: "con-1",
            version: 1,
            warnedDays: 7,
            alert: newAlert(`alt-${index}`, { accountId: "1" }),
          }),
        ),
      );
      expect(results.filter(Boolean)).toHaveLength(1);
      expect(await bench.store.listAllAlerts({ limit: 9 })).toHaveLength(1);
      const missing = { connectionId: "missing", version: 1, warnedDays: 7, alert: newAlert("x") };
      expect(await bench.store.warnExpiring(missing)).toBe(false);
      expect(await bench.store.listAllAlerts({ limit: 9 })).toHaveLength(1);
    });
  });
}
