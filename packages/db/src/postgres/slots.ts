import type { SQL, Table } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";

import { getTableColumns, sql } from "../drizzle.ts";
import { slot as untypedSlot, type Slots } from "../slots.ts";

/** Slots that are named like the columns and take values of the columns' types, null included. */
export function slotsOf<SomeTable extends Table>(table: SomeTable): Slots<SomeTable> {
  const columns = Object.entries(getTableColumns(table)) as [string, PgColumn][];
  return Object.fromEntries(columns.map(([key, column]) => [key, slot(column, key)])) as Slots<SomeTable>;
}

/** Slots for a whole row that is selected, in the order of the table and under a prefix or none. */
export function namedSlots(table: Table, prefix = "") {
  const columns = Object.entries(getTableColumns(table)) as [string, PgColumn][];
  const named = columns.map(([key, column]) => [key, slot(column, `${prefix}${key}`).as(column.name)]);
  return Object.fromEntries(named) as never; // which is how Drizzle takes them for any table's row
}

/** A slot that says its type: Postgres does not guess one for a value that is only compared with null. */
export function slot(column: PgColumn, name: string): SQL {
  return sql`${untypedSlot(column, name)}::${sql.raw(column.getSQLType())}`;
}
