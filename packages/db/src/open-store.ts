import { parseAddress } from "./address.ts";
import { openPostgresStore } from "./postgres/open.ts";
import { openSqliteStore, type SqliteStoreOptions } from "./sqlite/open.ts";
import type { Store } from "./store.ts";

/** How to open a store, whatever its engine. */
export type OpenStoreOptions = Omit<SqliteStoreOptions, "file"> & {
  /** What a relative path in the address is relative to; the working directory unless given. */
  baseDirectory?: string;
};

/**
 * Opens the store a database address names: `file:./data/perennial.db`, `file:///var/lib/perennial.db`,
 * `file::memory:` or `postgresql://user:password@host/database`.
 *
 * @throws {RangeError} on an address that this version does not support.
 * @throws {StoreError} as `openSqliteStore` and `openPostgresStore`.
 */
export async function openStore(databaseUrl: string, options: OpenStoreOptions = {}): Promise<Store> {
  const { baseDirectory = process.cwd(), ...storeOptions } = options;
  const address = parseAddress(databaseUrl, baseDirectory);
  return address.engine === "postgres"
    ? openPostgresStore({ ...storeOptions, url: address.url })
    : openSqliteStore({ ...storeOptions, file: address.file });
}
