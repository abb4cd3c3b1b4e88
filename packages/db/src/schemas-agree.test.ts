import type { Table } from "drizzle-orm";
import { describe, expect, it } from "vitest";

import { getTableColumns, getTableName, is } from "./drizzle.ts";
import { getTableConfig as postgresConfig, PgTable } from "./postgres/drizzle.ts";
import * as postgres from "./postgres/schema.ts";
import { getTableConfig as sqliteConfig, SQLiteTable } from "./sqlite/drizzle.ts";
import * as sqlite from "./sqlite/schema.ts";

/** What can be read from each table of a schema, and what can be written. */
type Shapes<Schema> = {
  [Name in keyof Schema as Schema[Name] extends Table ? Name : never]: Schema[Name] extends Table
    ? { select: Flat<Schema[Name]["$inferSelect"]>; insert: Flat<Schema[Name]["$inferInsert"]> }
    : never;
};
type Flat<Shape> = { [Key in keyof Shape]: Shape[Key] };
type Same<Left, Right> = [Left] extends [Right] ? ([Right] extends [Left] ? true : false) : false;

// The compiler refuses this line as soon as a table, a column or a type is not the same in both engines.
const areSame: Same<Shapes<typeof sqlite>, Shapes<typeof postgres>> = true;

type Constraints = {
  uniqueConstraints: { columns: { name: string }[] }[];
  primaryKeys: { columns: { name: string }[] }[];
};

/** Names, nullability and uniqueness of a table, whatever its engine. */
function describeTable(table: Table, constraints: Constraints) {
  const columns = Object.entries(getTableColumns(table));
  const namesOf = (list: { columns: { name: string }[] }[]) =>
    list.map((each) => each.columns.map((column) => column.name));
  const unique = columns.filter(([, column]) => column.isUnique).map(([, column]) => [column.name]);
  return {
    name: getTableName(table),
    columns: columns.map(([key, column]) => ({
      key,
      name: column.name,
      isRequired: column.notNull,
      hasDefault: column.hasDefault,
      isKey: column.primary,
    })),
    unique: [...unique, ...namesOf(constraints.uniqueConstraints)].map(String).sort(),
    keys: namesOf(constraints.primaryKeys),
  };
}

function foreignKeysOf(
  keys: readonly {
    reference(): { foreignTable: Table; foreignColumns: { name: string }[]; columns: { name: string }[] };
    onDelete?: string | undefined;
  }[],
) {
  return keys.map((key) => {
    const { columns, foreignTable, foreignColumns } = key.reference();
    const names = (list: { name: string }[]) => list.map((column) => column.name);
    return {
      columns: names(columns),
      to: getTableName(foreignTable),
      at: names(foreignColumns),
      onDelete: key.onDelete,
    };
  });
}

describe("the two schemas", () => {
  it("DB-09 have the same tables, columns, nullability, keys and uniqueness", () => {
    const ofSqlite = Object.values(sqlite)
      .filter((each) => is(each, SQLiteTable))
      .map((table) => {
        const config = sqliteConfig(table);
        return {
          ...describeTable(table, config),
          foreignKeys: foreignKeysOf(config.foreignKeys),
          checks: config.checks.map((check) => check.name),
        };
      });
    const ofPostgres = Object.values(postgres)
      .filter((each) => is(each, PgTable))
      .map((table) => {
        const config = postgresConfig(table);
        return {
          ...describeTable(table, config),
          foreignKeys: foreignKeysOf(config.foreignKeys),
          checks: config.checks.map((check) => check.name),
        };
      });
    expect(areSame).toBe(true);
    expect(ofPostgres).toHaveLength(21);
    expect(ofPostgres).toEqual(ofSqlite);
  });
});
