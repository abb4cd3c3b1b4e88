import type Database from "better-sqlite3";

import { is, NoopLogger } from "../drizzle.ts";
import type { Prepared, Values } from "../prepare-when-run.ts";
import { parameterReader } from "./parameter-reader.ts";
import { rowMaker, type SelectedField } from "./row-maker.ts";

/** A prepared statement as Drizzle has it for SQLite. */
export type PreparedStatement = Prepared<"run" | "get" | "all" | "values">;

/** What is read of one, none of which Drizzle promises to keep. */
type Internals = {
  stmt: Database.Statement<unknown[], unknown[]>;
  query: { params: readonly unknown[] };
  fields: readonly SelectedField[] | undefined;
  customResultMapper: unknown;
  logger: unknown;
};

/**
 * Reads once what Drizzle looks up anew at each run: the kind of each parameter, and how each column is decoded and
 * where it goes. That was a third of what a small statement costs. It answers and fails as Drizzle's own does.
 *
 * Null for what is left to Drizzle: rows with objects in them (the page of people), results of its relational queries,
 * a logger, and statements of a version that keeps them in another way.
 */
export function compileStatement(prepared: PreparedStatement): PreparedStatement | null {
  if (!hasInternals(prepared)) return null;
  const { stmt, query, fields, customResultMapper, logger } = prepared;
  if (customResultMapper !== undefined || !is(logger, NoopLogger)) return null;
  const toRow = fields === undefined ? null : rowMaker(fields);
  if (fields !== undefined && toRow === null) return null;

  const read = parameterReader(query.params);
  const run = (values?: Values) => stmt.run(...read(values));
  if (toRow === null) return { run, get: own("get"), all: own("all"), values: own("values") };

  stmt.raw(true);
  return {
    run,
    get: (values) => {
      const row = stmt.get(...read(values));
      return row === undefined ? undefined : toRow(row);
    },
    all: (values) => stmt.all(...read(values)).map(toRow),
    values: (values) => stmt.all(...read(values)),
  };

  function own(method: "get" | "all" | "values"): (values?: Values) => unknown {
    return (values) => prepared[method](values);
  }
}

/** The same, with Drizzle's own statement where there is none that is compiled. */
export function compiledOrOwn(prepared: PreparedStatement): PreparedStatement {
  return compileStatement(prepared) ?? prepared;
}

function hasInternals(prepared: PreparedStatement): prepared is PreparedStatement & Internals {
  const { stmt, query, fields } = prepared as Partial<Internals>;
  return (
    typeof stmt?.raw === "function" &&
    Array.isArray(query?.params) &&
    (fields === undefined || Array.isArray(fields)) &&
    ["fields", "customResultMapper", "logger"].every((name) => name in prepared)
  );
}
