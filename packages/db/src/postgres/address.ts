/** What a database address says: how to connect, and how many connections one process may have. */
export type PostgresAddress = { connectionString: string; poolMax: number };

/** Three processes (api, worker, cli) stay well below the 100 connections of a Postgres as it is installed. */
const DEFAULT_POOL_MAX = 10;
const POOL_MAX = "pool_max";

/**
 * Reads a `postgresql://` address. `pool_max` is ours; the rest is the driver's.
 *
 * @throws {RangeError} when it is none. The address may hold a password, so no message repeats it.
 */
export function parsePostgresAddress(address: string): PostgresAddress {
  if (!URL.canParse(address)) throw new RangeError("The postgresql: database address is no URL.");
  const url = new URL(address);
  const given = url.searchParams.get(POOL_MAX);
  url.searchParams.delete(POOL_MAX);
  const poolMax = given === null ? DEFAULT_POOL_MAX : Number(given);
  if (!Number.isSafeInteger(poolMax) || poolMax < 1) {
    throw new RangeError("pool_max in the database address is a whole number from 1 on.");
  }
  return { connectionString: url.href, poolMax };
}
