import { startPostgresServer, type PostgresServer } from "@perennial/db/testing";

/** A server as an operator runs it: nothing acknowledged is lost. Memory and log are sized for this machine. */
const SETTINGS = {
  fsync: "on",
  full_page_writes: "on",
  autovacuum: "on",
  shared_buffers: "1GB",
  max_wal_size: "4GB",
  checkpoint_timeout: "15min",
  max_connections: "200",
};

/** Starts a Postgres server whose commits are as durable as in production, in the system's temporary folder. */
export function startBenchPostgres(): Promise<PostgresServer> {
  return startPostgresServer({ settings: SETTINGS });
}

/** The settings as one line: a figure depends on them. */
export const POSTGRES_SETTINGS = Object.entries(SETTINGS)
  .map(([name, value]) => `${name} ${value}`)
  .join(", ");
