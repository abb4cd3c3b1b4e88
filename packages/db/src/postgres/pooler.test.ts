import { describe, expect, it } from "vitest";

import {
  ALL_DUE,
  callbackOf,
  connect,
  failureOf,
  minutes,
  newAttempt,
  NOW,
  renewal,
} from "../contract/fixtures.ts";
import type { Store } from "../store.ts";
import { createTestDatabase } from "../testing/vitest.ts";
import { openPostgresStore } from "./open.ts";
import { tapWire } from "./testing/wire-tap.ts";

/** Calls every method of a store. */
async function useEverything(store: Store): Promise<void> {
  const own = await connect(store, "1", { nextRefreshAt: NOW });
  const claim = { owner: "w", leaseMs: 1000 };
  const [due] = await store.claimDue({ ...claim, of: ALL_DUE, now: NOW, limit: 1 });
  if (due === undefined) throw new Error("Nothing was due.");
  await store.recordIntent({ lease: due.lease, leaseMs: 60_000, now: NOW });
  await store.saveRefreshed({ lease: due.lease, ...renewal("b") });
  for (const end of ["fail", "release"] as const) {
    const one = await store.claimOne({ ...claim, connectionId: "con-1" });
    if (one.kind !== "leased") throw new Error("The connection was not leased.");
    if (end === "release") await store.releaseLease(one.lease, NOW);
    else await store.recordFailure({ lease: one.lease, ...failureOf("h2") });
  }
  await store.createSignInAttempt(newAttempt("x"));
  await store.claimSignInAttempt(callbackOf("x"));
  await store.failSignInAttempt({ id: "x", errorCode: "e", failedStep: "s", transcript: null, wallNow: NOW });
  await store.findSignInAttempt({ id: "x", browserHash: "browser-x" });
  await store.findSession("session-first-1", NOW);
  await store.touchSession("session-first-1", minutes(4));
  await store.findConnectionIdByAccount("1");
  await store.listConnections(own.userId);
  await store.findConnection(own.userId, "con-1");
  await store.findConnectionById("con-1");
  await store.pageConnections({ after: null, limit: 1 });
  await store.listHistory({ ...own, limit: 1, before: null });
  await store.connectionVersions([own.userId]);
  await store.addKeyCheck({ keyId: "k", sealed: "s" });
  await store.listKeyChecks();
  await store.changeMarker();
  await store.checkWritable();
  await store.checkMigrated();
  await store.deleteSession("session-first-1");
  await store.disconnect({ ...own, now: minutes(5) });
  await store.prune(NOW);
}

describe("behind a pooler in transaction mode", () => {
  it("DB-07 every method leaves nothing on a connection, and asks a new one for nothing", async () => {
    await using database = await createTestDatabase();
    await using tap = await tapWire(database.url);
    {
      await using store = await openPostgresStore({ url: tap.url });
      await useEverything(store);
    }
    const { startup, statementNames, texts } = tap.tapped;
    // What every pooler passes on; Debian's PgBouncer refuses anything else.
    expect([...startup].sort()).toEqual(["client_encoding", "database", "user"]);
    expect(statementNames.length).toBeGreaterThan(40);
    expect(new Set(statementNames)).toEqual(new Set([""]));
    const parts = texts.flatMap((text) => text.split(";")).map((text) => text.trim());
    const settings = parts.filter((part) => /^set\b/i.test(part));
    expect(settings.length).toBeGreaterThan(10);
    expect(settings.filter((part) => !part.startsWith("SET LOCAL "))).toEqual([]);
    const isKept = /\b(listen|prepare|declare|temp|temporary)\b|advisory_lock|set_config\((?!.*true\))/is;
    expect(parts.filter((part) => isKept.test(part))).toEqual([]);
  });
});
