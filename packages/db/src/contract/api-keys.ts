import { describe, expect, it } from "vitest";

import type { NewApiKey } from "../store/api-keys.ts";
import { setUpBench, type OpenStoreUnderTest } from "./bench.ts";
import { connect, days, minutes, NOW } from "./fixtures.ts";

/** A key that opens all. */
export function newKey(id: string, userId: string, overrides: Partial<NewApiKey> = {}): NewApiKey {
  return {
    id,
    userId,
    name: `Key ${id}`,
    secretHash: `secret-${id}`,
    hint: "a1B2",
    actions: ["read", "token"],
    connectionIds: null,
    allowedAddresses: null,
    createdAt: NOW,
    expiresAt: null,
    ...overrides,
  };
}

/** Keys for other code. */
export function describeApiKeys(open: OpenStoreUnderTest): void {
  describe("API keys", () => {
    it("AK-01 are found by the hash of their secret, in every process, and never show it", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      const limited = {
        connectionIds: ["con-1", 'odd "id"'],
        allowedAddresses: ["192.0.2.0/24", "2001:db8::/64"],
        expiresAt: days(9),
      };
      await bench.store.createApiKey(newKey("k1", userId, { actions: ["refresh"], ...limited }));
      await bench.store.createApiKey(newKey("k2", userId, { createdAt: minutes(1) }));
      const { secretHash: _secretHash, ...shown } = newKey("k1", userId, {
        actions: ["refresh"],
        ...limited,
      });
      const key = { ...shown, lastUsedAt: null, revokedAt: null };
      expect(await bench.second.findApiKey("secret-k1")).toEqual(key);
      expect(await bench.second.findApiKey("missing")).toBeNull();
      expect((await bench.second.listApiKeys(userId)).map(({ id }) => id)).toEqual(["k2", "k1"]);
      expect(await bench.second.listApiKeys("missing")).toEqual([]);
      expect(JSON.stringify(await bench.second.listApiKeys(userId))).not.toContain("secret-");
    });

    it("are refused when their secret or id is in use, or their user is missing", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      await bench.store.createApiKey(newKey("k1", userId));
      const twice = [
        newKey("k1", userId, { secretHash: "x" }),
        newKey("k2", userId, { secretHash: "secret-k1" }),
      ];
      for (const key of [...twice, newKey("k3", "missing")])
        await expect(bench.store.createApiKey(key)).rejects.toThrow(RangeError);
      expect(await bench.store.listApiKeys(userId)).toHaveLength(1);
    });

    it("AK-09 come with a connection of their own user, and with no other's", async () => {
      await using bench = await setUpBench(open);
      const { userId, connectionId } = await connect(bench.store, "1");
      await connect(bench.store, "2");
      await bench.store.createApiKey(newKey("k1", userId));
      const found = (id: string) =>
        bench.second.findApiKeyWithConnection({ secretHash: "secret-k1", connectionId: id });
      const match = await found(connectionId);
      expect(match?.key.id).toBe("k1");
      expect(match?.connection).toEqual(await bench.store.findConnectionById(connectionId));
      expect(match?.connection?.sealedToken).toBe("v1.k1.first-1");
      for (const other of ["con-2", "missing", ""])
        expect(await found(other)).toEqual({ key: match?.key, connection: null });
      expect(await bench.store.findApiKeyWithConnection({ secretHash: "x", connectionId })).toBeNull();
    });

    it("AK-03 are revoked at once and in every process, by their own user only, and stay so from the first time", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      const other = await connect(bench.store, "2");
      await bench.store.createApiKey(newKey("k1", userId));
      const revoke = (id: string, by: string, wallNow: Date) =>
        bench.store.revokeApiKey({ id, userId: by, wallNow });
      const revokedAt = async () => (await bench.second.findApiKey("secret-k1"))?.revokedAt;
      expect(await revoke("k1", other.userId, minutes(1))).toBe(false);
      expect(await revoke("missing", userId, minutes(1))).toBe(false);
      expect(await revokedAt()).toBeNull();
      expect(await revoke("k1", userId, minutes(2))).toBe(true);
      expect(await revokedAt()).toEqual(minutes(2));
      expect(await revoke("k1", userId, minutes(3))).toBe(true);
      expect(await revokedAt()).toEqual(minutes(2));
    });

    it("AK-03 are never recalled from before a change, whoever made it", async () => {
      await using bench = await setUpBench(open);
      const { store, second } = bench;
      const { userId, connectionId } = await connect(store, "1");
      await store.createApiKey(newKey("k1", userId));
      const input = { secretHash: "secret-k1", connectionId };
      const seen = async () => {
        const match = await store.findApiKeyWithConnection(input);
        return [match?.key.lastUsedAt, match?.key.revokedAt, match?.connection?.status];
      };
      expect(await store.findApiKeyWithConnection({ ...input, secretHash: "secret-k2" })).toBeNull();
      expect(await seen()).toEqual([null, null, "active"]);
      expect(await seen()).toEqual([null, null, "active"]);
      await store.touchApiKey("k1", minutes(1));
      expect(await seen()).toEqual([minutes(1), null, "active"]);
      await second.touchApiKey("k1", minutes(2));
      expect(await seen()).toEqual([minutes(2), null, "active"]);
      await second.revokeApiKey({ id: "k1", userId, wallNow: minutes(3) });
      expect(await seen()).toEqual([minutes(2), minutes(3), "active"]);
      await store.disconnect({ userId, connectionId, now: minutes(4) });
      expect(await seen()).toEqual([minutes(2), minutes(3), "disconnected"]);
      await second.createApiKey(newKey("k2", userId));
      expect((await store.findApiKeyWithConnection({ ...input, secretHash: "secret-k2" }))?.key.id).toBe(
        "k2",
      );
    });

    it("remember when they were used, never backwards", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      await bench.store.createApiKey(newKey("k1", userId));
      const usedAt = async () => (await bench.second.findApiKey("secret-k1"))?.lastUsedAt;
      await bench.store.touchApiKey("k1", minutes(5));
      expect(await usedAt()).toEqual(minutes(5));
      await bench.store.touchApiKey("k1", minutes(4));
      await bench.store.touchApiKey("missing", minutes(6));
      expect(await usedAt()).toEqual(minutes(5));
    });

    it("are pruned 90 days after they were revoked", async () => {
      await using bench = await setUpBench(open);
      const { userId } = await connect(bench.store, "1");
      await bench.store.createApiKey(newKey("k1", userId));
      await bench.store.createApiKey(newKey("k2", userId, { expiresAt: days(1) }));
      await bench.store.revokeApiKey({ id: "k1", userId, wallNow: NOW });
      await bench.store.prune(new Date(days(90).getTime() - 1));
      expect(await bench.second.listApiKeys(userId)).toHaveLength(2);
      expect(await bench.store.prune(days(90))).toBe(1);
      expect((await bench.second.listApiKeys(userId)).map(({ id }) => id)).toEqual(["k2"]);
    });
  });
}
