import type { SQL, Table } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";

import { getTableColumns, sql } from "../drizzle.ts";
import { slot as untypedSlot, type Slots } from "../slots.ts";

/** Slots that are named like the columns and take values of the columns' types, null included. */
export function slotsOf<SomeTable extends Table>(table: SomeTable): Slots<SomeTable> {
  const columns = Object.entries(getTableColumns(table)) as [string, PgColumn][];
  return Object.fromEntries(columns.map(([key, column]) => [key, slot(column, key)])) as Slots<SomeTable>;
}

/** A slot that says its type: Postgres does not guess one for a value that is only compared with null. */
export function slot(column: PgColumn, name: string): SQL {
  return sql`${untypedSlot(column, name)}::${sql.raw(column.getSQLType())}`;
}
