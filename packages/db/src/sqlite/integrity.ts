import type Database from "better-sqlite3";
import { statSync } from "node:fs";

import { StoreError } from "../store-error.ts";

const MEGABYTE = 1024 ** 2;
/** About 200 MB are checked per second: every page, every row's place in every index. */
const CHECKED_WHOLE_BYTES = 128 * MEGABYTE;
/** About 450 MB per second: every page and every row, without the indexes' agreement. */
const CHECKED_QUICKLY_BYTES = 1024 * MEGABYTE;

/**
 * Looks for damage before anything is written. It takes two seconds at most on a machine of today: a larger
 * file is checked less, and one above 1 GB not at all; its damage is found when it is read, and ends all writes.
 * SQLite keeps no checksums, so a byte that changed inside a name or a number goes unnoticed; in a sealed token
 * it is noticed when that is opened.
 *
 * @throws {StoreError} `corrupt`
 * @see https://sqlite.org/pragma.html#pragma_integrity_check
 */
export function refuseDamaged(sqlite: Database.Database): void {
  if (sqlite.memory) return;
  const { size } = statSync(sqlite.name);
  if (size > CHECKED_QUICKLY_BYTES) return;
  const check = size > CHECKED_WHOLE_BYTES ? "quick_check" : "integrity_check";
  if (sqlite.pragma(`${check}(1)`, { simple: true }) === "ok") return;
  throw new StoreError(
    "corrupt",
    "The database file is damaged. Nothing was written to it: restore a backup in its place.",
  );
}
