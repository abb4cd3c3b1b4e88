import { parseAddress } from "../address.ts";
import type { Movable } from "./movable.ts";

/** As for a server; three times as long for any answer of Postgres. */
const BUSY_TIMEOUT_MS = 5_000;

/** How to open one end of a move. */
export type OpenMovableOptions = {
  /** What a relative path in the address is relative to. */
  baseDirectory: string;
  /** Whether a file that is not there is made: at the target. */
  mayCreate: boolean;
  /** The clock leases go by in a SQLite file, in milliseconds since 1970. */
  leaseNow?: () => number;
};

/**
 * Opens a database as one end of a move, and migrates it to the schema of this version.
 *
 * @throws {RangeError} on an address that this version does not support, or of a database in memory.
 * @throws {MoveError} `wrong_house` where there is no file to move from.
 * @throws {StoreError} as `openStore`.
 */
export async function openMovable(databaseUrl: string, options: OpenMovableOptions): Promise<Movable> {
  const { baseDirectory, mayCreate, leaseNow = Date.now } = options;
  const address = parseAddress(databaseUrl, baseDirectory);
  if (address.engine === "postgres") {
    const { openPostgresMovable } = await import("../postgres/movable.ts");
    return openPostgresMovable({ url: address.url, busyTimeoutMs: BUSY_TIMEOUT_MS });
  }
  if (address.file === ":memory:") {
    throw new RangeError("A database in memory can be neither moved nor moved into.");
  }
  const { openSqliteMovable } = await import("../sqlite/movable.ts");
  return openSqliteMovable({ file: address.file, mayCreate, leaseNow, busyTimeoutMs: BUSY_TIMEOUT_MS });
}
