import { describe, expect, it } from "vitest";

import type { Store } from "../store.ts";
import type { SignInAudit } from "../store/complete-sign-in.ts";
import { auditEvent } from "./audit.ts";
import { newKey } from "./api-keys.ts";
import { setUpBench, type OpenStoreUnderTest } from "./bench.ts";
import {
  beginSignIn,
  completion,
  connect,
  days,
  historyRow,
  minutes,
  newAccount,
  NOW,
  signIn,
} from "./fixtures.ts";
import { newSink } from "./sink-fixtures.ts";

/** An event of a sign-in, of which nobody knows yet whose it is. */
function signInAudit(id: string, overrides: Partial<SignInAudit> = {}): SignInAudit {
  const { userId: _userId, ...event } = auditEvent(id);
  return { ...event, actor: null, ...overrides };
}

/** The events by their ids, newest first. */
async function written(store: Store): Promise<string[]> {
  const events = await store.listAuditEvents({ userId: null, before: null, limit: 99 });
  return events.map(({ id }) => id);
}

/** Events that are written with what they tell of: where nothing was done, none is. */
export function describeAuditedActs(open: OpenStoreUnderTest): void {
  describe("OB-03 acts that leave an event", () => {
    it("write whoever signed in into it, once, and one more for each new connection", async () => {
      await using bench = await setUpBench(open);
      const { store, second } = bench;
      await beginSignIn(store, "a");
      const account = { audit: signInAudit("new-1") };
      const first = completion("a", "1", { account, audit: signInAudit("in-1") });
      expect(await store.completeSignIn(first)).toMatchObject({ kind: "completed", userId: "usr-a" });
      expect(await store.completeSignIn(first)).toEqual({ kind: "attempt_gone" });
      await signIn(store, "b", "1", {
        account: { audit: signInAudit("new-2") },
        audit: signInAudit("in-2", { actor: "operator" }),
      });
      const events = await second.listAuditEvents({ userId: "usr-a", before: null, limit: 9 });
      expect(events.map(({ id, actor, userId }) => [id, actor, userId])).toEqual([
        ["new-1", "usr-a", "usr-a"],
        ["in-2", "operator", "usr-a"],
        ["in-1", "usr-a", "usr-a"],
      ]);
    });

    it("write nothing of a sign-in that was refused", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      await connect(bench.store, "2");
      const held = await signIn(bench.store, "b", "2", { linkUserId: userId, audit: signInAudit("in") });
      expect(held).toMatchObject({ kind: "account_held" });
      expect(await written(bench.store)).toEqual([]);
    });

    it("tell of a token that was brought, and of the user it made", async () => {
      await using bench = await setUpBench(open);
      const brought = (accountId: string, id: string, userId: string | null) =>
        bench.store.importAccount({
          flavour: "instagram",
          account: newAccount(id, accountId, {
            history: historyRow(id, { kind: "import" }),
            audit: signInAudit(`new-${id}`),
          }),
          userId,
          newUserId: `usr-${id}`,
          audit: signInAudit(`brought-${id}`),
          now: NOW,
          wallNow: NOW,
        });
      expect(await brought("1", "a", null)).toMatchObject({ kind: "imported", userId: "usr-a" });
      expect(await brought("1", "b", null)).toMatchObject({ kind: "imported", userId: "usr-a" });
      expect(await brought("2", "c", "missing")).toEqual({ kind: "user_missing" });
      expect((await written(bench.store)).toSorted()).toEqual(["brought-a", "brought-b", "new-a"]);
    });

    it("end sessions, and say how many", async () => {
      await using bench = await setUpBench(open);
      const { store } = bench;
      const { userId } = await connect(store, "1");
      for (const id of ["b", "c", "d"]) await signIn(store, id, "1");
      await store.deleteSession("missing", auditEvent("a"));
      await store.deleteSession("session-b", auditEvent("b"));
      await store.deleteSession("session-b", auditEvent("c"));
      const others = { userId, exceptIdHash: "session-d" };
      expect(await store.deleteSessions(others, auditEvent("d", { detail: { by: "list" } }))).toBe(2);
      expect(await store.deleteSessions(others, auditEvent("e"))).toBe(0);
      const [newest, ...rest] = await bench.second.listAuditEvents({ userId: null, before: null, limit: 9 });
      expect([newest?.id, newest?.detail]).toEqual(["d", { by: "list", sessions: 2 }]);
      expect(rest.map(({ id }) => id)).toEqual(["b"]);
    });

    it("make keys and revoke them, each once", async () => {
      await using bench = await setUpBench(open);
      const { store } = bench;
      const { userId } = await connect(store, "1");
      await store.createApiKey(newKey("k1", userId), auditEvent("made"));
      const again = store.createApiKey(newKey("k1", userId), auditEvent("made-again"));
      await expect(again).rejects.toThrow(RangeError);
      const revoke = (id: string, audit: string) =>
        store.revokeApiKey({ userId, id, wallNow: minutes(1) }, auditEvent(audit));
      expect(await revoke("missing", "a")).toBe(false);
      expect(await revoke("k1", "revoked")).toBe(true);
      expect(await revoke("k1", "b")).toBe(true);
      expect(await written(bench.second)).toEqual(["revoked", "made"]);
    });

    it("disconnect, each once", async () => {
      await using bench = await setUpBench(open);
      const { store } = bench;
      const own = await connect(store, "1");
      const disconnect = (userId: string, audit: string) =>
        store.disconnect({ ...own, userId, now: minutes(1) }, auditEvent(audit));
      expect(await disconnect("usr-other", "a")).toBe(false);
      expect(await disconnect(own.userId, "left")).toBe(true);
      expect(await disconnect(own.userId, "b")).toBe(true);
      expect(await written(bench.second)).toEqual(["left"]);
    });

    it("set sinks up and remove them", async () => {
      await using bench = await setUpBench(open);
      const { store } = bench;
      await connect(store, "1");
      const sink = newSink("s");
      expect(await store.createSink({ sink, most: 1 }, auditEvent("a"))).toBe("created");
      expect(await store.createSink({ sink: newSink("t"), most: 1 }, auditEvent("b"))).toBe("too_many");
      const elsewhere = newSink("u", "2");
      expect(await store.createSink({ sink: elsewhere, most: 1 }, auditEvent("c"))).toBe("missing");
      const { createdAt: _createdAt, ...changed } = sink;
      const update = { ...changed, updatedAt: minutes(1) };
      expect(await store.updateSink({ ...update, id: "t" }, auditEvent("d"))).toBe(false);
      expect(await store.updateSink(update, auditEvent("e"))).toBe(true);
      const ofOther = { id: "s", connectionId: "con-2" };
      expect(await store.deleteSink(ofOther, auditEvent("f"))).toBe(false);
      const own = { id: "s", connectionId: "con-1" };
      expect(await store.deleteSink(own, auditEvent("g"))).toBe(true);
      expect(await store.deleteSink(own, auditEvent("h"))).toBe(false);
      expect(await written(bench.second)).toEqual(["g", "e", "a"]);
    });

    it("are found by kind, by what kinds begin with, and from an instant on", async () => {
      await using bench = await setUpBench(open);
      const { store } = bench;
      await store.appendAuditEvents([
        auditEvent("a", { kind: "key.created" }),
        auditEvent("b", { kind: "key.revoked", at: days(1) }),
        auditEvent("c", { kind: "keys.rotated", at: days(2), userId: null }),
        auditEvent("d", { kind: "key", at: days(3) }),
      ]);
      const found = async (query: { kind?: string; since?: Date }, userId: string | null = null) =>
        (await bench.second.listAuditEvents({ userId, before: null, limit: 9, ...query })).map(
          ({ id }) => id,
        );
      expect(await found({ kind: "key" })).toEqual(["d", "b", "a"]);
      expect(await found({ kind: "key.revoked" })).toEqual(["b"]);
      expect(await found({ kind: "%" })).toEqual([]);
      expect(await found({ since: days(1) })).toEqual(["d", "c", "b"]);
      expect(await found({ kind: "key", since: days(1) }, "usr-1")).toEqual(["d", "b"]);
    });
  });
}
