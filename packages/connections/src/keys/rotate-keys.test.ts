import { openStore, type Store } from "@perennial/db";
import { furnish } from "@perennial/db/testing";
import { createTestDatabase } from "@perennial/db/testing/vitest";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";

import { createTokenSeal, type TokenSeal } from "../token-seal.ts";
import { rotationStatus } from "./key-standing.ts";
import { dropKey, rewrapTokens } from "./rotate-keys.ts";

const folder = mkdtempSync(path.join(tmpdir(), "perennial-keys-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const OLD = { id: "k1", key: randomBytes(32) };
const NEW = { id: "k2", key: randomBytes(32) };
const oldFirst = createTokenSeal([OLD, NEW]);
const newFirst = createTokenSeal([NEW, OLD]);
const CONNECTIONS = 520;
/** Four of five connections hold a token, and one of five the token before it; one of four has a sink. */
const TOKENS = (CONNECTIONS / 5) * 5;
const wallNow = (): Date => new Date("2026-06-01T00:00:00Z");
const ENGINES = ["SQLite", "Postgres"] as const;

let files = 0;
async function openHouse(engine: (typeof ENGINES)[number]) {
  const stack = new AsyncDisposableStack();
  const url =
    engine === "Postgres"
      ? stack.use(await createTestDatabase()).url
      : `file:${path.join(folder, `${(files += 1)}.db`)}`;
  await furnish(url, {
    connections: CONNECTIONS,
    sealFor: (connectionId, flavour) => oldFirst.seal(`token-${connectionId}`, { connectionId, flavour }),
    sealSinkFor: (sinkId) => oldFirst.seal("settings", { sinkId }),
    sealChoiceFor: (connectionId, flavour) => oldFirst.seal("choice", { connectionId, flavour }),
    keyChecks: [OLD, NEW].map(({ id }) => ({ keyId: id, sealed: oldFirst.checkValue(id) })),
  });
  const store = stack.use(await openStore(url));
  return { url, store, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Reads every token of a house, as a hand-out does. */
async function readAll(store: Store, seal: TokenSeal): Promise<{ read: number; failed: number }> {
  const counts = { read: 0, failed: 0 };
  for (const { id, flavour } of await store.pageConnections({ after: null, limit: CONNECTIONS })) {
    const record = await store.findConnectionById(id);
    await turn(); // a read of SQLite takes none
    for (const sealed of [record?.sealedToken, record?.previousSealedToken]) {
      if (typeof sealed !== "string") continue;
      try {
        counts[seal.open(sealed, { connectionId: id, flavour }) === `token-${id}` ? "read" : "failed"] += 1;
      } catch {
        counts.failed += 1;
      }
    }
  }
  return counts;
}

describe.each(ENGINES)("a key rotation on %s", (engine) => {
  it("TS-05 TS-06 seals everything anew while it is read, killed anywhere, and loses nothing", async () => {
    await using house = await openHouse(engine);
    const { store } = house;
    const deps = { store, seal: newFirst, wallNow };
    const reading = { isOver: false, failed: 0, read: 0 };
    const reader = (async () => {
      while (!reading.isOver) {
        const { read, failed } = await readAll(store, oldFirst);
        reading.read += read;
        reading.failed += failed;
      }
    })();
    for (let kill = 1; kill <= 3; kill += 1) {
      let batches = 0;
      const cutOff = rewrapTokens(deps, {
        onProgress: () => {
          if ((batches += 1) === 1) throw new Error("killed");
        },
      });
      await expect(cutOff).rejects.toThrow("killed");
    }
    const before = await store.pageConnections({ after: null, limit: CONNECTIONS });
    const report = await rewrapTokens(deps);
    expect(report).toMatchObject({ unreadable: [], missed: 0 });
    expect(report.rewrapped).toBeGreaterThan(0);
    reading.isOver = true;
    await reader;
    expect(reading.failed).toBe(0);
    expect(reading.read).toBeGreaterThanOrEqual(TOKENS);
    expect(await readAll(store, createTokenSeal([NEW]))).toEqual({ read: TOKENS, failed: 0 });
    expect((await store.countSealed()).map(({ keyId }) => keyId)).toEqual(["k2", "k2", "k2", "k2", "k2"]);
    // Versions, times and all else are as they were.
    expect(await store.pageConnections({ after: null, limit: CONNECTIONS })).toEqual(before);
    expect((await rewrapTokens(deps)).rewrapped).toBe(0);
  });

  it("TS-08 isolates a text that does not open: reported, kept as it is, and the others are served", async () => {
    await using house = await openHouse(engine);
    const { store } = house;
    const all = await store.pageSealed({
      column: "connections.sealed_token",
      notWith: "k2",
      after: null,
      limit: CONNECTIONS,
    });
    const [damaged, lost] = [all[3], all[7]];
    if (damaged === undefined || lost === undefined) throw new Error("There are too few.");
    const harm = [
      { id: damaged.id, from: damaged.sealed, to: `${damaged.sealed.slice(0, -4)}AAAA` },
      { id: lost.id, from: lost.sealed, to: lost.sealed.replace("v1.k1.", "v1.k0.") },
    ];
    await store.rewrapSealed({ column: "connections.sealed_token", rewraps: harm });
    const deps = { store, seal: newFirst, wallNow };
    const report = await rewrapTokens(deps);
    expect(report.unreadable).toEqual(
      [
        { column: "connections.sealed_token", id: damaged.id, reason: "damaged" },
        { column: "connections.sealed_token", id: lost.id, reason: "key_unknown" },
      ].sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
    for (const { id, to } of harm) {
      expect(await store.findConnectionById(id)).toMatchObject({ sealedToken: to });
    }
    expect(await readAll(store, newFirst)).toEqual({ read: TOKENS - 2, failed: 2 });
    await expect(dropKey(deps, "k1")).rejects.toMatchObject({ code: "key_needed" });
  });

  it("TS-07 says what comes next, and drops a key only when nothing and nobody needs it", async () => {
    await using house = await openHouse(engine);
    const { store } = house;
    const stepOf = async (seal: TokenSeal) => (await rotationStatus({ store, seal })).step;
    const beat = (id: string, keyIds: string[] | null) =>
      store.beatProcess({ id, kind: "worker", startedAt: wallNow(), sweptAt: null, keyIds });
    const restart = async (id: string, keyIds: string[]) => {
      await store.removeProcess(id);
      await beat(id, keyIds);
    };
    const deps = { store, seal: newFirst, wallNow };

    await beat("p1", ["k1"]);
    await beat("p2", null);
    expect(await stepOf(oldFirst)).toEqual({
      kind: "distribute",
      keyIds: expect.arrayContaining(["k2"]),
      servers: 2,
    });
    await expect(rewrapTokens(deps)).rejects.toMatchObject({ code: "key_not_everywhere" });
    for (const id of ["p1", "p2"]) await restart(id, ["k1", "k2"]);
    expect(await stepOf(oldFirst)).toEqual({ kind: "promote_or_drop", keyIds: ["k2"] });
    expect(await stepOf(newFirst)).toEqual({ kind: "restart", keyId: "k2", servers: 2 });
    await expect(dropKey(deps, "k1")).rejects.toMatchObject({ code: "key_in_use" });
    for (const id of ["p1", "p2"]) await restart(id, ["k2", "k1"]);
    expect(await stepOf(newFirst)).toMatchObject({ kind: "rewrap" });
    const counted = (await store.countSealed()).reduce((sum, { rows }) => sum + rows, 0);
    await expect(dropKey(deps, "k1")).rejects.toThrow(`${counted} sealed texts need key "k1"`);
    await expect(dropKey(deps, "k2")).rejects.toMatchObject({ code: "key_sealing" });
    await expect(dropKey(deps, "k9")).rejects.toMatchObject({ code: "key_unknown" });
    await rewrapTokens(deps);
    expect(await stepOf(newFirst)).toEqual({ kind: "promote_or_drop", keyIds: ["k1"] });
    await dropKey(deps, "k1");
    expect(await stepOf(newFirst)).toEqual({ kind: "remove", keyIds: ["k1"] });
    expect(await stepOf(createTokenSeal([NEW]))).toEqual({ kind: "settled" });
  });
});
