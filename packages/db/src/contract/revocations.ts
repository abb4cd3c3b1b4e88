import { describe, expect, it } from "vitest";

import { setUpBench, type OpenStoreUnderTest } from "./bench.ts";
import { connect, days, failureOf, leaseOf, minutes, newAlert, NOW, renewal, signIn } from "./fixtures.ts";
import { LATER, liveIn } from "./lived-in.ts";

/** Takes a connection's tokens, as a callback of its login asks for that came a day after everything else. */
function revocation(connectionId: string, overrides: object = {}) {
  return {
    connectionId,
    flavour: "instagram",
    authorizedBefore: LATER,
    errorCode: "token_revoked",
    alert: newAlert(`alert-${connectionId}`, {
      kind: "connection.reconnect_required",
      errorCode: "token_revoked",
      createdAt: LATER,
    }),
    now: LATER,
    wallNow: LATER,
    ...overrides,
  } as const;
}

/** How connections lose their tokens, and whose they are. */
export function describeRevocations(open: OpenStoreUnderTest): void {
  describe("a connection that its person has revoked", () => {
    it("has no token any more and asks for a reconnect, once; its user's sessions and keys end", async () => {
      await using bench = await setUpBench(open);
      const { userId, connectionId } = await liveIn(bench.store, "1");
      const before = await bench.store.findConnectionById(connectionId);
      expect(await bench.store.revokeConnection(revocation(connectionId))).toBe("done");
      expect(await bench.second.findConnectionById(connectionId)).toMatchObject({
        status: "reconnect_required",
        statusReason: "token_revoked",
        sealedToken: null,
        tokenIssuedAt: null,
        tokenExpiresAt: null,
        previousSealedToken: null,
        nextRefreshAt: null,
        incidentId: "alert-con-1",
        lastErrorAt: LATER,
        username: "user1",
        version: (before?.version ?? 0) + 1,
      });
      const alerts = async () => (await bench.second.listAlerts({ userId, limit: 9 })).map(({ id }) => id);
      expect(await alerts()).toEqual(["alert-con-1", "failing-1"]);
      expect(await bench.second.listSessions({ userId, wallNow: minutes(2) })).toEqual([]);
      expect(await bench.second.findApiKey("hash-key-1")).toMatchObject({ revokedAt: LATER });
      expect(await bench.second.hasWaitingSinks()).toBe(false);
      const again = { ...revocation(connectionId), alert: newAlert("twice") };
      expect(await bench.second.revokeConnection(again)).toBe("gone");
      expect(await alerts()).toEqual(["alert-con-1", "failing-1"]);
    });

    it("leaves its user's sessions and keys alone while another connection works", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await liveIn(bench.store, "1");
      await signIn(bench.store, "more", "2", { linkUserId: userId, now: minutes(3) });
      await bench.store.revokeConnection(revocation("con-1"));
      expect(await bench.second.listSessions({ userId, wallNow: minutes(2) })).toHaveLength(2);
      expect(await bench.second.findApiKey("hash-key-1")).toMatchObject({ revokedAt: null });
      await bench.store.revokeConnection(revocation("con-2"));
      expect(await bench.second.listSessions({ userId, wallNow: minutes(2) })).toEqual([]);
      expect(await bench.second.findApiKey("hash-key-1")).toMatchObject({ revokedAt: LATER });
    });

    it("is told of no second time where a reconnect was asked for already", async () => {
      await using bench = await setUpBench(open);
      const { userId, connectionId } = await connect(bench.store, "1");
      const lease = await leaseOf(bench.store, connectionId);
      const told = newAlert("told", { accountId: "1", kind: "connection.reconnect_required" });
      const failure = failureOf("h", {
        reconnectReason: "token_expired",
        incidentId: "told",
        alerts: [told],
      });
      await bench.store.recordFailure({ lease, ...failure });
      expect(await bench.store.revokeConnection(revocation(connectionId))).toBe("done");
      const alerts = await bench.second.listAlerts({ userId, limit: 9 });
      expect(alerts.map(({ id }) => id)).toEqual(["told"]);
      expect(await bench.second.findConnectionById(connectionId)).toMatchObject({
        statusReason: "token_revoked",
        incidentId: "told",
        sealedToken: null,
      });
    });

    it("MC-04 stays as it is where it was allowed since, is of another login, was left, or never was", async () => {
      await using bench = await setUpBench(open);
      const { userId, connectionId } = await connect(bench.store, "1");
      const before = await bench.store.findConnectionById(connectionId);
      const at = before?.authorizedAt ?? LATER;
      const revoke = (overrides: object) => bench.store.revokeConnection(revocation(connectionId, overrides));
      expect(await revoke({ authorizedBefore: at })).toBe("newer");
      expect(await revoke({ flavour: "facebook" })).toBe("gone");
      expect(await revoke({ connectionId: "con-9" })).toBe("gone");
      expect(await bench.second.findConnectionById(connectionId)).toEqual(before);
      await bench.store.disconnect({ userId, connectionId, now: minutes(5) });
      expect(await revoke({})).toBe("gone");
      expect(await bench.second.listAlerts({ userId, limit: 9 })).toEqual([]);
    });

    it("WK-10 is not renewed by who was about to, and lives again by a new sign-in", async () => {
      await using bench = await setUpBench(open);
      const { connectionId } = await connect(bench.store, "1");
      const lease = await leaseOf(bench.store, connectionId);
      expect(await bench.store.recordIntent({ lease, leaseMs: 60_000, now: NOW })).toBe(true);
      await bench.second.revokeConnection(revocation(connectionId));
      expect(await bench.store.saveRefreshed({ lease, ...renewal("late") })).toBe(false);
      expect(await bench.store.recordFailure({ lease, ...failureOf("late") })).toBe(false);
      expect((await bench.store.findConnectionById(connectionId))?.sealedToken).toBeNull();
      await signIn(bench.store, "back", "1", { now: days(2) });
      expect(await bench.store.findConnectionById(connectionId)).toMatchObject({
        status: "active",
        statusReason: null,
        sealedToken: "v1.k1.back",
        previousSealedToken: null,
      });
    });
  });

  describe("a person, as a login knows them", () => {
    it("MC-05 is found by each id of theirs within that login, and by none of another's", async () => {
      await using bench = await setUpBench(open);
      const ofFacebook = (attempt: string, accountId: string, appScopedId: string) =>
        signIn(bench.store, attempt, accountId, {
          flavour: "facebook",
          identity: { providerUserId: appScopedId, appScopedId },
          account: { appScopedId },
        });
      await connect(bench.store, "1");
      await ofFacebook("page-2", "2", "700");
      await ofFacebook("page-3", "3", "700");
      await ofFacebook("page-4", "4", "scoped-1"); // the same digits as somebody has at Instagram
      const find = async (flavour: "instagram" | "facebook", providerUserId: string) =>
        (await bench.second.findConnectionsOfPerson({ flavour, providerUserId })).map(({ id }) => id);
      expect(await find("instagram", "scoped-1")).toEqual(["con-1"]);
      expect(await find("instagram", "1")).toEqual(["con-1"]);
      expect(await find("facebook", "scoped-1")).toEqual(["con-4"]);
      expect(await find("facebook", "700")).toEqual(["con-2", "con-3"]);
      expect(await find("instagram", "700")).toEqual([]);
      expect(await find("facebook", "1")).toEqual([]);
      expect(await find("facebook", "2")).toEqual([]); // an account's id is nobody at Facebook
    });

    it("is found with their account although another login holds it now", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      await signIn(bench.store, "page", "1", {
        flavour: "facebook",
        linkUserId: userId,
        identity: { providerUserId: "700", appScopedId: "700" },
        account: { appScopedId: "700" },
        now: minutes(3),
      });
      const person = { flavour: "instagram", providerUserId: "scoped-1" } as const;
      expect(await bench.second.findConnectionsOfPerson(person)).toMatchObject([
        { id: "con-1", flavour: "facebook" },
      ]);
      expect(await bench.second.listIdentities(userId)).toMatchObject([
        { flavour: "instagram", providerUserId: "1", appScopedId: "scoped-1" },
        { flavour: "facebook", providerUserId: "700", appScopedId: "700" },
      ]);
    });
  });
}
