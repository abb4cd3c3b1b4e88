import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { connect, minutes, renewal } from "../contract/fixtures.ts";
import type { Store } from "../store.ts";
import { runOn, startPostgresServer, type PostgresServer } from "../testing/index.ts";
import { openPostgresStore } from "./open.ts";

const COMMITS = 200;
/** The syncs of the log that processes which serve clients asked for; those of the log writer are not in it. */
const COUNT_SYNCS = `SELECT coalesce(sum(fsyncs), 0)::int AS syncs FROM pg_stat_io
  WHERE object = 'wal' AND backend_type = 'client backend'`;

/** How many syncs some work asked for: connections tell theirs when they end. */
async function countSyncs(url: string, work: (store: Store) => Promise<void>): Promise<number> {
  const count = async () => (await runOn<{ syncs: number }>(url, COUNT_SYNCS))[0]?.syncs ?? 0;
  const before = await count();
  {
    await using store = await openPostgresStore({ url: `${url}?pool_max=1` });
    await work(store);
  }
  await expect
    .poll(() => runOn(url, "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"))
    .toHaveLength(1);
  return (await count()) - before;
}

async function saveTokens(store: Store): Promise<void> {
  for (let count = 0; count < COMMITS; count += 1) {
    const claim = await store.claimOne({ connectionId: "con-1", owner: "w", leaseMs: 60_000 });
    if (claim.kind !== "leased") throw new Error("The connection was not leased.");
    const { lease } = claim;
    const id = `${lease.version}`;
    await store.saveRefreshed({ lease, ...renewal(id) });
  }
}

async function touchSessions(store: Store): Promise<void> {
  for (let count = 0; count < COMMITS; count += 1) {
    await store.touchSession("session-first-1", new Date(minutes(5).getTime() + count));
  }
}

describe("durability", { timeout: 60_000 }, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgresServer({ settings: { fsync: "on", full_page_writes: "on" } });
  });
  afterAll(() => server.stop());

  it.each(["on", "off"])(
    "DB-01 asks the disk for a sync in each of 200 token commits where the database's default is %s",
    async (fallback) => {
      const url = await server.createDatabase();
      await runOn(
        url,
        `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET synchronous_commit = ${fallback}`,
      );
      await countSyncs(url, async (store) => void (await connect(store, "1")));
      // A claim of a lease and a token: two commits each.
      expect(await countSyncs(url, saveTokens)).toBeGreaterThanOrEqual(2 * COMMITS);
      // The count does find what is not synced: these may be lost, and are not asked for.
      expect(await countSyncs(url, touchSessions)).toBeLessThan(COMMITS / 10);
    },
  );

  it("DB-01 keeps every token that was acknowledged when the server crashes", async () => {
    const url = await server.createDatabase();
    await using store = await openPostgresStore({ url });
    await connect(store, "1");
    for (const name of ["a", "b", "c"]) {
      const claim = await store.claimOne({ connectionId: "con-1", owner: "w", leaseMs: 60_000 });
      if (claim.kind !== "leased") throw new Error("The connection was not leased.");
      expect(await store.saveRefreshed({ lease: claim.lease, ...renewal(name) })).toBe(true);
      await server.restart({ isCrash: true });
      expect((await store.findConnectionById("con-1"))?.sealedToken).toBe(`v1.k1.${name}`);
    }
  });
});
