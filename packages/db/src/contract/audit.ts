import { describe, expect, it } from "vitest";

import type { AuditEvent } from "../store/audit-events.ts";
import { setUpBench, type OpenStoreUnderTest } from "./bench.ts";
import { connect, days, minutes, NOW } from "./fixtures.ts";

/** An event of a user who did something to a connection of theirs. */
export function auditEvent(id: string, overrides: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id,
    at: NOW,
    kind: "key.created",
    actor: "usr-1",
    userId: "usr-1",
    subjectId: "key-1",
    requestId: "request-1",
    clientNetwork: "192.0.2.0/24",
    detail: { name: 'Uploader "ä"', actions: ["read", "token"], count: 2, isNew: true, from: null },
    ...overrides,
  };
}

/** What was done, and that it stays. */
export function describeAudit(open: OpenStoreUnderTest): void {
  describe("the audit", () => {
    it("OB-03 keeps each event whole, newest first, page by page", async () => {
      await using bench = await setUpBench(open);
      const events = [
        auditEvent("a"),
        auditEvent("b"), // of the same instant
        auditEvent("c", { at: minutes(1), userId: null, subjectId: null, requestId: null }),
        auditEvent("d", { at: minutes(2), actor: "meta", userId: "usr-2", clientNetwork: null, detail: {} }),
      ];
      await bench.store.appendAuditEvents(events.slice(0, 3));
      await bench.second.appendAuditEvents(events.slice(3));
      await bench.store.appendAuditEvents([]);
      const list = (query: Partial<Parameters<typeof bench.store.listAuditEvents>[0]>) =>
        bench.second.listAuditEvents({ userId: null, before: null, limit: 9, ...query });
      expect(await list({})).toEqual(events.toReversed());
      const [newest, second] = await list({ limit: 2 });
      expect([newest?.id, second?.id]).toEqual(["d", "c"]);
      expect((await list({ before: second ?? null })).map(({ id }) => id)).toEqual(["b", "a"]);
      expect((await list({ before: { at: NOW, id: "b" } })).map(({ id }) => id)).toEqual(["a"]);
      expect((await list({ userId: "usr-1" })).map(({ id }) => id)).toEqual(["b", "a"]);
      expect(await list({ userId: "usr-3" })).toEqual([]);
      await expect(list({ limit: -1 })).rejects.toThrow(RangeError);
    });

    it("OB-03 keeps the first of two events with one id, and outlives the people it is about", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      await bench.store.appendAuditEvents([auditEvent("a", { userId })]);
      await bench.second.appendAuditEvents([auditEvent("a", { kind: "forged" }), auditEvent("b")]);
      const kinds = await bench.store.listAuditEvents({ userId: null, before: null, limit: 9 });
      expect(kinds.map(({ id, kind }) => [id, kind])).toEqual([
        ["b", "key.created"],
        ["a", "key.created"],
      ]);
    });

    it("is pruned after 400 days, and not a day sooner", async () => {
      await using bench = await setUpBench(open);
      const longAgo = new Date("2020-01-01T00:00:00.000Z");
      const after = (count: number) => new Date(longAgo.getTime() + count * 86_400_000);
      await bench.store.appendAuditEvents([
        auditEvent("old", { at: longAgo }),
        auditEvent("new", { at: new Date() }),
      ]);
      expect(await bench.store.prune(new Date(after(400).getTime() - 1))).toBe(0);
      expect(await bench.store.prune(after(400))).toBe(1);
      // Whatever the clock of a process says: the database does not let go of what is younger than a year.
      expect(await bench.store.prune(days(40_000))).toBe(0);
      const left = await bench.second.listAuditEvents({ userId: null, before: null, limit: 9 });
      expect(left.map(({ id }) => id)).toEqual(["new"]);
    });
  });
}
