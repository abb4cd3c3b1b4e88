import type Database from "better-sqlite3";

import { getTableName } from "../drizzle.ts";
import type { Guard } from "../move/movable.ts";
import { MOVED_TABLE_NAMES, type MovedTable } from "../move/rows.ts";
import { movedTables } from "./moved-tables.ts";

const GUARD = "(SELECT guard FROM house)";
const REFUSE = "SELECT RAISE(ABORT, 'perennial_moved');";
const OPERATIONS = ["insert", "update", "delete"] as const;

/** Puts triggers on every table that moves, or takes them away: they hold for processes of any version. */
export function applyGuard(sqlite: Database.Database, guard: Guard): void {
  for (const table of MOVED_TABLE_NAMES) {
    for (const operation of OPERATIONS) {
      const name = `guard_${getTableName(movedTables[table])}_${operation}`;
      sqlite.exec(`DROP TRIGGER IF EXISTS ${name}`);
      if (guard !== "open") sqlite.exec(createTrigger(name, table, operation));
    }
  }
}

const HOUSE_IS_THERE = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'house'";

/** Runs a migration without the guard, which it may have to write past, or lose with a table that it rebuilds. */
export function withoutGuard(sqlite: Database.Database, migrateTables: () => void): void {
  const isThere = sqlite.prepare<[], number>(HOUSE_IS_THERE).pluck().get() === 1;
  const guard = isThere ? sqlite.prepare<[], Guard>("SELECT guard FROM house").pluck().get() : undefined;
  if (guard === undefined || guard === "open") {
    migrateTables();
    return;
  }
  applyGuard(sqlite, "open");
  migrateTables();
  applyGuard(sqlite, guard);
}

// The state is asked for each row, so that the move can open the guard for itself inside its transaction.
function createTrigger(name: string, table: MovedTable, operation: string): string {
  return `CREATE TRIGGER ${name} BEFORE ${operation} ON ${getTableName(movedTables[table])}
    WHEN ${GUARD} <> 'open' BEGIN ${bodyOf(table, operation)} END`;
}

function bodyOf(table: MovedTable, operation: string): string {
  const isClosed = `${GUARD} <> 'draining'`;
  const refuse = REFUSE.replace(";", ` WHERE ${isClosed};`);
  if (operation !== "update") return refuse;
  // When a session was last used is noted while a page is read, and reading goes on.
  if (table === "sessions") return `SELECT RAISE(IGNORE) WHERE ${isClosed};`;
  if (table !== "connections") return refuse;
  const takesLease = "NEW.lease_owner IS NOT NULL AND NEW.lease_owner IS NOT OLD.lease_owner";
  return `SELECT RAISE(IGNORE) WHERE ${GUARD} = 'draining' AND ${takesLease}; ${refuse}`;
}
