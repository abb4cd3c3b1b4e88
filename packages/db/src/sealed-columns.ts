import type { Column, SQL } from "drizzle-orm";

import { sql } from "./drizzle.ts";
import type { SealedColumn } from "./store/sealed-columns.ts";

/** The columns that hold sealed texts. */
export const SEALED_COLUMNS = [
  "connections.sealed_token",
  "connections.previous_sealed_token",
  "sign_in_attempts.sealed_choice",
  "sinks.sealed_settings",
  "sink_farewells.sealed_settings",
] as const satisfies readonly SealedColumn[];

/** A value for each of them. */
export type BySealedColumn<Value> = Record<SealedColumn, Value>;

/** Makes a value for each of them. */
export function forEachSealedColumn<Value>(make: (column: SealedColumn) => Value): BySealedColumn<Value> {
  return Object.fromEntries(SEALED_COLUMNS.map((column) => [column, make(column)])) as BySealedColumn<Value>;
}

/** Whether a text names its key: version, key id, and what follows. */
export function namesKey(sealed: Column): SQL {
  return sql`${sealed} like 'v1.%.%'`;
}
