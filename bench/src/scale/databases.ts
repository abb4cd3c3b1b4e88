import { openExplainingStore, type PostgresServer } from "@perennial/db/testing";

import { connectTo } from "../lib/connect-postgres.ts";
import { fillPostgres } from "../lib/fill-postgres.ts";
import { fillSqlite } from "../lib/fill-sqlite.ts";
import { FILLED_AT, ROUND_DAYS, type Filling } from "../lib/stored-connections.ts";
import { table } from "../lib/table.ts";
import { CLAIM_DUE } from "../due/subject.ts";
import { reportFeed } from "./feed.ts";
import { copyIntoPartitions, measurePartitions } from "./partitions.ts";
import { renewEverything } from "./renewals.ts";
import { reportUnvacuumed } from "./unvacuumed.ts";
import { EVERYTHING_DUE } from "../lib/renew.ts";

const DAY_MS = 86_400_000;
/** Nearly everything is due. */
const LATE = new Date(FILLED_AT.getTime() + ROUND_DAYS * DAY_MS);
const FILLFACTORS = [100, 85, 70] as const;

/** Prints what the change feed costs on both engines. */
export async function reportFeeds(server: PostgresServer, file: string, filling: Filling): Promise<void> {
  await fillSqlite(file, filling);
  await reportFeed("SQLite", `file:${file}`);
  await reportFeed("Postgres", await fillPostgres(server.url, filling));
}

/** Prints claims by four claimants on one table and on sixteen partitions. */
export async function reportPartitions(
  server: PostgresServer,
  filling: Filling,
  rounds: number,
): Promise<void> {
  const url = await fillPostgres(server.url, filling);
  await using explaining = await openExplainingStore(url);
  const claim = { owner: "bench", now: LATE, leaseMs: 600_000, limit: 16, of: EVERYTHING_DUE };
  for (const { lease } of await explaining.store.claimDue(claim)) {
    await explaining.store.releaseLease(lease, null);
  }
  await copyIntoPartitions(explaining.client);
  console.log(await measurePartitions(url, explaining.lastSent(CLAIM_DUE), rounds));
}

/** Prints what a claim costs between two vacuums. */
export async function reportVacuum(server: PostgresServer, filling: Filling): Promise<void> {
  await reportUnvacuumed(await fillPostgres(server.url, filling), filling.stored, LATE);
}

/** Prints how much of what renewals write stays within a page, by the fill factor of the connections. */
export async function reportFillfactors(server: PostgresServer, filling: Filling): Promise<void> {
  const rows: string[][] = [];
  for (const fillfactor of FILLFACTORS) {
    const url = await fillPostgres(server.url, filling);
    const client = await connectTo(url);
    await client.query(`ALTER TABLE connections SET (fillfactor = ${fillfactor})`);
    await client.query("VACUUM (FULL, ANALYZE) connections");
    await client.query("CHECKPOINT");
    const before = await stateOf(client);
    const perSecond = await renewEverything(url, LATE);
    const after = await stateOf(client);
    await client.end();
    rows.push([
      `fillfactor ${fillfactor}`,
      perSecond.toFixed(0),
      `${(((after.hot - before.hot) / (after.updated - before.updated)) * 100).toFixed(0)} %`,
      ((after.walBytes - before.walBytes) / filling.stored).toFixed(0),
      (before.bytes / filling.stored).toFixed(0),
      (after.bytes / filling.stored).toFixed(0),
    ]);
  }
  const heading = [
    `one round of renewals, ${filling.stored} connections`,
    "per second",
    "updates within a page",
    "log bytes each",
    "bytes each before",
    "after",
  ];
  console.log(`${table([heading, ...rows])}\n`);
}

type State = { updated: number; hot: number; walBytes: number; bytes: number };

async function stateOf(client: Awaited<ReturnType<typeof connectTo>>): Promise<State> {
  await new Promise((resolve) => setTimeout(resolve, 2_000)); // counts arrive a second late
  const { rows } = await client.query<Record<keyof State, string>>(
    `SELECT n_tup_upd AS updated, n_tup_hot_upd AS hot, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS "walBytes",
       pg_total_relation_size('connections') AS bytes
     FROM pg_stat_user_tables WHERE relname = 'connections'`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error("There is no table of connections.");
  return {
    updated: Number(row.updated),
    hot: Number(row.hot),
    walBytes: Number(row.walBytes),
    bytes: Number(row.bytes),
  };
}
