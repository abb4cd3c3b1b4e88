import { describe, expect, it } from "vitest";

import { UNTROUBLED } from "../untroubled.ts";
import { NO_PREVIOUS } from "../written-by-sign-in.ts";
import { setUpBench, type OpenStoreUnderTest } from "./bench.ts";
import { connect, days, failureOf, historyRow, minutes, profileOf, sealedToken, signIn } from "./fixtures.ts";

/** Whom the end of a sign-in makes or finds, and what it writes of them. */
export function describeCompleteSignIn(open: OpenStoreUnderTest): void {
  describe("the end of a sign-in", () => {
    it("makes user, connection, session and history of a first one", async () => {
      await using bench = await setUpBench(open);
      const result = await signIn(bench.store, "a", "17841400000000001");
      const connectionId = "con-17841400000000001";
      const connections = [{ connectionId, isNew: true }];
      expect(result).toEqual({ kind: "completed", userId: "usr-a", isNewUser: true, connections });
      expect(await bench.second.findConnectionById(connectionId)).toEqual({
        id: connectionId,
        userId: "usr-a",
        accountId: "17841400000000001",
        appScopedId: "scoped-17841400000000001",
        flavour: "instagram",
        appId: "app-1",
        ...UNTROUBLED,
        ...profileOf("user17841400000000001"),
        ...sealedToken("a"),
        ...NO_PREVIOUS,
        requestedScopes: ["instagram_business_basic"],
        pageId: null,
        pageName: null,
        attemptSentAt: null,
        authorizedAt: minutes(1), // when the attempt began, as its history says
        renewedAt: minutes(1),
        provedAt: minutes(1),
        version: 1,
        createdAt: minutes(1),
        updatedAt: minutes(1),
      });
      expect(await bench.store.findSession("session-a", minutes(2))).toEqual({
        idHash: "session-a",
        userId: "usr-a",
        userAgent: "Test browser",
        createdAt: minutes(1),
        lastSeenAt: minutes(1),
        expiresAt: days(7),
      });
      const history = { userId: "usr-a", connectionId, limit: 10, before: null };
      expect(await bench.store.listHistory(history)).toEqual([
        historyRow("history-a", { kind: "sign_in", trigger: "person" }),
      ]);
      const attempt = await bench.store.findSignInAttempt({ id: "a", browserHash: "browser-a" });
      expect(attempt).toMatchObject({
        status: "completed",
        userId: "usr-a",
        connectionId,
        finishedAt: minutes(1),
      });
    });

    it("keeps permissions that Instagram did not tell apart from none", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1", { permissions: null });
      await connect(bench.store, "2", { permissions: [] });
      expect((await bench.store.findConnectionById("con-1"))?.permissions).toBeNull();
      expect((await bench.store.findConnectionById("con-2"))?.permissions).toEqual([]);
    });

    it("signs a known account in as its user and renews the connection", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      const claim = await bench.store.claimOne({ connectionId: "con-1", owner: "w", leaseMs: 1000 });
      if (claim.kind !== "leased") throw new Error("The connection was not leased.");
      await bench.store.recordFailure({
        lease: claim.lease,
        ...failureOf("failed", {
          reconnectReason: "token_revoked",
          errorCode: "token_revoked",
          nextRefreshAt: null,
          now: days(3),
        }),
      });

      const profile = profileOf("renamed", { followersCount: null });
      const token = sealedToken("b", { tokenExpiresAt: days(65), permissions: null });
      const again = { account: { profile, token, appId: "app-2" }, now: days(5), wallNow: days(5) };
      const result = await signIn(bench.store, "b", "1", again);
      expect(result).toEqual({
        kind: "completed",
        userId: "usr-first-1",
        isNewUser: false,
        connections: [{ connectionId: "con-1", isNew: false }],
      });
      const expected = { userId: "usr-first-1", status: "active", statusReason: null, appId: "app-2" };
      const renewed = { renewedAt: days(5), updatedAt: days(5), createdAt: minutes(1), version: 3 };
      const calm = { failedAttempts: 0, lastErrorCode: null, lastErrorAt: null };
      expect(await bench.store.findConnectionById("con-1")).toMatchObject({
        ...expected,
        ...renewed,
        ...calm,
        ...profile,
        ...token,
      });
      expect((await bench.store.findSession("session-b", days(6)))?.userId).toBe("usr-first-1");
    });

    it("OA-08 knows people by their account, never by their username", async () => {
      await using bench = await setUpBench(open);
      const profile = profileOf("ana");
      const first = await signIn(bench.store, "a", "1", { account: { profile } });
      const second = await signIn(bench.store, "b", "2", { account: { profile } });
      expect(first).toMatchObject({ userId: "usr-a" });
      expect(second).toMatchObject({ userId: "usr-b", isNewUser: true });
    });

    it("OA-09 keeps ids apart that differ in their last digit only", async () => {
      await using bench = await setUpBench(open);
      const ids = ["17841401234567891", "17841401234567892", "17841401234567893"];
      const people = [];
      for (const id of ids) people.push(await connect(bench.store, id));
      expect(new Set(people.map((person) => person.userId)).size).toBe(3);
      const stored = await bench.store.pageConnections({ after: null, limit: 10 });
      expect(stored.map((connection) => connection.accountId)).toEqual(ids);
    });

    it("knows an account in the other flavour as the same connection", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      const result = await signIn(bench.store, "b", "1", {
        flavour: "facebook",
        linkUserId: userId,
        identity: { providerUserId: "fb-1", appScopedId: "fb-1" },
        account: { appScopedId: "fb-1", pageId: "page-1", pageName: "One" },
      });
      expect(result).toMatchObject({ kind: "completed", userId, connections: [{ isNew: false }] });
      const connection = await bench.store.findConnectionById("con-1");
      expect(connection).toMatchObject({ flavour: "facebook", appScopedId: "fb-1", pageName: "One", userId });
      const back = await signIn(bench.store, "c", "1");
      expect(back).toMatchObject({ userId, connections: [{ isNew: false }] });
    });

    it("adds an account to the user who was signed in when it began", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      const result = await signIn(bench.store, "b", "2", { linkUserId: userId });
      expect(result).toEqual({
        kind: "completed",
        userId,
        isNewUser: false,
        connections: [{ connectionId: "con-2", isNew: true }],
      });
      expect(await bench.store.listConnections(userId)).toHaveLength(2);
      const signedInByEither = await signIn(bench.store, "c", "2");
      expect(signedInByEither).toMatchObject({ userId, isNewUser: false });
    });

    it("refuses an account that another user has, and writes nothing but that", async () => {
      await using bench = await setUpBench(open);
      const owner = await connect(bench.store, "1");
      const other = await connect(bench.store, "2");
      const before = await bench.store.findConnectionById("con-1");
      const result = await signIn(bench.store, "b", "1", {
        linkUserId: other.userId,
        replacedSessionIdHash: "session-first-2",
      });
      expect(result).toEqual({ kind: "account_held", accountId: "1" });
      expect(await bench.store.findConnectionById("con-1")).toEqual(before);
      expect(await bench.store.findSession("session-b", minutes(2))).toBeNull();
      expect(await bench.store.findSession("session-first-2", minutes(2))).not.toBeNull();
      expect(await bench.store.listConnections(owner.userId)).toHaveLength(1);
      const attempt = await bench.store.findSignInAttempt({ id: "b", browserHash: "browser-b" });
      const failed = { status: "failed", errorCode: "account_held", failedStep: "stored" };
      expect(attempt).toMatchObject({ ...failed, userId: null, finishedAt: minutes(1) });
    });

    it("keeps a disconnected account with its user, who gets it back by signing in", async () => {
      await using bench = await setUpBench(open);
      const owner = await connect(bench.store, "1");
      const other = await connect(bench.store, "2");
      await bench.store.disconnect({ ...owner, now: minutes(5) });
      const taken = await signIn(bench.store, "b", "1", { linkUserId: other.userId });
      expect(taken).toEqual({ kind: "account_held", accountId: "1" });
      const back = await signIn(bench.store, "c", "1");
      expect(back).toMatchObject({ kind: "completed", userId: owner.userId, isNewUser: false });
      expect(await bench.store.listConnections(owner.userId)).toMatchObject([{ status: "active" }]);
    });

    it("SE-03 replaces the browser's old session by a new one", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      await signIn(bench.store, "b", "1", { replacedSessionIdHash: "session-first-1" });
      expect(await bench.second.findSession("session-first-1", minutes(2))).toBeNull();
      expect(await bench.second.findSession("session-b", minutes(2))).not.toBeNull();
    });
  });
}
