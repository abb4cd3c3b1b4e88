import { openExplainingStore, type ExplainingStore } from "@perennial/db/testing";

import { CLAIM_DUE } from "../due/subject.ts";
import { median } from "../lib/statistics.ts";
import { table } from "../lib/table.ts";
import { EVERYTHING_DUE } from "../lib/renew.ts";

const CLAIMS = 15;
const LIMIT = 16;
/** Shares of all connections that are renewed between two looks at the claim. */
const SHARES = [0.1, 0.2, 0.3] as const;

/** Prints what a claim costs after renewals that no vacuum has cleared away yet: it walks over what they left. */
export async function reportUnvacuumed(url: string, stored: number, now: Date): Promise<void> {
  await using explaining = await openExplainingStore(url);
  const { client } = explaining;
  await client.query("ALTER TABLE connections SET (autovacuum_enabled = false)");
  const rows = [await rowOf("as filled", explaining, now)];
  let renewed = 0;
  for (const share of SHARES) {
    const count = Math.round(share * stored);
    renewed += count;
    await client.query(
      `UPDATE connections SET version = version + 1, next_refresh_at = next_refresh_at + interval '28.5 days'
       WHERE id IN (SELECT id FROM connections WHERE status = 'active' ORDER BY next_refresh_at LIMIT ${count})`,
    );
    rows.push(await rowOf(`after ${renewed} renewals`, explaining, now));
  }
  await client.query("VACUUM connections");
  rows.push(await rowOf("after a vacuum", explaining, now));
  const heading = [`claim ${LIMIT}, ${stored} connections, no vacuum`, "first", "median", "buffers"];
  console.log(`${table([heading, ...rows])}\n`);
}

async function rowOf(what: string, { store, explain }: ExplainingStore, now: Date): Promise<string[]> {
  const times: number[] = [];
  for (let index = 0; index <= CLAIMS; index += 1) {
    const startedMs = performance.now();
    const claimed = await store.claimDue({
      owner: "bench",
      now,
      leaseMs: 60_000,
      limit: LIMIT,
      of: EVERYTHING_DUE,
    });
    times.push(performance.now() - startedMs);
    await Promise.all(claimed.map(({ lease }) => store.releaseLease(lease, null)));
  }
  const [root] = await explain(CLAIM_DUE);
  const buffers = (root?.["Shared Hit Blocks"] ?? 0) + (root?.["Shared Read Blocks"] ?? 0);
  const [first = Number.NaN, ...rest] = times;
  return [what, `${first.toFixed(1)} ms`, `${median(rest).toFixed(1)} ms`, String(buffers)];
}
