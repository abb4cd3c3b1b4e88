import { describe, expect, it } from "vitest";

import type { ClaimDueInput } from "../store/leases.ts";

import { ALL_DUE, claimInput, newAlert, NOW } from "../contract/fixtures.ts";
import { createTestDatabase } from "../testing/vitest.ts";
import { openPostgresStore } from "./open.ts";
import { openExplainingStore } from "./testing/explaining-store.ts";

/** Fills a database with connections, of which the first `due` are due. */
const FILL = `
  INSERT INTO users VALUES ('usr', now());
  INSERT INTO connections (id, user_id, account_id, app_scoped_id, flavour, app_id, status, username,
    account_type, sealed_token, token_expires_at, is_expiry_estimated, next_refresh_at, failed_attempts,
    version, created_at, updated_at)
  SELECT 'con-' || n, 'usr', n, n, 'instagram', 'app', 'active', 'name', 'BUSINESS', repeat(md5(n::text), 10),
    '2026-05-01Z'::timestamptz + n * interval '1 second', false,
    CASE WHEN n <= 5 THEN '2026-03-01Z'::timestamptz ELSE '2026-04-01Z'::timestamptz + n * interval '1 second' END,
    0, 1, now(), now()
  FROM generate_series(1, 20000) AS n;
  ANALYZE;`;

