import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";

import { and, asc, count, eq, ne, or, sql } from "../drizzle.ts";
import { NO_LEASE, columnsOfMovedTable, keyTuple, keyValues, tuple } from "../move/columns-of-moved-table.ts";
import type { MovedKey, MovedRow, MovedTable } from "../move/rows.ts";
import { slot } from "../slots.ts";
import type { Engine } from "./engine.ts";
import {
  alertDeliveries,
  alerts,
  apiKeys,
  appBreakers,
  auditEvents,
  connections,
  erasures,
  identities,
  keyChecks,
  metaCallbacks,
  refreshAttempts,
  sessions,
  signInAttempts,
  sinkDeliveries,
  sinkFarewells,
  sinks,
  users,
} from "./schema.ts";

/** The tables that move, as this engine has them. */
export const movedTables: Record<MovedTable, SQLiteTable> = {
  users,
  identities,
  connections,
  sessions,
  signInAttempts,
  refreshAttempts,
  alerts,
  alertDeliveries,
  appBreakers,
  apiKeys,
  sinks,
  sinkDeliveries,
  sinkFarewells,
  metaCallbacks,
  erasures,
  auditEvents,
  keyChecks,
};

/** What a move does with one table. */
export type MovedTableStatements = {
  count: () => number;
  page: (after: MovedKey | null, limit: number) => MovedRow[];
  upsert: (row: MovedRow) => void;
  remove: (key: MovedKey) => void;
  /** Removes another row that holds what has to be unique in this one. */
  makeRoom: (row: MovedRow) => void;
};

/** Prepares the statements of a table once. */
export function prepareMovedTable(db: Engine["db"], name: MovedTable): MovedTableStatements {
  const table = movedTables[name];
  const columns = columnsOfMovedTable<SQLiteColumn>(name, table);
  const { carried, key, unique, excluded } = columns;
  const slots = Object.fromEntries(
    Object.entries(carried).map(([name, column]) => [name, slot(column, name)]),
  );
  const keySlots = tuple(key.map(({ name }) => sql.placeholder(name)));

  const page = db
    .select(carried)
    .from(table)
    .where(sql`${keyTuple(columns)} > ${keySlots}`)
    .orderBy(...key.map(({ column }) => asc(column)))
    .limit(sql.placeholder("limit"))
    .prepare();
  const upsert = db
    .insert(table)
    .values("leaseOwner" in columns.all ? { ...slots, ...NO_LEASE } : slots)
    .onConflictDoUpdate({ target: key.map(({ column }) => column), set: excluded })
    .prepare();
  const remove = db
    .delete(table)
    .where(and(...key.map(({ name, column }) => eq(column, slot(column, name)))))
    .prepare();
  const isOther = or(...key.map(({ name, column }) => ne(column, slot(column, name))));
  const makeRoom =
    unique === null
      ? null
      : db
          .delete(table)
          .where(and(eq(unique.column, slot(unique.column, unique.name)), isOther))
          .prepare();

  return {
    count: () => db.select({ rows: count() }).from(table).get()?.rows ?? 0,
    page: (after, limit) => page.all({ ...keyValues(columns, after), limit }) as MovedRow[],
    upsert: (row) => void upsert.run({ ...row }),
    remove: (values) => void remove.run(keyValues(columns, values)),
    makeRoom: (row) => void makeRoom?.run({ ...row }),
  };
}
