import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Where a database is. */
export type DatabaseAddress = { engine: "postgres"; url: string } | { engine: "sqlite"; file: string };

/**
 * Reads a database address.
 *
 * @throws {RangeError} on one that this version does not support; it may hold a password, so no message repeats it.
 */
export function parseAddress(databaseUrl: string, baseDirectory: string): DatabaseAddress {
  if (isPostgres(databaseUrl)) return { engine: "postgres", url: databaseUrl };
  return { engine: "sqlite", file: fileOf(databaseUrl, baseDirectory) };
}

function isPostgres(databaseUrl: string): boolean {
  return /^postgres(ql)?:/i.test(databaseUrl);
}

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
