import type { ApiKeyRecord } from "@perennial/db";
import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";

import { createTokenSeal } from "../token-seal.ts";
import type { TokenHandOut } from "./hand-out-to-caller.ts";
import { createReadyHandOuts, type MadeHandOut } from "./ready-hand-outs.ts";

const START_MS = Date.parse("2026-03-01T00:00:00Z");
const REQUEST = { secret: "pk_secret", connectionId: "con_1", asked: "scopes=a" };

/** Hand-outs with a count and two clocks that the test sets. */
function open() {
  const world = { count: 1 as number | null, wallMs: START_MS, atMs: START_MS };
  const seal = createTokenSeal([{ id: "k1", key: randomBytes(32) }]);
  const ready = createReadyHandOuts({
    seal,
    store: { changeCount: () => world.count },
    now: () => new Date(world.atMs),
    wallNow: () => new Date(world.wallMs),
  });
  const sealedToken = seal.seal("the token", { connectionId: "con_1", flavour: "instagram" });
  const made = (
    change: { key?: Partial<ApiKeyRecord>; again?: TokenHandOut["again"] } = {},
  ): MadeHandOut => ({
    count: world.count,
    key: {
      id: "key_1",
      userId: "usr_1",
      name: "Uploader",
      actions: ["token"],
      connectionIds: null,
      allowedAddresses: null,
      createdAt: new Date(START_MS),
      expiresAt: null,
      lastUsedAt: null,
      revokedAt: null,
      ...change.key,
    } as ApiKeyRecord,
    token: {
      kind: "token",
      connection: {
        id: "con_1",
        accountId: "1784",
        username: "acme.shop",
        flavour: "instagram",
        permissions: ["a"],
        version: 3,
      },
      accessToken: "the token",
      expiresAt: new Date(START_MS + 60_000_000),
      fetchedAt: new Date(START_MS),
      maxCacheSeconds: 300,
      again: change.again === undefined ? { sealedToken, until: new Date(START_MS + 5_000) } : change.again,
    },
  });
  return { world, ready, made };
}

describe("hand-outs that are ready", () => {
  it("are found again by the same key, connection and question, and open the token each time", () => {
    const { ready, made } = open();
    expect(ready.find(REQUEST)).toBeNull();
    ready.keep(REQUEST, made());
    const found = ready.find(REQUEST);
    expect(found).toMatchObject({ keyId: "key_1", userId: "usr_1", maxCacheSeconds: 300 });
    expect([found?.open(), found?.open()]).toEqual(["the token", "the token"]);
    expect(JSON.stringify(found)).not.toContain("the token");
    for (const change of [
      { secret: "pk_other" },
      { secret: null },
      { connectionId: "con_2" },
      { asked: "" },
      { asked: "scopes=b" },
    ])
      expect([change, ready.find({ ...REQUEST, ...change })]).toEqual([change, null]);
  });

  it("AK-03 are gone once anything was committed, and while nobody can tell", () => {
    const { world, ready, made } = open();
    ready.keep(REQUEST, made());
    world.count = null;
    expect(ready.find(REQUEST)).toBeNull();
    world.count = 1;
    expect(ready.find(REQUEST)).toBeNull();
    ready.keep(REQUEST, made());
    expect(ready.find(REQUEST)).not.toBeNull();
    world.count = 2;
    expect(ready.find(REQUEST)).toBeNull();
  });

  it("AK-03 are not kept when something was committed while they were made", () => {
    const { world, ready, made } = open();
    const before = made();
    world.count = 2;
    ready.keep(REQUEST, before);
    expect(ready.find(REQUEST)).toBeNull();
    ready.keep(REQUEST, { ...made(), count: null });
    expect(ready.find(REQUEST)).toBeNull();
  });

  it("AK-05 end with the key, after ten seconds, when the token's state changes, and with a clock that is put back", () => {
    const cases: [string, Parameters<ReturnType<typeof open>["made"]>[0], object, boolean][] = [
      [
        "just before its end",
        { key: { expiresAt: new Date(START_MS + 2_000) } },
        { wallMs: START_MS + 1_999 },
        true,
      ],
      [
        "the key's end",
        { key: { expiresAt: new Date(START_MS + 2_000) } },
        { wallMs: START_MS + 2_000 },
        false,
      ],
      ["ten seconds, nearly", {}, { wallMs: START_MS + 9_999 }, true],
      ["ten seconds", {}, { wallMs: START_MS + 10_000 }, false],
      ["just before the change", {}, { atMs: START_MS + 4_999 }, true],
      ["the change", {}, { atMs: START_MS + 5_000 }, false],
      ["the wall clock put back", {}, { wallMs: START_MS - 1 }, false],
      ["the clock of the tokens put back", {}, { atMs: START_MS - 1 }, false],
    ];
    for (const [name, change, times, isFound] of cases) {
      const { world, ready, made } = open();
      ready.keep(REQUEST, made(change));
      Object.assign(world, times);
      expect([name, ready.find(REQUEST) !== null]).toEqual([name, isFound]);
    }
  });

  it("AK-05 are never those of a key that is bound to addresses, nor of a token that is looked after each time", () => {
    for (const change of [{ key: { allowedAddresses: ["192.0.2.0/24"] } }, { again: null }]) {
      const { ready, made } = open();
      ready.keep(REQUEST, made(change));
      expect(ready.find(REQUEST)).toBeNull();
    }
  });

  it("are a bounded number", () => {
    const { ready, made } = open();
    for (let index = 0; index < 2_500; index += 1) ready.keep({ ...REQUEST, asked: String(index) }, made());
    const kept = Array.from({ length: 2_500 }, (_, index) =>
      ready.find({ ...REQUEST, asked: String(index) }),
    );
    expect(kept.filter((found) => found !== null).length).toBeLessThanOrEqual(1_000);
    expect(kept.at(-1)).not.toBeNull();
  });
});
