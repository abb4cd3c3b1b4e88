import { MOVED_TABLE_NAMES, type MovedTable } from "../move/rows.ts";

/** What a backup leaves out: whoever was signed in, or about to be, signs in anew, and farewells are said by then. */
const LEFT_OUT: readonly MovedTable[] = ["sessions", "signInAttempts", "sinkFarewells"];

/** The tables of a backup, owners first. */
export const BACKED_UP_TABLES: readonly MovedTable[] = MOVED_TABLE_NAMES.filter(
  (table) => !LEFT_OUT.includes(table),
);
