import { Client } from "pg";

import type { Store } from "../../store.ts";
import { parsePostgresAddress } from "../address.ts";
import { openPool } from "../pool.ts";
import { createPostgresStore } from "../store.ts";

/** One step of a plan, as `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)` gives it. */
export type PlanNode = {
  "Node Type": string;
  "Index Name"?: string;
  "Relation Name"?: string;
  "Actual Rows"?: number;
  "Rows Removed by Filter"?: number;
  "Shared Hit Blocks"?: number;
  "Shared Read Blocks"?: number;
  Plans?: PlanNode[];
};

/** A store, and the plan of any statement that it has sent. */
export type ExplainingStore = AsyncDisposable & {
  store: Store;
  /** Another connection to the same database. */
  client: Client;
  /** Runs a statement again as it was last sent, undoes it, and answers the steps of its plan, the root first. */
  explain: (pattern: RegExp) => Promise<PlanNode[]>;
  /** A statement as it was last sent. */
  lastSent: (pattern: RegExp) => SentStatement;
};

/** A statement with its values. */
export type SentStatement = { text: string; values: unknown[] };

/** Opens a store on a migrated database and notes what it sends. */
export async function openExplainingStore(url: string): Promise<ExplainingStore> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const pool = openPool(parsePostgresAddress(url), 10_000);
  const sent = new Map<string, unknown[]>();
  pool.on("connect", (connection) => {
    const query = connection.query.bind(connection) as (...args: unknown[]) => unknown;
    const noting = (...args: unknown[]): unknown => {
      const [config, values] = args;
      const isStatement = typeof config === "object" && config !== null && "text" in config;
      if (isStatement) sent.set(String(config.text), values as unknown[]);
      return query(...args);
    };
    connection.query = noting as typeof connection.query;
  });
  const store = createPostgresStore(pool, {
    connectionString: url,
    leaseClock: undefined,
    busyTimeoutMs: 5_000,
  });
  const lastSent = (pattern: RegExp): SentStatement => {
    const statement = [...sent].find(([text]) => pattern.test(text));
    if (statement === undefined) throw new Error("No such statement was sent.");
    return { text: statement[0], values: statement[1] };
  };
  return {
    store,
    client,
    lastSent,
    explain: async (pattern) => {
      const { text, values } = lastSent(pattern);
      await client.query("BEGIN");
      const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
        `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
        values,
      );
      await client.query("ROLLBACK");
      return rows.flatMap((row) => flatten(row["QUERY PLAN"][0].Plan));
    },
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await client.end();
    },
  };
}

function flatten(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}
