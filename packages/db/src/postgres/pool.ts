import { Pool } from "pg";

import type { PostgresAddress } from "./address.ts";

/** How long to wait for a connection, new or given back, before a call fails as `busy` or `unavailable`. */
const CONNECT_TIMEOUT_MS = 5_000;
/** A connection nobody needed for this long is closed. */
const IDLE_TIMEOUT_MS = 30_000;
/** A connection is not kept for longer, so that a failover or a pooler can move the load. */
const LIFETIME_SECONDS = 1_800;

/**
 * A pool whose connections carry no state of their own, so that each may be another one of the server's
 * behind a pooler. Statements are sent without waiting for the answer to the one before (`pipeline`): a whole
 * transaction is one round trip. Nothing is set when a connection starts: poolers refuse what they do not
 * know; time limits travel in the transactions, and `answerTimeoutMs` is kept here.
 */
export function openPool(address: PostgresAddress, answerTimeoutMs: number): Pool {
  const pool = new Pool({
    connectionString: address.connectionString,
    max: address.poolMax,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    maxLifetimeSeconds: LIFETIME_SECONDS,
    query_timeout: answerTimeoutMs,
    keepAlive: true,
    pipeline: true,
  });
  // A connection that is lost says so to whoever uses it next; an event that nobody hears ends the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}
