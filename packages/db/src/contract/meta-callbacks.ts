import { describe, expect, it } from "vitest";

import type { NewMetaCallback } from "../store/meta-callbacks.ts";
import { auditEvent } from "./audit.ts";
import { setUpBench, type OpenStoreUnderTest } from "./bench.ts";
import { days, minutes, NOW } from "./fixtures.ts";

function newCallback(id: string, overrides: Partial<NewMetaCallback> = {}): NewMetaCallback {
  return {
    id,
    kind: "data_deletion",
    flavour: "instagram",
    providerUserId: "25811112222333345",
    issuedAt: NOW,
    confirmationCode: `code-${id}`,
    acceptedAt: minutes(1),
    ...overrides,
  };
}

/** What Meta tells of people, from its acceptance to its end. */
export function describeMetaCallbacks(open: OpenStoreUnderTest): void {
  describe("callbacks of Meta", () => {
    it("MC-03 are accepted once, however often and from wherever the same one comes at a time", async () => {
      await using bench = await setUpBench(open);
      const arrivals = Array.from({ length: 100 }, async (_, index) => {
        const store = index % 2 === 0 ? bench.store : bench.second;
        const callback = newCallback("same", { confirmationCode: `code-${index}` });
        return store.acceptMetaCallback({ callback, audit: auditEvent(`aud-${index}`) });
      });
      const accepted = await Promise.all(arrivals);
      expect(accepted.filter(({ isNew }) => isNew)).toHaveLength(1);
      expect(new Set(accepted.map(({ callback }) => callback.confirmationCode)).size).toBe(1);
      expect(await bench.store.listOpenMetaCallbacks({ limit: 9 })).toHaveLength(1);
      expect(await bench.store.listAuditEvents({ userId: null, before: null, limit: 9 })).toHaveLength(1);
    });

    it("are found by id and by code, and worked off in the order they came", async () => {
      await using bench = await setUpBench(open);
      const later = newCallback("a", { acceptedAt: minutes(2) });
      const sooner = newCallback("b", { kind: "deauthorize", confirmationCode: null });
      const other = newCallback("c", { acceptedAt: minutes(3), kind: "deauthorize", confirmationCode: null });
      for (const callback of [later, sooner, other])
        await bench.store.acceptMetaCallback({ callback, audit: auditEvent(callback.id) });
      const kept = { completedAt: null, outcome: null };
      expect(await bench.second.findMetaCallback("b")).toEqual({ ...sooner, ...kept });
      expect(await bench.second.findMetaCallback("missing")).toBeNull();
      expect(await bench.second.findMetaCallbackByCode("code-a")).toEqual({ ...later, ...kept });
      expect(await bench.second.findMetaCallbackByCode("code-b")).toBeNull();
      expect(await bench.second.hasMetaCallbackSince(minutes(3))).toBe(true);
      expect(await bench.second.hasMetaCallbackSince(minutes(4))).toBe(false);
      const waiting = await bench.second.listOpenMetaCallbacks({ limit: 2 });
      expect(waiting.map(({ id }) => id)).toEqual(["b", "a"]);
    });

    it("forget whom they are about once they are worked off, which is done once", async () => {
      await using bench = await setUpBench(open);
      const callback = newCallback("a");
      await bench.store.acceptMetaCallback({ callback, audit: auditEvent("accepted") });
      const completion = { id: "a", issuedAt: NOW, outcome: "erased", completedAt: minutes(5) } as const;
      const complete = (store: typeof bench.store, audit: string) =>
        store.completeMetaCallback({
          ...completion,
          audit: auditEvent(audit, { kind: "callback.worked", at: minutes(5) }),
        });
      const done = await Promise.all([complete(bench.store, "first"), complete(bench.second, "second")]);
      expect(done.filter(Boolean)).toHaveLength(1);
      const kept = { ...callback, providerUserId: null, completedAt: minutes(5), outcome: "erased" };
      expect(await bench.second.findMetaCallback("a")).toEqual(kept);
      expect(await bench.second.listOpenMetaCallbacks({ limit: 9 })).toEqual([]);
      const audit = await bench.second.listAuditEvents({ userId: null, before: null, limit: 9 });
      expect(audit.map(({ kind }) => kind)).toEqual(["callback.worked", "key.created"]);
      expect(await complete(bench.store, "third")).toBe(false);
      const again = await bench.store.acceptMetaCallback({ callback, audit: auditEvent("again") });
      expect(again).toEqual({ callback: kept, isNew: false });
      expect(await bench.store.completeMetaCallback({ ...completion, id: "b", audit: auditEvent("x") })).toBe(
        false,
      );
    });

    it("MC-03 keep one row and one code for a person, whatever order their requests come in", async () => {
      await using bench = await setUpBench(open);
      const accept = (number: number, overrides: Partial<NewMetaCallback> = {}) =>
        bench.store.acceptMetaCallback({
          callback: newCallback("a", { confirmationCode: `code-${number}`, ...overrides }),
          audit: auditEvent(`aud-${number}`),
        });
      const code = "code-1";
      expect(await accept(1, { issuedAt: minutes(2) })).toMatchObject({ isNew: true });
      expect(await accept(2, { issuedAt: minutes(1), acceptedAt: minutes(7) })).toMatchObject({
        isNew: false,
        callback: { confirmationCode: code, issuedAt: minutes(2), acceptedAt: minutes(1) },
      });
      const worked = { id: "a", outcome: "erased", completedAt: minutes(8) } as const;
      // A later request that comes while an earlier one is worked off is worked off itself.
      expect(await accept(3, { issuedAt: minutes(3), acceptedAt: minutes(7) })).toMatchObject({
        isNew: true,
      });
      const early = { ...worked, issuedAt: minutes(2), audit: auditEvent("early") };
      expect(await bench.second.completeMetaCallback(early)).toBe(false);
      const late = { ...worked, issuedAt: minutes(3), audit: auditEvent("late") };
      expect(await bench.second.completeMetaCallback(late)).toBe(true);
      expect(await accept(4, { issuedAt: minutes(3) })).toMatchObject({
        isNew: false,
        callback: { completedAt: minutes(8) },
      });
      // They signed in again, and have changed their mind once more.
      expect(await accept(5, { issuedAt: minutes(9), acceptedAt: minutes(9) })).toEqual({
        isNew: true,
        callback: {
          ...newCallback("a", { confirmationCode: code, issuedAt: minutes(9), acceptedAt: minutes(9) }),
          completedAt: null,
          outcome: null,
        },
      });
      const audit = await bench.store.listAuditEvents({ userId: null, before: null, limit: 9 });
      expect(audit.map(({ id }) => id).sort()).toEqual(["aud-1", "aud-3", "aud-5", "late"]);
    });

    it("are pruned 400 days after they came, unless they wait", async () => {
      await using bench = await setUpBench(open);
      for (const id of ["done", "waits"])
        await bench.store.acceptMetaCallback({
          callback: newCallback(id, { acceptedAt: NOW }),
          audit: auditEvent(id),
        });
      const completion = { id: "done", issuedAt: NOW, outcome: "unknown", completedAt: minutes(5) } as const;
      await bench.store.completeMetaCallback({ ...completion, audit: auditEvent("end") });
      expect(await bench.store.prune(new Date(days(400).getTime() - 1))).toBe(0);
      expect(await bench.store.prune(days(400))).toBe(1);
      expect(await bench.second.findMetaCallback("done")).toBeNull();
      expect(await bench.second.findMetaCallback("waits")).not.toBeNull();
    });
  });
}
