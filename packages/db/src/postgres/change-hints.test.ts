import { Client } from "pg";
import { describe, expect, it } from "vitest";

import { connect, minutes } from "../contract/fixtures.ts";
import { runOn } from "../testing/index.ts";
import { createTestDatabase } from "../testing/vitest.ts";
import { openPostgresStore } from "./open.ts";
import { tapWire } from "./testing/wire-tap.ts";

const LISTENERS =
  "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'";

/** How many connections to a database listen. */
async function countListeners(url: string): Promise<number> {
  return (await runOn(url, LISTENERS)).length;
}

describe("hints of changes", () => {
  it("come soon after another process committed something, over one connection while somebody watches", async () => {
    await using database = await createTestDatabase();
    await using store = await openPostgresStore({ url: database.url });
    await using other = await openPostgresStore({ url: database.url });
    const own = await connect(other, "1");
    expect(await countListeners(database.url)).toBe(0);

    let hints = 0;
    const watches = [1, 2, 3].map(() => store.watchChanges(() => (hints += 1)));
    await expect.poll(() => watches[0]?.pollIntervalMs).toBe(1_000);
    expect(await countListeners(database.url)).toBe(1);
    const before = hints;
    await other.disconnect({ ...own, now: minutes(5) });
    await expect.poll(() => hints).toBeGreaterThanOrEqual(before + 3);

    for (const watch of watches) watch.stop();
    await expect.poll(() => countListeners(database.url)).toBe(0);
  });

  it("come again after their connection was lost", async () => {
    await using database = await createTestDatabase();
    await using store = await openPostgresStore({ url: database.url });
    const watch = store.watchChanges(() => undefined);
    await expect.poll(() => watch.pollIntervalMs).toBe(1_000);
    await runOn(database.url, LISTENERS.replace("SELECT pid", "SELECT pg_terminate_backend(pid)"));
    await expect.poll(() => watch.pollIntervalMs).toBe(500);
    await expect.poll(() => watch.pollIntervalMs, { timeout: 5_000 }).toBe(1_000);
  });

  it("are given up for good where none arrives, as behind a pooler", async () => {
    await using database = await createTestDatabase();
    await using tap = await tapWire(database.url, { dropsNotifications: true });
    await using store = await openPostgresStore({ url: tap.url });
    const watch = store.watchChanges(() => undefined);
    await expect.poll(() => countListeners(database.url)).toBe(1);
    await expect.poll(() => countListeners(database.url), { timeout: 10_000 }).toBe(0);
    expect(watch.pollIntervalMs).toBe(500);
    watch.stop();
    store.watchChanges(() => undefined);
    expect(tap.tapped.texts.filter((text) => text.startsWith("LISTEN"))).toHaveLength(1);
  });

  it("come to those who watch in the process that committed, with or without that connection", async () => {
    await using database = await createTestDatabase();
    await using tap = await tapWire(database.url, { dropsNotifications: true });
    await using store = await openPostgresStore({ url: tap.url });
    let hints = 0;
    store.watchChanges(() => (hints += 1));
    await connect(store, "1");
    expect(hints).toBeGreaterThan(0);
  });
});

describe("the change marker", () => {
  it("does not miss a transaction that began before another and committed after it", async () => {
    await using database = await createTestDatabase();
    await using store = await openPostgresStore({ url: database.url });
    await connect(store, "1");
    await connect(store, "2");
    const slow = new Client({ connectionString: database.url });
    await slow.connect();
    await slow.query("BEGIN; UPDATE connections SET version = version + 1 WHERE id = 'con-1'");
    await store.touchSession("session-first-2", minutes(3));
    const before = await store.changeMarker();
    expect((await store.connectionVersions(["usr-first-1"])).get("usr-first-1")).toEqual({ "con-1": 1 });
    await slow.query("COMMIT");
    await slow.end();
    expect(await store.changeMarker()).not.toBe(before);
    expect((await store.connectionVersions(["usr-first-1"])).get("usr-first-1")).toEqual({ "con-1": 2 });
  });
});
