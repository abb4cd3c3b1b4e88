import { createTokenSeal, type TokenKey } from "@perennial/connections";
import { openStore } from "@perennial/db";
import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";

import { checkTokenKeys } from "./check-keys.ts";

const draw = (id: string): TokenKey => ({ id, key: randomBytes(32) });
const [first, second] = [draw("k1"), draw("k2")];
const ring = (...keys: TokenKey[]) => createTokenSeal(keys);

describe("the keys of a start", () => {
  it("TS-05 are refused where a running server could not open what they seal", async () => {
    await using store = await openStore("file::memory:");
    await checkTokenKeys(store, ring(first));
    const beat = (keyIds: string[] | null) =>
      store.beatProcess({ id: "p1", kind: "worker", startedAt: new Date(), sweptAt: null, keyIds });
    await beat(["k1"]);
    await expect(checkTokenKeys(store, ring(second, first))).rejects.toThrow(
      "1 server that runs does not have",
    );
    await expect(checkTokenKeys(store, ring(first, second))).resolves.toBeUndefined();
    await store.removeProcess("p1");
    await beat(["k1", "k2"]);
    await expect(checkTokenKeys(store, ring(second, first))).resolves.toBeUndefined();
    await store.removeProcess("p1");
    await beat(null); // of a version that does not say
    await expect(checkTokenKeys(store, ring(second, first))).resolves.toBeUndefined();
  });

  it("TS-07 may lack a key that was retired, and may not seal with it, nor give its id to another", async () => {
    await using store = await openStore("file::memory:");
    await checkTokenKeys(store, ring(second, first));
    await expect(checkTokenKeys(store, ring(second))).rejects.toThrow('lacks key "k1"');
    expect(await store.retireKey({ keyId: "k1", wallNow: new Date() })).toBe(0);
    await expect(checkTokenKeys(store, ring(second))).resolves.toBeUndefined();
    await expect(checkTokenKeys(store, ring(second, first))).resolves.toBeUndefined();
    await expect(checkTokenKeys(store, ring(first, second))).rejects.toThrow("was retired");
    await expect(checkTokenKeys(store, ring(second, draw("k1")))).rejects.toThrow("another key under the id");
  });
});
