import type { SentStatement } from "@perennial/db/testing";
import type { Client } from "pg";

import { connectTo } from "../lib/connect-postgres.ts";
import { median } from "../lib/statistics.ts";
import { table } from "../lib/table.ts";

const PARTITIONS = 16;
const SHARDS = 4;
const BATCH = 16;
const SEGMENT_MS = 3_000;

/**
 * Makes a copy of the connections in 16 partitions by the hash of their id, each with the indexes of the whole.
 * The unique account is left to the partitions: across them only the key of the partitioning can be unique.
 */
export async function copyIntoPartitions(client: Client): Promise<void> {
  await client.query("CREATE TABLE parted (LIKE connections INCLUDING DEFAULTS) PARTITION BY HASH (id)");
  for (let part = 0; part < PARTITIONS; part += 1) {
    await client.query(
      `CREATE TABLE parted_${part} PARTITION OF parted FOR VALUES WITH (MODULUS ${PARTITIONS}, REMAINDER ${part})`,
    );
  }
  await client.query("INSERT INTO parted SELECT * FROM connections");
  await client.query("ALTER TABLE parted ADD PRIMARY KEY (id)");
  await client.query("CREATE INDEX parted_due ON parted (next_refresh_at) WHERE status = 'active'");
  await client.query("CREATE INDEX parted_user ON parted (user_id, created_at)");
  await client.query("CREATE INDEX parted_account ON parted (account_id)");
  await client.query("VACUUM (ANALYZE) parted");
}

/** Connections claimed and renewed per second by four shards, on one table and on partitions of their own. */
export async function measurePartitions(url: string, claim: SentStatement, rounds: number): Promise<string> {
  const clients = await Promise.all(Array.from({ length: SHARDS }, () => connectTo(url)));
  try {
    const whole: number[] = [];
    const parted: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      whole.push(await runShards(clients, claim, () => ["connections"]));
      parted.push(await runShards(clients, claim, partitionsOf));
    }
    const vacuum = [await vacuumMs(clients[0], "connections"), await vacuumMs(clients[0], "parted_0")];
    const ratios = parted.map((rate, index) => rate / (whole[index] ?? Number.NaN));
    const row = (name: string, rates: number[], vacuumTime: number | undefined): string[] => [
      name,
      median(rates).toFixed(0),
      `${(vacuumTime ?? Number.NaN).toFixed(0)} ms`,
    ];
    const body = table([
      [`${SHARDS} claimants, ${BATCH} at a time`, "renewed per second", "VACUUM of one table"],
      row("one table", whole, vacuum[0]),
      row(`${PARTITIONS} partitions, ${PARTITIONS / SHARDS} for each claimant`, parted, vacuum[1]),
    ]);
    return `${body}\npartitions to one table, round by round: ${median(ratios).toFixed(2)} times (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})\n`;
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

function partitionsOf(shard: number): string[] {
  return Array.from({ length: PARTITIONS / SHARDS }, (_, index) => `parted_${shard + index * SHARDS}`);
}

async function runShards(
  clients: readonly Client[],
  claim: SentStatement,
  tablesOf: (shard: number) => string[],
): Promise<number> {
  const startedMs = performance.now();
  const counts = await Promise.all(
    clients.map((client, shard) =>
      claimAndRenew(client, ownedBy(shard, claim), tablesOf(shard), startedMs + SEGMENT_MS),
    ),
  );
  return (counts.reduce((all, count) => all + count, 0) / (performance.now() - startedMs)) * 1000;
}

/** The claim under an owner of the shard's own: whoever has an owner's name may take its leases again. */
function ownedBy(shard: number, { text, values }: SentStatement): SentStatement {
  const isOwner = (value: unknown): boolean => typeof value === "string" && value.startsWith("bench#");
  return { text, values: values.map((value) => (isOwner(value) ? `shard-${shard}` : value)) };
}

/** Claims by the store's own statement and renews the whole batch by one of our own, until the time is up. */
async function claimAndRenew(
  client: Client,
  claim: SentStatement,
  tables: readonly string[],
  untilMs: number,
): Promise<number> {
  let count = 0;
  for (let turn = 0; performance.now() < untilMs; turn += 1) {
    const name = tables[turn % tables.length] ?? "";
    const claimed = await client.query<{ id: string }>({
      text: claim.text.replaceAll('"connections"', `"${name}"`),
      values: claim.values,
    });
    if (claimed.rows.length !== BATCH) throw new Error(`A claim on ${name} got ${claimed.rows.length} rows.`);
    const renewed = await client.query(
      `UPDATE ${name} SET lease_owner = NULL, lease_until = NULL, version = version + 1,
         next_refresh_at = next_refresh_at + interval '28.5 days' WHERE id = ANY($1)`,
      [claimed.rows.map(({ id }) => id)],
    );
    count += renewed.rowCount ?? 0;
  }
  return count;
}

async function vacuumMs(client: Client | undefined, name: string): Promise<number> {
  const startedMs = performance.now();
  await client?.query(`VACUUM ${name}`);
  return performance.now() - startedMs;
}
