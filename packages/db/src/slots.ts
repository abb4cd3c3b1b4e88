import type { Column as ColumnType, DriverValueEncoder, SQL, Table } from "drizzle-orm";

import { Column, getTableColumns, noopEncoder, sql } from "./drizzle.ts";

/** A slot of a prepared statement per column of a table. */
export type Slots<SomeTable extends Table> = { [Key in keyof SomeTable["_"]["columns"]]: SQL };

/** Slots that are named like the columns and take values of the columns' types, null included. */
export function slotsOf<SomeTable extends Table>(table: SomeTable): Slots<SomeTable> {
  const columns = Object.entries(getTableColumns(table));
  return Object.fromEntries(columns.map(([key, column]) => [key, slot(column, key)])) as Slots<SomeTable>;
}

/** A slot for a value of a column's type under a name of its own. */
export function slot(column: ColumnType, name: string): SQL {
  return sql`${sql.param(sql.placeholder(name), encoderOf(column))}`;
}

function encoderOf(column: ColumnType): DriverValueEncoder<unknown, unknown> {
  if (column.mapToDriverValue === Column.prototype.mapToDriverValue) return noopEncoder; // which costs nothing
  // Drizzle's own encoders know no null in prepared statements.
  return { mapToDriverValue: (value) => (value === null ? null : column.mapToDriverValue(value)) };
}
