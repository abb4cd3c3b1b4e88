import { describe, expect, it } from "vitest";

import type { Store } from "../store.ts";
import type { AlertDelivery, RecordAlertDeliveryInput } from "../store/alerts.ts";
import { setUpBench, type OpenStoreUnderTest } from "./bench.ts";
import { connect, days, failureOf, leaseOf, minutes, newAlert, NOW } from "./fixtures.ts";

const MINUTE_MS = 60_000;

/** Writes alerts about the connection of an account. */
async function tell(
  store: Store,
  accountId: string,
  ...alerts: ReturnType<typeof newAlert>[]
): Promise<void> {
  const lease = await leaseOf(store, `con-${accountId}`);
  const id = `telling-${alerts.map((alert) => alert.id).join("-")}`;
  expect(await store.recordFailure({ lease, ...failureOf(id, { alerts }) })).toBe(true);
}

function delivery(id: string, overrides: Partial<AlertDelivery> = {}): AlertDelivery {
  return {
    id,
    alertId: "alt",
    startedAt: minutes(1),
    durationMs: 250,
    httpStatus: 500,
    errorCode: "refused",
    ...overrides,
  };
}

/** How alerts are listed and sent. */
export function describeAlerts(open: OpenStoreUnderTest): void {
  describe("alerts", () => {
    it("are listed newest first, to the user whose they are", async () => {
      await using bench = await setUpBench(open);
      const own = await connect(bench.store, "1");
      const other = await connect(bench.store, "2");
      const about = (id: string, day: number) => newAlert(id, { accountId: "1", createdAt: days(day) });
      await tell(bench.store, "1", about("b", 2), about("a", 2), about("c", 3), about("d", 1));
      await tell(bench.store, "2", newAlert("z", { accountId: "2", createdAt: days(9) }));
      const ids = async (userId: string, limit: number) =>
        (await bench.second.listAlerts({ userId, limit })).map((alert) => alert.id);
      expect(await ids(own.userId, 9)).toEqual(["c", "b", "a", "d"]);
      expect(await ids(own.userId, 2)).toEqual(["c", "b"]);
      expect(await ids(other.userId, 9)).toEqual(["z"]);
      expect(await ids("missing", 9)).toEqual([]);
      const all = await bench.second.listAllAlerts({ limit: 3 });
      expect(all.map((alert) => alert.id)).toEqual(["z", "c", "b"]);
      await expect(bench.store.listAllAlerts({ limit: -1 })).rejects.toThrow(RangeError);
    });

    it("wait for their webhook where there is one, and are taken oldest first, by one sender", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      const sent = (id: string, minute: number) =>
        newAlert(id, { accountId: "1", createdAt: minutes(minute), deliverAt: minutes(minute) });
      await tell(
        bench.store,
        "1",
        sent("c", 3),
        sent("a", 1),
        sent("b", 2),
        newAlert("none", { accountId: "1" }),
      );
      const claim = async (minute: number, limit = 9, store = bench.store) => {
        const input = { wallNow: minutes(minute), leaseMs: 5 * MINUTE_MS, limit };
        return (await store.claimAlerts(input)).map((alert) => alert.id);
      };
      expect(await claim(0)).toEqual([]);
      expect(await claim(2)).toEqual(["a", "b"]);
      expect(await claim(3, 9, bench.second)).toEqual(["c"]);
      expect(await claim(6)).toEqual([]); // somebody else has them
      expect(await claim(7, 1)).toEqual(["a"]);
      expect(await claim(8)).toEqual(["b", "c"]);
      expect(await claim(9, 0)).toEqual([]);
      await expect(claim(9, -1)).rejects.toThrow(RangeError);
    });

    it("are sent by one of many who take them at once", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      const alerts = Array.from({ length: 40 }, (_, index) =>
        newAlert(`alt-${index}`, { accountId: "1", deliverAt: NOW }),
      );
      await tell(bench.store, "1", ...alerts);
      const taken = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          (index % 2 === 0 ? bench.store : bench.second).claimAlerts({
            wallNow: NOW,
            leaseMs: 1_000,
            limit: 7,
          }),
        ),
      );
      const rest = await bench.store.claimAlerts({ wallNow: NOW, leaseMs: 1_000, limit: 99 });
      const ids = [...taken.flat(), ...rest].map((alert) => alert.id);
      expect(ids).toHaveLength(40);
      expect(new Set(ids).size).toBe(40);
    });

    it("keep every attempt to send them, and what became of it", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      await tell(bench.store, "1", newAlert("alt", { accountId: "1", deliverAt: NOW }));
      const { store } = bench;
      const state = async () => (await bench.second.listAlerts({ userId, limit: 1 }))[0];
      expect(await state()).toMatchObject({
        deliveryState: "waiting",
        deliveryAttempts: 0,
        nextDeliveryAt: NOW,
      });

      const again: RecordAlertDeliveryInput = {
        delivery: delivery("d1", { httpStatus: null }),
        outcome: { kind: "again", nextDeliveryAt: minutes(5) },
      };
      await store.recordAlertDelivery(again);
      const waiting = { deliveryState: "waiting", deliveryAttempts: 1, nextDeliveryAt: minutes(5) };
      expect(await state()).toMatchObject(waiting);
      await store.recordAlertDelivery(again); // the same one counts once
      expect(await state()).toMatchObject(waiting);

      const second = delivery("d2", { startedAt: minutes(6), httpStatus: 204, errorCode: null });
      await store.recordAlertDelivery({ delivery: second, outcome: { kind: "delivered" } });
      const deliveredAt = new Date(minutes(6).getTime() + 250);
      const delivered = { deliveryState: "delivered", nextDeliveryAt: null, deliveredAt };
      expect(await state()).toMatchObject({ ...delivered, deliveryAttempts: 2 });

      const late = delivery("d3", { startedAt: minutes(2) });
      await store.recordAlertDelivery({ delivery: late, outcome: again.outcome });
      expect(await state()).toMatchObject({ ...delivered, deliveryAttempts: 3 });
      expect(await store.listAlertDeliveries("alt")).toEqual([again.delivery, late, second]);
      expect(await store.listAlertDeliveries("missing")).toEqual([]);
      expect(await store.claimAlerts({ wallNow: days(9), leaseMs: 1, limit: 9 })).toEqual([]);
    });

    it("are given up on, and keep no attempts that belong to none", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      await tell(bench.store, "1", newAlert("alt", { accountId: "1", deliverAt: NOW }));
      await bench.store.recordAlertDelivery({ delivery: delivery("d1"), outcome: { kind: "given_up" } });
      const [alert] = await bench.second.listAllAlerts({ limit: 1 });
      expect(alert).toMatchObject({ deliveryState: "given_up", nextDeliveryAt: null, deliveredAt: null });
      const orphan = delivery("d2", { alertId: "missing" });
      await bench.store.recordAlertDelivery({ delivery: orphan, outcome: { kind: "given_up" } });
      expect(await bench.second.listAlertDeliveries("missing")).toEqual([]);
    });
  });
}
