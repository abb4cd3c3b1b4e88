import type { PgColumn, PgTable } from "drizzle-orm/pg-core";

import { and, asc, count, inArray, not, sql } from "../drizzle.ts";
import { NO_LEASE, columnsOfMovedTable, keyTuple, keyValues, tuple } from "../move/columns-of-moved-table.ts";
import { keyOf, type MovedKey, type MovedRow, type MovedTable } from "../move/rows.ts";
import type { Engine, Statement } from "./engine.ts";
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
import { slot } from "./slots.ts";

/** The tables that move, as this engine has them. */
export const movedTables: Record<MovedTable, PgTable> = {
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
  count: Statement<{ rows: number }[]>;
  page: Statement<unknown[]>;
  /** What fills the slots of `page`. */
  pageValues: (after: MovedKey | null, limit: number) => Record<string, unknown>;
  /** What has to be executed, in this order, for rows to go and rows to come. */
  write: (upserts: readonly MovedRow[], deletes: readonly MovedKey[]) => Statement<unknown>[];
};

/** Builds the statements of a table; those that write anew for each batch, which varies in size. */
export function prepareMovedTable(db: Engine["db"], name: MovedTable): MovedTableStatements {
  const table = movedTables[name];
  const columns = columnsOfMovedTable<PgColumn>(name, table);
  const { carried, key, unique, excluded } = columns;
  const keySlots = tuple(key.map(({ name, column }) => slot(column, name)));
  const isOneOf = (keys: readonly MovedKey[]) => sql`${keyTuple(columns)} in ${tuple(keys.map(tuple))}`;

  const remove = (keys: readonly MovedKey[]) => db.delete(table).where(isOneOf(keys)).prepare("");
  const makeRoom = (rows: readonly MovedRow[]) => {
    if (unique === null) return [];
    const taken = inArray(
      unique.column,
      rows.map((row) => row[unique.name]),
    );
    const isOther = not(isOneOf(rows.map((row) => keyOf(name, row))));
    return [db.delete(table).where(and(taken, isOther)).prepare("")];
  };
  const upsert = (rows: readonly MovedRow[]) =>
    db
      .insert(table)
      .values(rows.map((row) => ("leaseOwner" in columns.all ? { ...row, ...NO_LEASE } : { ...row })))
      .onConflictDoUpdate({ target: key.map(({ column }) => column), set: excluded })
      .prepare("");

  return {
    count: db.select({ rows: count() }).from(table).prepare(""),
    page: db
      .select(carried)
      .from(table)
      .where(sql`${keyTuple(columns)} > ${keySlots}`)
      .orderBy(...key.map(({ column }) => asc(column)))
      .limit(sql.placeholder("limit"))
      .prepare(""),
    pageValues: (after, limit) => ({ ...keyValues(columns, after), limit }),
    write: (upserts, deletes) => [
      ...(deletes.length > 0 ? [remove(deletes)] : []),
      ...(upserts.length > 0 ? [...makeRoom(upserts), upsert(upserts)] : []),
    ],
  };
}
