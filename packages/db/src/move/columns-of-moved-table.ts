import type { Column, SQL, Table } from "drizzle-orm";

import { getTableColumns, sql } from "../drizzle.ts";
import { without } from "../without.ts";
import { MOVED_TABLES, type MovedKey, type MovedTable } from "./rows.ts";

/** The columns of a table as a move needs them. */
export type MovedColumns<SomeColumn extends Column> = {
  all: Record<string, SomeColumn>;
  /** All but a lease, which is not carried over. */
  carried: Record<string, SomeColumn>;
  key: readonly { name: string; column: SomeColumn }[];
  unique: { name: string; column: SomeColumn } | null;
  /** For an upsert: each column as the row that could not be inserted has it. */
  excluded: Record<string, SQL>;
};

/** What a row that is carried over has in the place of a lease. */
export const NO_LEASE = { leaseOwner: null, leaseUntil: null };

/** Looks the columns of a moved table up in an engine's own schema. */
export function columnsOfMovedTable<SomeColumn extends Column>(
  name: MovedTable,
  table: Table,
): MovedColumns<SomeColumn> {
  const all = getTableColumns(table) as unknown as Record<string, SomeColumn>;
  const facts = MOVED_TABLES[name] as { key: readonly string[]; unique?: string };
  const named = (name: string) => {
    const column = all[name];
    if (column === undefined) throw new Error(`A moved table has no column ${name}.`);
    return { name, column };
  };
  return {
    all,
    carried: "leaseOwner" in all ? without(all, "leaseOwner", "leaseUntil") : all,
    key: facts.key.map(named),
    unique: facts.unique === undefined ? null : named(facts.unique),
    excluded: Object.fromEntries(
      Object.entries(all).map(([key, { name }]) => [key, sql`excluded.${sql.identifier(name)}`]),
    ),
  };
}

/** The values of a key under the names of its columns; null stands for the one before all keys. */
export function keyValues({ key }: MovedColumns<Column>, values: MovedKey | null): Record<string, string> {
  return Object.fromEntries(key.map(({ name }, at) => [name, values?.[at] ?? ""]));
}

/** The columns of a key as one value, to be compared with another. */
export function keyTuple({ key }: MovedColumns<Column>): SQL {
  return tuple(key.map(({ column }) => column));
}

/** Several values as one. */
export function tuple(parts: readonly unknown[]): SQL {
  return sql`(${sql.join(
    parts.map((part) => sql`${part}`),
    sql`, `,
  )})`;
}
