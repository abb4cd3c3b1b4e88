import { describe, expect, it } from "vitest";

import { type OpenStoreUnderTest, setUpBench } from "./bench.ts";
import { ALL_DUE, connect, days, failureOf, historyRow, minutes, NOW, renewal, signIn } from "./fixtures.ts";

/** How connections are listed, found, watched and left. */
export function describeConnections(open: OpenStoreUnderTest): void {
  describe("connections", () => {
    it("lists a user's connections, oldest first, without what they are sealed with", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "2");
      await signIn(bench.store, "b", "3", { linkUserId: userId, now: minutes(3) });
      await signIn(bench.store, "c", "1", { linkUserId: userId, now: minutes(2) });
      await connect(bench.store, "4");
      const listed = await bench.second.listConnections(userId);
      expect(listed.map((connection) => connection.accountId)).toEqual(["2", "1", "3"]);
      expect(JSON.stringify(listed)).not.toContain("v1.k1");
      expect(listed[0]).not.toHaveProperty("sealedToken");
      expect(listed[0]).not.toHaveProperty("leaseOwner");
    });

    it("AK-09 finds a connection for its own user only", async () => {
      await using bench = await setUpBench(open);
      const own = await connect(bench.store, "1");
      const other = await connect(bench.store, "2");
      const found = await bench.store.findConnection(own.userId, own.connectionId);
      expect(found).toMatchObject({ id: "con-1", tokenExpiresAt: days(60) });
      expect(found).not.toHaveProperty("sealedToken");
      expect(await bench.store.findConnection(other.userId, own.connectionId)).toBeNull();
      expect(await bench.store.findConnection(own.userId, "missing")).toBeNull();
      expect(await bench.store.findConnectionById("missing")).toBeNull();
      expect(await bench.store.findConnectionIdByAccount("missing")).toBeNull();
    });

    it("pages through every connection in the order of their ids", async () => {
      await using bench = await setUpBench(open);
      for (const account of ["3", "1", "5", "2", "4"]) await connect(bench.store, account);
      const seen: string[] = [];
      let after: string | null = null;
      for (let pages = 0; pages < 4; pages += 1) {
        const page = await bench.store.pageConnections({ after, limit: 2 });
        seen.push(...page.map((connection) => connection.id));
        after = page.at(-1)?.id ?? after;
        for (const connection of page) expect(connection).not.toHaveProperty("sealedToken");
      }
      expect(seen).toEqual(["con-1", "con-2", "con-3", "con-4", "con-5"]);
    });

    it("refuses a limit that is not a whole number from 0 on", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      expect(await bench.store.pageConnections({ after: null, limit: 0 })).toEqual([]);
      for (const limit of [-1, 1.5, Number.NaN]) {
        await expect(bench.store.pageConnections({ after: null, limit })).rejects.toThrow(RangeError);
      }
    });

    it("shows history newest first, in pages, to the connection's user only", async () => {
      await using bench = await setUpBench(open);
      const { userId, connectionId } = await connect(bench.store, "1", { nextRefreshAt: NOW });
      const other = await connect(bench.store, "2");
      for (const day of [1, 2, 3]) {
        const claim = await bench.store.claimOne({ connectionId, owner: "w", leaseMs: 1000 });
        if (claim.kind !== "leased") throw new Error("The connection was not leased.");
        const traceId = `trace-${day}`;
        const transcript = `{"day":${day}}`;
        const failed = {
          outcome: "failed",
          errorCode: "transient",
          traceId,
          tokenExpiresAt: null,
          transcript,
        } as const;
        await bench.store.recordFailure({
          lease: claim.lease,
          ...failureOf(`day-${day}`, {
            nextRefreshAt: days(day),
            history: historyRow(`day-${day}`, { ...failed, startedAt: days(day), finishedAt: days(day) }),
            now: days(day),
          }),
        });
      }

      const query = { userId, connectionId, limit: 2, before: null };
      const newest = await bench.store.listHistory(query);
      expect(newest.map((row) => row.id)).toEqual(["day-3", "day-2"]);
      expect(newest[0]).toEqual({
        id: "day-3",
        kind: "refresh",
        trigger: "worker",
        startedAt: days(3),
        finishedAt: days(3),
        outcome: "failed",
        errorCode: "transient",
        traceId: "trace-3",
        tokenExpiresAt: null,
        transcript: '{"day":3}',
      });
      const older = await bench.store.listHistory({ ...query, before: days(2) });
      expect(older.map((row) => row.id)).toEqual(["day-1", "history-first-1"]);
      expect(await bench.store.listHistory({ ...query, userId: other.userId })).toEqual([]);
    });

    it("forgets the sealed token of a connection that is left", async () => {
      await using bench = await setUpBench(open);
      const own = await connect(bench.store, "1");
      const other = await connect(bench.store, "2");
      const wrongUser = { userId: other.userId, connectionId: own.connectionId, now: minutes(5) };
      expect(await bench.store.disconnect(wrongUser)).toBe(false);
      expect(await bench.store.disconnect({ ...own, connectionId: "missing", now: minutes(5) })).toBe(false);
      expect((await bench.store.findConnectionById("con-1"))?.status).toBe("active");

      expect(await bench.store.disconnect({ ...own, now: minutes(5) })).toBe(true);
      expect(await bench.second.findConnectionById("con-1")).toMatchObject({
        status: "disconnected",
        sealedToken: null,
        tokenExpiresAt: null,
        nextRefreshAt: null,
        version: 2,
        updatedAt: minutes(5),
      });
      expect(await bench.store.listConnections(own.userId)).toEqual([]);
      expect((await bench.store.findConnection(own.userId, "con-1"))?.status).toBe("disconnected");
      expect(await bench.store.disconnect({ ...own, now: minutes(6) })).toBe(true);
      expect((await bench.store.findConnectionById("con-1"))?.version).toBe(2);
    });

    it("WK-10 lets a person who leaves win over a refresh that is under way", async () => {
      await using bench = await setUpBench(open);
      const own = await connect(bench.store, "1");
      const claim = await bench.second.claimOne({ connectionId: "con-1", owner: "w", leaseMs: 60_000 });
      if (claim.kind !== "leased") throw new Error("The connection was not leased.");
      await bench.store.disconnect({ ...own, now: minutes(5) });
      expect(await bench.second.saveRefreshed({ lease: claim.lease, ...renewal("late") })).toBe(false);
      await bench.second.releaseLease(claim.lease, days(1));
      const connection = await bench.store.findConnectionById("con-1");
      expect(connection).toMatchObject({ status: "disconnected", sealedToken: null, nextRefreshAt: null });
      const again = await bench.store.claimOne({ connectionId: "con-1", owner: "w", leaseMs: 60_000 });
      expect(again).toEqual({ kind: "missing" });
    });

    it("tells by versions what changed, and only then", async () => {
      await using bench = await setUpBench(open);
      const own = await connect(bench.store, "1", { nextRefreshAt: NOW });
      await signIn(bench.store, "b", "2", { linkUserId: own.userId });
      await connect(bench.store, "3");
      const versions = async (store = bench.store) =>
        (await store.connectionVersions([own.userId])).get(own.userId);
      expect(await versions()).toEqual({ "con-1": 1, "con-2": 1 });

      const [claimed] = await bench.store.claimDue({
        owner: "w",
        now: NOW,
        leaseMs: 1000,
        limit: 1,
        of: ALL_DUE,
      });
      if (claimed === undefined) throw new Error("Nothing was due.");
      expect(await versions()).toEqual({ "con-1": 1, "con-2": 1 });
      await bench.store.releaseLease(claimed.lease, null);
      expect(await versions()).toEqual({ "con-1": 1, "con-2": 1 });

      await bench.store.disconnect({ ...own, now: minutes(5) });
      expect(await versions(bench.second)).toEqual({ "con-1": 2, "con-2": 1 });
    });

    it("tells the versions of many users at once, each under its own user", async () => {
      await using bench = await setUpBench(open);
      const ids = ["1", "2", "3"];
      const people = [];
      for (const id of ids) people.push(await connect(bench.store, id));
      const userIds = [...people.slice(0, 2).map((person) => person.userId), "missing", "o'hara,\"}"];
      expect(Object.fromEntries(await bench.store.connectionVersions(userIds))).toEqual({
        "usr-first-1": { "con-1": 1 },
        "usr-first-2": { "con-2": 1 },
        missing: {},
        "o'hara,\"}": {},
      });
      expect((await bench.store.connectionVersions([])).size).toBe(0);
    });
  });
}
