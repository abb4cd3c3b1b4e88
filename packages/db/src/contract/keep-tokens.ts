import { describe, expect, it } from "vitest";

import type { NewAccount } from "../store/complete-sign-in.ts";
import type { ImportAccountInput, RecordValidationInput } from "../store/keep-tokens.ts";
import { auditEvent } from "./audit.ts";
import { setUpBench, type OpenStoreUnderTest } from "./bench.ts";
import {
  connect,
  days,
  historyRow,
  leaseOf,
  minutes,
  newAccount,
  newAlert,
  profileOf,
  renewal,
  sealedToken,
} from "./fixtures.ts";
import { liveIn } from "./lived-in.ts";

function brought(
  accountId: string,
  {
    account,
    ...overrides
  }: Partial<Omit<ImportAccountInput, "account">> & { account?: Partial<NewAccount> } = {},
): ImportAccountInput {
  const history = historyRow(`import-${accountId}`, { kind: "import", trigger: "person" });
  return {
    flavour: "instagram",
    account: newAccount("import", accountId, { history, requestedScopes: null, ...account }),
    userId: null,
    newUserId: `usr-new-${accountId}`,
    audit: null,
    now: minutes(3),
    wallNow: minutes(3),
    ...overrides,
  };
}

function looked(overrides: Partial<RecordValidationInput> = {}): RecordValidationInput {
  return {
    connectionId: "con-1",
    version: 1,
    finding: { kind: "works", profile: profileOf("renamed"), permissions: ["instagram_business_basic"] },
    history: historyRow("look", { kind: "validate", trigger: "person" }),
    now: minutes(5),
    ...overrides,
  };
}

