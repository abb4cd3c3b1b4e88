import { parseAddress } from "./address.ts";
import type { SqliteStoreOptions } from "./sqlite/open.ts";
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
  // Only the engine that is used is loaded: each takes a good part of a process's start.
  if (address.engine === "postgres") {
    const { openPostgresStore } = await import("./postgres/open.ts");
    return openPostgresStore({ ...storeOptions, url: address.url });
  }
  const { openSqliteStore } = await import("./sqlite/open.ts");
  return openSqliteStore({ ...storeOptions, file: address.file });
}
