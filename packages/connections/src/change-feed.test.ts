import type { ConnectionVersions, Store } from "@perennial/db";
import { createTestDatabase } from "@perennial/db/testing/vitest";
import { afterEach, describe, expect, it, vi } from "vitest";

import { createChangeFeed } from "./change-feed.ts";
import { openTestKeeper } from "./testing/keeper.ts";

type Counts = { looks: number; markers: number };

/** A store that knows no more than its users' versions, and counts what it is asked. */
function countingStore(pollIntervalMs: number) {
  const versions = new Map<string, ConnectionVersions>();
  const counts: Counts = { looks: 0, markers: 0 };
  const engine = { marker: 0, watches: 0, hint: (): void => undefined };
  const store = {
    connectionVersions: async (userIds: readonly string[]) => {
      counts.looks += 1;
      return new Map(userIds.map((id) => [id, versions.get(id) ?? {}]));
    },
    changeMarker: async () => {
      counts.markers += 1;
      return String(engine.marker);
    },
    watchChanges: (onHint: () => void) => {
      engine.watches += 1;
      engine.hint = onHint;
      return { pollIntervalMs, stop: () => void (engine.watches -= 1) };
    },
  };
  const commit = (userId: string, version: number): void => {
    versions.set(userId, { [`con-${userId}`]: version });
    engine.marker += 1;
  };
  return { store: store as unknown as Store, counts, engine, commit };
}

/** Collects what a watcher is told. */
function collect(watching: AsyncIterable<{ changed: string[] }>): string[] {
  const seen: string[] = [];
  void (async () => {
    for await (const { changed } of watching) seen.push(...changed);
  })();
  return seen;
}

describe("the cost of watching", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is one query for a thousand people on a thousand pages, and each hears of their own", async () => {
    vi.useFakeTimers();
    const { store, counts, commit } = countingStore(250);
    const feed = createChangeFeed(store);
    const leave = new AbortController();
    const pages = Array.from({ length: 1_000 }, (_, index) => collect(feed.watch(`u${index}`, leave.signal)));
    await vi.advanceTimersByTimeAsync(600);
    const before = { ...counts };
    commit("u7", 1);
    commit("u999", 1);
    await vi.advanceTimersByTimeAsync(250);
    expect(counts).toEqual({ looks: before.looks + 1, markers: before.markers + 1 });
    expect(pages.flatMap((seen, index) => (seen.length > 0 ? [index] : []))).toEqual([7, 999]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(counts.looks).toBe(before.looks + 1); // the marker stands still
    leave.abort();
  });

  it("is nothing once nobody watches", async () => {
    vi.useFakeTimers();
    const { store, counts, engine } = countingStore(250);
    const feed = createChangeFeed(store);
    const leave = new AbortController();
    collect(feed.watch("a", leave.signal));
    collect(feed.watch("b", leave.signal));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(engine.watches).toBe(1);
    leave.abort();
    await vi.advanceTimersByTimeAsync(1_000);
    const before = { ...counts };
    engine.marker += 1;
    engine.hint();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(counts).toEqual(before);
    expect(engine.watches).toBe(0);
  });

  it("stays within ten looks a second, however many hints come", async () => {
    vi.useFakeTimers();
    const { store, counts, engine, commit } = countingStore(1_000);
    const leave = new AbortController();
    const seen = collect(createChangeFeed(store).watch("a", leave.signal));
    await vi.advanceTimersByTimeAsync(1_100);
    const before = counts.markers;
    for (let hint = 1; hint <= 1_000; hint += 1) {
      commit("a", hint);
      engine.hint();
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(counts.markers - before).toBeGreaterThan(5);
    expect(counts.markers - before).toBeLessThanOrEqual(11); // the first one at once
    expect(seen.length).toBeGreaterThan(5);
    leave.abort();
  });

  it("does not lose what was committed while the store was away", async () => {
    vi.useFakeTimers();
    const { store, commit } = countingStore(250);
    const leave = new AbortController();
    const marker = vi.spyOn(store, "changeMarker");
    const seen = collect(createChangeFeed(store).watch("a", leave.signal));
    await vi.advanceTimersByTimeAsync(300);
    marker.mockRejectedValueOnce(new Error("away"));
    commit("a", 1);
    await vi.advanceTimersByTimeAsync(600);
    expect(seen).toEqual(["con-a"]);
    leave.abort();
  });
});

describe.each(["SQLite", "Postgres"])("watching on %s", (engine) => {
  it("DB-09 tells what another process committed, and nothing of other people", async () => {
    await using database = engine === "Postgres" ? await createTestDatabase() : null;
    await using keeper = await openTestKeeper(database === null ? {} : { databaseUrl: database.url });
    const another = await keeper.another();
    const own = await keeper.signIn("acme.shop");
    const other = await keeper.signIn("lena.paints");
    const leave = new AbortController();
    const seen = collect(keeper.connections.watch(own.userId, leave.signal));
    await another.connections.disconnect({ userId: other.userId, connectionId: other.connectionId });
    await another.connections.disconnect({ userId: own.userId, connectionId: own.connectionId });
    await expect.poll(() => seen, { timeout: 5_000 }).toEqual([own.connectionId]);
    leave.abort();
  });
});
