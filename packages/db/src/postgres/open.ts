import type { Pool } from "pg";

import type { Store } from "../store.ts";
import { parsePostgresAddress } from "./address.ts";
import { PostgresFault } from "./faults.ts";
import { migrate } from "./migrate.ts";
import { withPatience } from "./patience.ts";
import { openPool } from "./pool.ts";
import { createPostgresStore } from "./store.ts";

const DEFAULT_BUSY_TIMEOUT_MS = 5_000;
/** A server that has not answered for this many busy times will not: it would have given up itself by then. */
const ANSWER_FACTOR = 3;

/** How to open a Postgres store. */
export type PostgresStoreOptions = {
  /** `postgresql://user:password@host/database`; `?pool_max=` says how many connections this process may have. */
  url: string;
  /** A clock in the place of the database's for leases, in milliseconds since 1970: for tests. */
  leaseNow?: () => number;
  /** How long a call waits for locks, for a server that restarts, or for a conflict to pass. */
  busyTimeoutMs?: number;
};

/**
 * Opens a Postgres database and migrates it. Works through a pooler in transaction mode: nothing is kept on a
 * connection, and no statement has a name.
 *
 * @throws {RangeError} when the address is none.
 * @throws {StoreError} `schema_newer` when a newer version has migrated it, `busy` and `unavailable` as the
 *   store itself.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const busyTimeoutMs = options.busyTimeoutMs ?? DEFAULT_BUSY_TIMEOUT_MS;
  const { pool, connectionString } = await openMigratedPool(options.url, busyTimeoutMs);
  return createPostgresStore(pool, { connectionString, leaseClock: options.leaseNow, busyTimeoutMs });
}

/** Connections to a database that has the schema of this version. @throws as `openPostgresStore` */
export async function openMigratedPool(
  url: string,
  busyTimeoutMs: number,
): Promise<{ pool: Pool; connectionString: string }> {
  const address = parsePostgresAddress(url);
  const pool = openPool(address, busyTimeoutMs * ANSWER_FACTOR);
  try {
    const migrateOnce = async (): Promise<void> => {
      const client = await pool.connect().catch((error: unknown) => {
        throw new PostgresFault(error, "not_sent");
      });
      try {
        await migrate(client);
      } finally {
        client.release(client.getTransactionStatus() !== "I");
      }
    };
    await withPatience(migrateOnce, { forMs: busyTimeoutMs, isRepeatable: true });
  } catch (error) {
    await pool.end();
    throw error;
  }
  return { pool, connectionString: address.connectionString };
}
