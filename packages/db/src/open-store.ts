import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

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
  if (isPostgres(databaseUrl)) return openPostgresStore({ ...storeOptions, url: databaseUrl });
  return openSqliteStore({ ...storeOptions, file: fileOf(databaseUrl, baseDirectory) });
}

function isPostgres(databaseUrl: string): boolean {
  return /^postgres(ql)?:/i.test(databaseUrl);
}

// The address may hold a password, so no message repeats it.
function fileOf(databaseUrl: string, baseDirectory: string): string {
  if (!databaseUrl.startsWith("file:")) {
    throw new RangeError(
      "The database address is not supported by this version; it has to begin with file: or postgresql:",
    );
  }
  const path = databaseUrl.slice("file:".length);
  if (path === ":memory:") return path;
  if (path === "" || /[?#]/.test(path)) {
    throw new RangeError("A file: database address is a path, without a question mark or a hash sign.");
  }
  return resolve(baseDirectory, path.startsWith("//") ? pathOfUrl(databaseUrl) : path);
}

function pathOfUrl(databaseUrl: string): string {
  try {
    return fileURLToPath(databaseUrl);
  } catch {
    // Node's own error repeats parts of the address.
    throw new RangeError("A file:// database address has to name a path on this machine.");
  }
}
