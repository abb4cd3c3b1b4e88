import { describe, expect, it } from "vitest";

import { setUpBench, type OpenStoreUnderTest } from "./bench.ts";
import {
  beginSignIn,
  claimInput,
  completion,
  connect,
  failureOf,
  historyRow,
  minutes,
  renewal,
  sealedToken,
  signIn,
} from "./fixtures.ts";

/** That a sign-in ends once and whole, whoever else is at it. */
export function describeCompleteSignInOnce(open: OpenStoreUnderTest): void {
  describe("the end of a sign-in", () => {
    it("asks for another sealing when the connection has another id", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      const before = await bench.store.findConnectionById("con-1");
      await beginSignIn(bench.store, "b");
      const wrong = completion("b", "1", { account: { connectionId: "con-new" } });
      const moved = await bench.store.completeSignIn(wrong);
      expect(moved).toEqual({ kind: "connection_moved", connectionIds: new Map([["1", "con-1"]]) });
      expect(await bench.store.findConnectionById("con-1")).toEqual(before);
      expect(await bench.store.findConnectionById("con-new")).toBeNull();
      expect(await bench.store.findSession("session-b", minutes(2))).toBeNull();
      expect(await bench.store.findConnectionIdByAccount("1")).toBe("con-1");
      const right = await bench.store.completeSignIn(completion("b", "1"));
      expect(right).toMatchObject({ kind: "completed", userId: "usr-first-1" });
    });

    it("completes an attempt once, even when asked by two at the same time", async () => {
      await using bench = await setUpBench(open);
      await beginSignIn(bench.store, "a");
      const other = completion("a", "1", {
        session: { ...completion("a", "1").session, idHash: "session-z" },
        account: { history: historyRow("history-z") },
      });
      const results = await Promise.all([
        bench.store.completeSignIn(completion("a", "1")),
        bench.second.completeSignIn(other),
      ]);
      expect(results.map((result) => result.kind).sort()).toEqual(["attempt_gone", "completed"]);
      const sessions = await Promise.all(
        ["session-a", "session-z"].map((idHash) => bench.store.findSession(idHash, minutes(2))),
      );
      expect(sessions.filter((session) => session !== null)).toHaveLength(1);
    });

    it("gives two people who sign in at once with one new account the same user", async () => {
      await using bench = await setUpBench(open);
      await beginSignIn(bench.store, "a");
      await beginSignIn(bench.second, "b");
      const results = await Promise.all([
        bench.store.completeSignIn(completion("a", "1", { account: { connectionId: "con-a" } })),
        bench.second.completeSignIn(completion("b", "1", { account: { connectionId: "con-b" } })),
      ]);
      const kinds = results.map((result) => result.kind).sort();
      expect(kinds).toEqual(["completed", "connection_moved"]);
      expect(await bench.store.pageConnections({ after: null, limit: 10 })).toHaveLength(1);
    });

    it("writes nothing for an attempt that is not being exchanged", async () => {
      await using bench = await setUpBench(open);
      await beginSignIn(bench.store, "failed");
      const failure = {
        errorCode: "transient",
        failedStep: "profile",
        transcript: null,
        wallNow: minutes(2),
      };
      await bench.store.failSignInAttempt({ id: "failed", ...failure });
      await beginSignIn(bench.store, "facebook", { flavour: "facebook" });
      for (const id of ["missing", "failed", "facebook"]) {
        expect(await bench.store.completeSignIn(completion(id, "1"))).toEqual({ kind: "attempt_gone" });
      }
      expect(await bench.store.findConnectionIdByAccount("1")).toBeNull();
    });

    it("SE-03 never adopts a session that exists, and then writes nothing at all", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      await beginSignIn(bench.store, "b");
      const planted = { ...completion("b", "2").session, idHash: "session-first-1" };
      const completed = bench.store.completeSignIn(completion("b", "2", { session: planted }));
      await expect(completed).rejects.toThrow(RangeError);
      expect((await bench.store.findSession("session-first-1", minutes(2)))?.userId).toBe("usr-first-1");
      expect(await bench.store.findConnectionIdByAccount("2")).toBeNull();
      const attempt = await bench.store.findSignInAttempt({ id: "b", browserHash: "browser-b" });
      expect(attempt?.status).toBe("exchanging");
    });

    it("WK-10 lets a sign-in win over a refresh that is under way", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1", { nextRefreshAt: minutes(0) });
      const [claimed] = await bench.second.claimDue(claimInput("worker", { now: minutes(1), limit: 1 }));
      if (claimed === undefined) throw new Error("Nothing was due.");
      await signIn(bench.store, "b", "1", { account: { token: sealedToken("reconnected") } });

      const { lease } = claimed;
      expect(await bench.second.saveRefreshed({ lease, ...renewal("late") })).toBe(false);
      const revoked = { reconnectReason: "token_revoked", errorCode: "token_revoked", nextRefreshAt: null };
      const recorded = bench.second.recordFailure({ lease, ...failureOf("late-2", revoked) });
      expect(await recorded).toBe(false);
      const connection = await bench.store.findConnectionById("con-1");
      expect(connection).toMatchObject({ ...sealedToken("reconnected"), status: "active", version: 2 });
      const history = { userId: "usr-first-1", connectionId: "con-1", limit: 10, before: null };
      expect((await bench.store.listHistory(history)).map((row) => row.kind)).toEqual(["sign_in", "sign_in"]);
      expect((await bench.store.claimOne({ connectionId: "con-1", owner: "x", leaseMs: 1 })).kind).toBe(
        "leased",
      );
    });
  });
}
