import { describe, expect, it } from "vitest";

import type { Store } from "../store.ts";
import { auditEvent } from "./audit.ts";
import { setUpBench, type OpenStoreUnderTest } from "./bench.ts";
import {
  beginSignIn,
  completion,
  connect,
  days,
  failureOf,
  historyRow,
  leaseOf,
  minutes,
  newAccount,
  NOW,
  renewal,
  signIn,
} from "./fixtures.ts";
import { LATER, liveIn } from "./lived-in.ts";

const EVERYBODY = { userId: null, before: null, limit: 99 };

function erasure(connectionId: string, overrides: object = {}) {
  return {
    connectionId,
    authorizedBefore: LATER,
    erasedAt: LATER,
    audit: auditEvent(`erased-${connectionId}`, { kind: "account.erased", detail: { because: "asked" } }),
    ...overrides,
  };
}

/** How connections and their people end, and that nothing brings them back. */
export function describeErasures(open: OpenStoreUnderTest): void {
  describe("an erasure", () => {
    it("MC-08 keeps its ids: whoever was about to use one again is told to take another", async () => {
      await using bench = await setUpBench(open);
      const { connectionId } = await connect(bench.store, "1");
      await beginSignIn(bench.store, "b");
      await bench.store.eraseConnection(erasure(connectionId));
      const found = completion("b", "1", { account: { connectionId, wasFound: true } });
      const moved = { kind: "connection_moved", connectionIds: new Map([["1", null]]) };
      expect(await bench.store.completeSignIn(found)).toEqual(moved);
      const brought = {
        flavour: "instagram",
        account: newAccount("import", "1", { connectionId, wasFound: true }),
        userId: null,
        newUserId: "usr-import",
        audit: null,
        now: minutes(1),
        wallNow: minutes(1),
      } as const;
      expect(await bench.store.importAccount(brought)).toEqual({
        kind: "connection_moved",
        connectionId: null,
      });
      expect(await bench.store.findConnectionIdByAccount("1")).toBeNull();

      const fresh = completion("b", "1", { account: { connectionId: "con-fresh", wasFound: false } });
      expect(await bench.store.completeSignIn(fresh)).toMatchObject({ kind: "completed" });
      expect(await bench.store.findConnectionIdByAccount("1")).toBe("con-fresh");
    });

    it("MC-08 leaves nothing of a connection and its user, but ids that lead nowhere", async () => {
      await using bench = await setUpBench(open);
      const { userId, connectionId } = await liveIn(bench.store, "1");
      await liveIn(bench.store, "2");
      expect(await bench.store.eraseConnection(erasure(connectionId))).toBe("done");
      const { second } = bench;
      expect(await second.findUser(userId)).toBeNull();
      expect(await second.findConnectionById(connectionId)).toBeNull();
      expect(await second.findConnectionIdByAccount("1")).toBeNull();
      expect(await second.listIdentities(userId)).toEqual([]);
      expect(await second.findSession("session-first-1", minutes(2))).toBeNull();
      expect(await second.findApiKey("hash-key-1")).toBeNull();
      expect(await second.listAlertDeliveries("failing-1")).toEqual([]);
      expect((await second.listAllAlerts({ limit: 9 })).map(({ id }) => id)).toEqual(["failing-2"]);
      expect([await second.findSink("hook-1"), await second.findSink("file-1")]).toEqual([null, null]);
      for (const id of ["first-1", "linked-1", "again-1"])
        expect(await second.findSignInAttempt({ id, browserHash: `browser-${id}` })).toBeNull();
      expect(await second.listHistory({ userId, connectionId, limit: 9, before: null })).toEqual([]);
      const [audit] = await second.listAuditEvents(EVERYBODY);
      expect(audit).toMatchObject({
        kind: "account.erased",
        detail: { because: "asked", users: 1, connections: 1, identities: 1, webhooks: 1 },
      });
      // The other person has lost nothing.
      expect(await second.findConnectionById("con-2")).toMatchObject({ sealedToken: "v1.k1.first-2" });
      expect(await second.findApiKey("hash-key-2")).toMatchObject({ revokedAt: null });
      expect(await bench.store.eraseConnection(erasure(connectionId))).toBe("gone");
      expect(await second.listAuditEvents(EVERYBODY)).toHaveLength(1);
    });

    it("MC-08 WK-10 is not undone by what was under way", async () => {
      await using bench = await setUpBench(open);
      const { connectionId, userId } = await liveIn(bench.store, "1");
      const lease = await leaseOf(bench.store, connectionId);
      await bench.store.recordIntent({ lease, leaseMs: 60_000, now: NOW });
      const [alert] = await bench.store.claimAlerts({ wallNow: LATER, leaseMs: 60_000, limit: 9 });
      const sink = await bench.store.claimSink({ id: "file-1", owner: "w", leaseMs: 60_000 });
      await beginSignIn(bench.store, "links", { linkUserId: userId });
      await bench.second.eraseConnection(erasure(connectionId));

      expect(await bench.store.saveRefreshed({ lease, ...renewal("late") })).toBe(false);
      expect(await bench.store.recordFailure({ lease, ...failureOf("late") })).toBe(false);
      await bench.store.releaseLease(lease, NOW);
      const history = historyRow("look", { kind: "validate" });
      const finding = { kind: "refused" } as const;
      const look = { connectionId, version: 1, finding, history, now: NOW };
      expect(await bench.store.recordValidation(look)).toBe(false);
      const delivery = { id: "d", startedAt: NOW, durationMs: 1, httpStatus: 204, errorCode: null };
      await bench.store.recordAlertDelivery({
        delivery: { ...delivery, alertId: alert?.id ?? "" },
        outcome: { kind: "delivered" },
      });
      if (sink.kind !== "leased") throw new Error("The sink was not free.");
      await bench.store.recordSinkDelivery({
        lease: sink.lease,
        delivery: { ...delivery, sinkId: "file-1", tokenIssuedAt: NOW },
        outcome: { kind: "again", waitMs: 0 },
      });
      expect((await bench.store.completeSignIn(completion("links", "5"))).kind).toBe("attempt_gone");
      expect(await bench.store.claimOne({ connectionId, owner: "w", leaseMs: 1 })).toEqual({
        kind: "missing",
      });
      expect(await bench.second.pageConnections({ after: null, limit: 9 })).toEqual([]);
      expect(await bench.second.pageUsers({ after: null, limit: 9 })).toEqual([]);
    });

    it("MC-04 leaves what was allowed since", async () => {
      await using bench = await setUpBench(open);
      const { connectionId } = await connect(bench.store, "1");
      const before = await bench.store.findConnectionById(connectionId);
      const authorizedBefore = before?.authorizedAt ?? LATER;
      expect(await bench.store.eraseConnection(erasure(connectionId, { authorizedBefore }))).toBe("newer");
      expect(await bench.second.findConnectionById(connectionId)).toEqual(before);
      expect(await bench.store.eraseConnection(erasure("con-9"))).toBe("gone");
      expect(await bench.second.listAuditEvents(EVERYBODY)).toEqual([]);
    });

    it("of one of several accounts leaves the user, and who they are there where something is left", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await liveIn(bench.store, "1");
      await signIn(bench.store, "more", "2", { linkUserId: userId, now: minutes(3) });
      await bench.store.eraseConnection(erasure("con-1"));
      const attemptIsLeft = async (id: string) =>
        (await bench.second.findSignInAttempt({ id, browserHash: `browser-${id}` })) !== null;
      expect(await Promise.all(["first-1", "again-1", "more"].map(attemptIsLeft))).toEqual([
        false,
        false,
        true,
      ]);
      const identity = (id: string) =>
        bench.store.eraseIdentities({
          flavour: "instagram",
          providerUserId: id,
          erasedAt: LATER,
          audit: auditEvent(`gone-${id}`),
        });
      expect(await bench.second.listIdentities(userId)).toHaveLength(2);
      expect(await identity("scoped-2")).toBe(false); // their connection is here
      expect(await identity("scoped-1")).toBe(true);
      expect(await identity("scoped-1")).toBe(false);
      expect(await bench.second.listIdentities(userId)).toMatchObject([{ providerUserId: "2" }]);
      expect(await bench.second.findUser(userId)).not.toBeNull();
      expect(await bench.second.findSession("session-more", minutes(2))).not.toBeNull();
      expect(await bench.second.findApiKey("hash-key-1")).toMatchObject({ revokedAt: null });
      await bench.store.eraseConnection(erasure("con-2"));
      expect(await bench.second.findUser(userId)).toBeNull();
    });

    it("SE-06 of a user takes all of theirs along, sessions and keys at once, and nobody else's", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await liveIn(bench.store, "1");
      await signIn(bench.store, "more", "2", { linkUserId: userId, now: minutes(3) });
      await liveIn(bench.store, "3");
      const audit = auditEvent("erased", { kind: "account.erased" });
      expect(await bench.store.eraseUser({ userId, erasedAt: LATER, audit })).toBe(true);
      expect(await bench.second.listSessions({ userId, wallNow: minutes(2) })).toEqual([]);
      expect(await bench.second.listApiKeys(userId)).toEqual([]);
      const left = await bench.second.pageConnections({ after: null, limit: 9 });
      expect(left.map(({ id }) => id)).toEqual(["con-3"]);
      expect(await bench.second.listAuditEvents(EVERYBODY)).toMatchObject([
        { detail: { users: 1, connections: 2, identities: 2, webhooks: 1 } },
      ]);
      expect(await bench.store.eraseUser({ userId, erasedAt: LATER, audit: auditEvent("b") })).toBe(false);
      // A new sign-in makes somebody new of them.
      expect(await signIn(bench.store, "new", "1", { account: { connectionId: "con-new" } })).toMatchObject({
        kind: "completed",
        isNewUser: true,
        userId: "usr-new",
      });
    });

    it("takes a user along who came by an import, without an identity", async () => {
      await using bench = await setUpBench(open);
      const imported = await bench.store.importAccount({
        flavour: "instagram",
        account: newAccount("brought", "1"),
        userId: null,
        newUserId: "usr-brought",
        audit: null,
        now: NOW,
        wallNow: NOW,
      });
      expect(imported).toMatchObject({ userId: "usr-brought" });
      await bench.store.eraseConnection(erasure("con-1"));
      expect(await bench.second.findUser("usr-brought")).toBeNull();
    });

    it("has webhooks told, by one process at a time, until they are", async () => {
      await using bench = await setUpBench(open);
      await liveIn(bench.store, "1");
      await bench.store.eraseConnection(erasure("con-1"));
      const claim = (store: Store, wallNow: Date) =>
        store.claimFarewells({ wallNow, leaseMs: 60_000, limit: 9 });
      expect(await claim(bench.store, NOW)).toEqual([]);
      const farewell = {
        id: "hook-1",
        connectionId: "con-1",
        sealedSettings: "v1.k1.hook-1",
        erasedAt: LATER,
        attempts: 1,
        nextDeliveryAt: new Date(LATER.getTime() + 60_000),
      };
      const claims = await Promise.all([claim(bench.store, LATER), claim(bench.second, LATER)]);
      expect(claims.flat()).toEqual([farewell]);
      await bench.store.settleFarewell({ id: "hook-1", nextDeliveryAt: days(2) });
      expect(await claim(bench.second, new Date(days(2).getTime() - 1))).toEqual([]);
      expect(await claim(bench.second, days(2))).toMatchObject([{ id: "hook-1", attempts: 2 }]);
      const page = {
        column: "sink_farewells.sealed_settings",
        notWith: "k9",
        after: null,
        limit: 9,
      } as const;
      expect(await bench.second.pageSealed(page)).toMatchObject([{ id: "hook-1", flavour: null }]);
      await bench.store.settleFarewell({ id: "hook-1", nextDeliveryAt: null });
      expect(await claim(bench.second, days(9))).toEqual([]);
      expect(await bench.second.pageSealed(page)).toEqual([]);
    });

    it("and sign-ins of the same people at the same time end in either order, whole", async () => {
      await using bench = await setUpBench(open);
      for (let round = 0; round < 8; round += 1) {
        const accountId = `9${round}`;
        const { userId, connectionId } = await connect(bench.store, accountId);
        await beginSignIn(bench.store, `again-${round}`);
        const again = completion(`again-${round}`, accountId, {
          account: { connectionId },
          now: days(3),
        });
        const [result] = await Promise.all([
          bench.store.completeSignIn(again),
          bench.second.eraseUser({ userId, erasedAt: LATER, audit: auditEvent(`erased-${round}`) }),
        ]);
        const connection = await bench.second.findConnectionById(connectionId);
        if (result.kind === "completed" && connection !== null)
          expect(await bench.second.findUser(connection.userId)).not.toBeNull();
        expect(["completed", "attempt_gone"]).toContain(result.kind);
        expect(connection?.userId ?? `usr-again-${round}`).toBe(`usr-again-${round}`);
      }
    });
  });
}
