import { Client } from "pg";
import { describe, expect, it } from "vitest";

import { NOW } from "../contract/fixtures.ts";
import { createTestDatabase } from "../testing/vitest.ts";
import { parsePostgresAddress } from "./address.ts";
import { openPostgresStore } from "./open.ts";
import { openPool } from "./pool.ts";
import { createPostgresStore } from "./store.ts";

type PlanNode = {
  "Node Type": string;
  "Index Name"?: string;
  "Relation Name"?: string;
  "Actual Rows"?: number;
  "Rows Removed by Filter"?: number;
  "Shared Hit Blocks"?: number;
  "Shared Read Blocks"?: number;
  Plans?: PlanNode[];
};

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

function flatten(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}

/** A store on a filled database, and the plan of any statement that it sends. */
async function openExplaining(url: string) {
  const client = new Client({ connectionString: url });
  await client.connect();
  const pool = openPool(parsePostgresAddress(url), 10_000);
  const sent: { text: string; values: unknown[] }[] = [];
  pool.on("connect", (connection) => {
    const query = connection.query.bind(connection) as (...args: unknown[]) => unknown;
    const noting = (...args: unknown[]): unknown => {
      const [config, values] = args;
      if (typeof config === "object" && config !== null && "text" in config) {
        sent.push({ text: String(config.text), values: values as unknown[] });
      }
      return query(...args);
    };
    connection.query = noting as typeof connection.query;
  });
  const settings = { connectionString: url, leaseClock: undefined, busyTimeoutMs: 5_000 };
  const store = createPostgresStore(pool, settings);
  const explain = async (pattern: RegExp): Promise<PlanNode[]> => {
    const statement = sent.find(({ text }) => pattern.test(text));
    if (statement === undefined) throw new Error("No such statement was sent.");
    await client.query("BEGIN");
    const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${statement.text}`,
      statement.values,
    );
    await client.query("ROLLBACK");
    return rows.flatMap((row) => flatten(row["QUERY PLAN"][0].Plan));
  };
  return {
    store,
    explain,
    client,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await client.end();
    },
  };
}

describe("query plans", () => {
  it("cost a claim what is due, not what is stored", async () => {
    await using database = await createTestDatabase();
    await (await openPostgresStore({ url: database.url }))[Symbol.asyncDispose]();
    await using bench = await openExplaining(database.url);
    await bench.client.query(FILL);
    const claimed = await bench.store.claimDue({ owner: "w", now: NOW, leaseMs: 60_000, limit: 100 });
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

  it("search an index in every statement that people and workers wait for", async () => {
    await using database = await createTestDatabase();
    await (await openPostgresStore({ url: database.url }))[Symbol.asyncDispose]();
    await using bench = await openExplaining(database.url);
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