/** Tokens that come by hand, and looks at those that are there. */
export function describeTokenKeeping(open: OpenStoreUnderTest): void {
  describe("a token that is brought by hand", () => {
    it("makes a connection for the user who brings it, or for a new one", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      const result = await bench.store.importAccount(brought("2", { userId }));
      expect(result).toEqual({ kind: "imported", userId, connectionId: "con-2", isNew: true });
      const stored = await bench.second.findConnectionById("con-2");
      expect(stored).toMatchObject({ ...sealedToken("import"), status: "active", requestedScopes: null });
      const other = await bench.store.importAccount(brought("3"));
      expect(other).toMatchObject({ kind: "imported", userId: "usr-new-3" });
      const history = { userId, connectionId: "con-2", limit: 9, before: null };
      expect(await bench.store.listHistory(history)).toMatchObject([{ kind: "import", trigger: "person" }]);
    });

    it("takes the place of the one that is there, which stays as the previous one", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      const result = await bench.store.importAccount(brought("1"));
      expect(result).toEqual({ kind: "imported", userId, connectionId: "con-1", isNew: false });
      const stored = await bench.second.findConnectionById("con-1");
      expect(stored).toMatchObject({
        sealedToken: "v1.k1.import",
        previousSealedToken: "v1.k1.first-1",
        version: 2,
      });
    });

    it("changes nothing for another user's account, a user who is not there, or another seal", async () => {
      await using bench = await setUpBench(open);
      const owner = await connect(bench.store, "1");
      const other = await connect(bench.store, "2");
      const before = await bench.store.findConnectionById("con-1");
      const ofOther = brought("1", { userId: other.userId });
      expect(await bench.store.importAccount(ofOther)).toEqual({ kind: "account_held" });
      const ofNobody = brought("3", { userId: "usr-nobody" });
      expect(await bench.store.importAccount(ofNobody)).toEqual({ kind: "user_missing" });
      const moved = brought("1", { userId: owner.userId, account: { connectionId: "con-other" } });
      expect(await bench.store.importAccount(moved)).toEqual({
        kind: "connection_moved",
        connectionId: "con-1",
      });
      expect(await bench.store.findConnectionById("con-1")).toEqual(before);
      expect(await bench.store.findConnectionIdByAccount("3")).toBeNull();
    });
  });

  describe("a token that is brought by hand while its people are erased", () => {
    // Where each waited for the other, a second went by each time.
    it.each(["whoever has the account", "the user", "the user's new account"])(
      "MC-08 ends in either order, whole, for %s",
      { timeout: 10_000 },
      async (whom) => {
        await using bench = await setUpBench(open);
        for (let round = 0; round < 30; round += 1) {
          const accountId = `7${round}`;
          const { userId, connectionId } = await liveIn(bench.store, accountId);
          const { version = 0 } = (await bench.store.findConnectionById(connectionId)) ?? {};
          const alert = newAlert(`warned-${round}`, { accountId, kind: "connection.expiring" });
          await bench.store.warnExpiring({ connectionId, version, warnedDays: 7, alert });
          const theirs = whom === "the user's new account" ? `8${round}` : accountId;
          const isAnybodys = whom === "whoever has the account";
          const bring = () =>
            bench.store.importAccount(brought(theirs, { userId: isAnybodys ? null : userId }));
          const audit = auditEvent(`erased-${round}`);
          const erase = () => bench.second.eraseUser({ userId, erasedAt: days(1), audit });
          const [erased, result] =
            round % 2 === 0
              ? await Promise.all([erase(), bring()])
              : (await Promise.all([bring(), erase()])).toReversed();
          expect(erased).toBe(true);
          expect(result).toMatchObject({
            kind: expect.stringMatching(isAnybodys ? "imported" : "imported|user_missing") as string,
          });
          expect(await bench.second.findUser(userId)).toBeNull();
          const left = await bench.second.findConnectionIdByAccount(theirs);
          const owner = left === null ? null : (await bench.second.findConnectionById(left))?.userId;
          expect([null, `usr-new-${theirs}`]).toContain(owner);
          if (owner !== null) expect(await bench.second.findUser(`usr-new-${theirs}`)).not.toBeNull();
        }
      },
    );
  });

  describe("a look at a token", () => {
    it("writes down what it found and when", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      expect(await bench.store.recordValidation(looked())).toBe(true);
      const stored = await bench.second.findConnectionById("con-1");
      expect(stored).toMatchObject({
        username: "renamed",
        permissions: ["instagram_business_basic"],
        provedAt: minutes(5),
        version: 2,
        sealedToken: "v1.k1.first-1",
      });
      const history = { userId, connectionId: "con-1", limit: 1, before: null };
      expect(await bench.store.listHistory(history)).toMatchObject([{ kind: "validate" }]);
    });

    it("makes a token that was refused due at once, and leaves it as it is", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      expect(await bench.store.recordValidation(looked({ finding: { kind: "refused" } }))).toBe(true);
      const stored = await bench.second.findConnectionById("con-1");
      expect(stored).toMatchObject({ nextRefreshAt: minutes(5), status: "active", provedAt: minutes(1) });
    });

    it("writes no more than its history when nothing was proved", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      const before = await bench.store.findConnectionById("con-1");
      expect(await bench.store.recordValidation(looked({ finding: { kind: "unclear" } }))).toBe(false);
      expect(await bench.store.findConnectionById("con-1")).toEqual(before);
      const history = { userId, connectionId: "con-1", limit: 9, before: null };
      expect(await bench.store.listHistory(history)).toHaveLength(2);
    });

    it("WK-10 takes nothing from a refresh that is under way, nor from what came of one", async () => {
      await using bench = await setUpBench(open);
      await connect(bench.store, "1");
      const lease = await leaseOf(bench.store, "con-1");
      expect(await bench.store.recordValidation(looked())).toBe(false);
      expect(await bench.store.saveRefreshed({ lease, ...renewal("r") })).toBe(true);
      const late = looked({ history: historyRow("look-2", { kind: "validate", trigger: "person" }) });
      expect(await bench.store.recordValidation(late)).toBe(false);
      expect(await bench.store.findConnectionById("con-1")).toMatchObject({ username: "user1", version: 2 });
    });
  });

  describe("a proof of a token that nobody can refresh", () => {
    it("keeps the warning that was given, until the end has moved", async () => {
      await using bench = await setUpBench(open);
      const still = { tokenExpiresAt: days(10), hasNoExpiry: true, dataAccessExpiresAt: days(10) };
      await connect(bench.store, "1", still);
      const alert = newAlert("warned", { accountId: "1", kind: "connection.expiring", daysLeft: 14 });
      await bench.store.warnExpiring({ connectionId: "con-1", version: 1, warnedDays: 14, alert });
      const save = async (name: string, tokenExpiresAt: Date) => {
        const token = sealedToken("first-1", { ...still, tokenExpiresAt });
        const lease = await leaseOf(bench.store, "con-1");
        const history = historyRow(name, { kind: "proof" });
        await bench.store.saveRefreshed({
          ...renewal(name, { token, history, previous: "none", renewedAt: null }),
          lease,
        });
        return await bench.second.findConnectionById("con-1");
      };
      const proved = { renewedAt: minutes(1), provedAt: minutes(9), hasNoExpiry: true };
      expect(await save("p1", days(10))).toMatchObject({ ...proved, warnedDays: 14, incidentId: "warned" });
      expect(await save("p2", days(80))).toMatchObject({ ...proved, warnedDays: null, incidentId: null });
    });
  });
}