describe("query plans", () => {
  it("cost a claim what is due, not what is stored", async () => {
    await using database = await createTestDatabase();
    await (await openPostgresStore({ url: database.url }))[Symbol.asyncDispose]();
    await using bench = await openExplainingStore(database.url);
    await bench.client.query(FILL);
    const claimed = await bench.store.claimDue({
      owner: "w",
      now: NOW,
      leaseMs: 60_000,
      limit: 100,
      of: ALL_DUE,
    });
    expect(claimed.map(({ connection }) => connection.id)).toEqual([1, 2, 3, 4, 5].map((n) => `con-${n}`));

    // As for the next worker: five are due and leased, twenty thousand are stored.
    await bench.client.query(
      "UPDATE connections SET lease_until = NULL, lease_owner = NULL WHERE id <= 'con-5'",
    );
    const plan = await bench.explain(/skip locked/);
    const indexes = plan.flatMap((node) => node["Index Name"] ?? []);
    expect(new Set(indexes)).toEqual(new Set(["connections_due", "connections_pkey"]));
    expect(plan.filter((node) => node["Node Type"] === "Seq Scan")).toEqual([]);
    const readRows = plan
      .filter((node) => node["Relation Name"] === "connections" && node["Node Type"].includes("Scan"))
      .map((node) => (node["Actual Rows"] ?? 0) + (node["Rows Removed by Filter"] ?? 0));
    for (const rows of readRows) expect(rows).toBeLessThanOrEqual(5);
    const [root] = plan;
    // What is stored fills thousands; how much of the index is looked at depends on when it was last vacuumed.
    expect((root?.["Shared Hit Blocks"] ?? 0) + (root?.["Shared Read Blocks"] ?? 0)).toBeLessThan(300);
  });

  it("cost a claim what it takes, not what is due", async () => {
    await using database = await createTestDatabase();
    await (await openPostgresStore({ url: database.url }))[Symbol.asyncDispose]();
    await using bench = await openExplainingStore(database.url);
    await bench.client.query(FILL);
    const everythingIsDue = new Date("2027-01-01T00:00:00Z");
    const claim = { owner: "w", now: everythingIsDue, leaseMs: 60_000, limit: 16, of: ALL_DUE };
    for (const { lease } of await bench.store.claimDue(claim)) await bench.store.releaseLease(lease, null);
    const plan = await bench.explain(/skip locked/);
    expect(plan.filter((node) => node["Node Type"].includes("Sort"))).toEqual([]);
    const readRows = plan
      .filter((node) => node["Relation Name"] === "connections" && node["Node Type"].includes("Scan"))
      .map((node) => (node["Actual Rows"] ?? 0) + (node["Rows Removed by Filter"] ?? 0));
    for (const rows of readRows) expect(rows).toBe(16);
  });

  it("of claims that leave something out are those of the others: in the order of the index, with no sort", async () => {
    await using database = await createTestDatabase();
    await (await openPostgresStore({ url: database.url }))[Symbol.asyncDispose]();
    await using bench = await openExplainingStore(database.url);
    await bench.client.query(FILL);
    const pausedApps = [{ flavour: "instagram", appId: "paused" }] as const;
    const claims: [RegExp, ClaimDueInput["of"]][] = [
      [/<> all\(/, { kind: "due", pausedApps }],
      [/"lease_owner" is not null/, { kind: "abandoned", pausedApps }],
      [/"app_id" = [^]* skip locked/, { kind: "app", app: { flavour: "instagram", appId: "app" } }],
    ];
    for (const [pattern, of] of claims) {
      for (const { lease } of await bench.store.claimDue(claimInput("w", { of }))) {
        await bench.store.releaseLease(lease, null);
      }
      const plan = await bench.explain(pattern);
      const indexes = plan.flatMap((node) => node["Index Name"] ?? []);
      expect(new Set(indexes)).toEqual(new Set(["connections_due", "connections_pkey"]));
      expect(plan.filter((node) => /Seq Scan|Sort/.test(node["Node Type"]))).toEqual([]);
      const readRows = plan
        .filter((node) => node["Relation Name"] === "connections" && node["Node Type"].includes("Scan"))
        .map((node) => (node["Actual Rows"] ?? 0) + (node["Rows Removed by Filter"] ?? 0));
      for (const rows of readRows) expect(rows).toBeLessThanOrEqual(5);
    }
  });

  it("touch no index when a lease is taken, a call is noted, and the lease given back", async () => {
    await using database = await createTestDatabase();
    await (await openPostgresStore({ url: database.url }))[Symbol.asyncDispose]();
    await using bench = await openExplainingStore(database.url);
    await bench.client.query(`ALTER TABLE connections SET (fillfactor = 40); ${FILL}`); // room for new versions
    const { store, client } = bench;
    const [claimed] = await store.claimDue(claimInput("w", { limit: 1 }));
    if (claimed === undefined) throw new Error("Nothing was due.");
    const { lease } = claimed;
    expect(await store.recordIntent({ lease, leaseMs: 60_000, now: NOW })).toBe(true);
    const before = await store.findConnectionById(lease.connectionId);
    const noted = bench.lastSent(/set .*"attempt_sent_at"/);
    const taken = bench.lastSent(/skip locked/);
    await store.releaseLease(lease, null);
    const given = bench.lastSent(/set "next_refresh_at" = .*"lease_owner" = \$/);
    expect(before?.attemptSentAt).toEqual(NOW);

    await client.query("BEGIN");
    const { rows } = await client.query<{ lease_owner: string; version: number }>(taken.text, taken.values);
    await client.query(noted.text, noted.values);
    await client.query(given.text, given.values);
    const counts = await client.query(
      "SELECT n_tup_upd::int AS changed, n_tup_hot_upd::int AS hot FROM pg_stat_xact_user_tables WHERE relname = 'connections'",
    );
    await client.query("ROLLBACK");
    expect(rows).toHaveLength(1);
    expect(counts.rows).toEqual([{ changed: 3, hot: 3 }]);
  });

  it("search an index in every statement that people and workers wait for", async () => {
    await using database = await createTestDatabase();
    await (await openPostgresStore({ url: database.url }))[Symbol.asyncDispose]();
    await using bench = await openExplainingStore(database.url);
    await bench.client.query(FILL);
    const { store } = bench;
    await store.findConnection("usr", "con-7");
    await store.findConnectionIdByAccount("7");
    await store.pageConnections({ after: "con-7", limit: 10 });
    await store.connectionVersions(["nobody", "somebody"]);
    await store.claimOne({ connectionId: "con-7", owner: "w", leaseMs: 1000 });
    await store.disconnect({ userId: "usr", connectionId: "con-7", now: NOW });
    await store.listExpiring({ now: NOW, thresholdsDays: [60], limit: 10 });
    await store.releaseBacklog({
      app: { flavour: "instagram", appId: "app" },
      beforeExpiryMs: 0,
      now: NOW,
      limit: 3,
    });
    await store.warnExpiring({ connectionId: "con-8", version: 1, warnedDays: 7, alert: newAlert("a") });
    await store.fleetStats(NOW);
    const patterns = [
      /"account_id" = /,
      /order by "connections"."id" asc/,
      /any\(.*text\[\]\)/,
      /<> 'disconnected'/,
      /unnest\(/,
      /"failed_attempts" > .* is distinct from /,
      /with "warned"/,
    ];
    for (const pattern of patterns) {
      const plan = await bench.explain(pattern);
      const scans = plan.map((node) => node["Node Type"]).filter((type) => type.endsWith("Scan"));
      const ofRows = scans.filter((type) => !/^(CTE|Function|Bitmap Heap) Scan$/.test(type));
      expect(
        ofRows.filter((type) => !type.includes("Index")),
        String(pattern),
      ).toEqual([]);
      expect(scans.length).toBeGreaterThan(0);
    }
  });
});
