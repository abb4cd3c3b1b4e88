import { describe, expect, it } from "vitest";

import { ALL_DUE, NOW } from "../contract/fixtures.ts";
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
    expect((root?.["Shared Hit Blocks"] ?? 0) + (root?.["Shared Read Blocks"] ?? 0)).toBeLessThan(100);
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
    const patterns = [
      /"account_id" = /,
      /order by "connections"."id" asc/,
      /any\(.*text\[\]\)/,
      /<> 'disconnected'/,
    ];
    for (const pattern of patterns) {
      const plan = await bench.explain(pattern);
      const scans = plan.map((node) => node["Node Type"]).filter((type) => type.endsWith("Scan"));
      expect(scans.every((type) => type.includes("Index"))).toBe(true);
      expect(scans.length).toBeGreaterThan(0);
    }
  });
});
