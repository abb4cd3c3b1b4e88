import type Database from "better-sqlite3";
import type * as Core from "drizzle-orm/sqlite-core";
import { inspect } from "node:util";
import { expect } from "vitest";

import { requireDrizzle } from "../../drizzle.ts";
import { preparedAtOnce, type Values } from "../../prepare-when-run.ts";
import { compileStatement, type PreparedStatement } from "../compile-statement.ts";

const METHODS = ["run", "get", "all", "values"] as const;
type Method = (typeof METHODS)[number];

/** A statement as Drizzle has it. */
type Own = PreparedStatement & {
  stmt: Database.Statement;
  query: { sql: string; params: unknown[] };
};

/** A class that builds statements, wrapped by the house already. `_prepare` is Drizzle's, and is not. */
type Builder = { prepare: () => PreparedStatement; _prepare: (isOneTimeQuery: boolean) => Own };

/** What of it was run: by the text as Drizzle writes it, whether the house has compiled it. */
export type BothWays = Disposable & { readonly isCompiled: ReadonlyMap<string, boolean> };

/**
 * From now on each run of a prepared statement is one of Drizzle's own, which is taken back, and then one of the
 * house's: they have to answer alike, and to bind alike what is no constant. For databases with one connection.
 */
export function runBothWays(): BothWays {
  const core = requireDrizzle("drizzle-orm/sqlite-core") as typeof Core;
  const { SQLiteSelectBase, SQLiteInsertBase, SQLiteUpdateBase, SQLiteDeleteBase } = core;
  const classes = [SQLiteSelectBase, SQLiteInsertBase, SQLiteUpdateBase, SQLiteDeleteBase];
  const isCompiled = new Map<string, boolean>();
  const restore = classes.map((builder) => {
    const prototype = builder.prototype as unknown as Builder;
    const prepareHouse = prototype.prepare;
    prototype.prepare = function prepare(): PreparedStatement {
      let pair: ReturnType<typeof pairOf> | undefined;
      const call = (method: Method) => (values?: Values) => {
        pair ??= pairOf(this, prepareHouse);
        isCompiled.set(pair.own.query.sql, pair.compiled !== null);
        return compare(pair, method, values);
      };
      return Object.fromEntries(METHODS.map((method) => [method, call(method)])) as PreparedStatement;
    };
    return () => (prototype.prepare = prepareHouse);
  });
  return {
    isCompiled,
    [Symbol.dispose]: () => {
      for (const one of restore) one();
    },
  };
}

function pairOf(builder: Builder, prepareHouse: Builder["prepare"]) {
  const own = builder._prepare(false); // first: the house changes the builder
  const house = preparedAtOnce(() => prepareHouse.call(builder)) as Own;
  const boundBy = { own: noteBound(own.stmt), house: noteBound(house.stmt) };
  return { own, house, compiled: compileStatement(house), boundBy };
}

/** The values that were bound last. */
function noteBound(statement: Database.Statement): { values: unknown[] } {
  const bound: { values: unknown[] } = { values: [] };
  for (const method of ["run", "get", "all"] as const) {
    const original: (...values: unknown[]) => unknown = statement[method].bind(statement);
    Object.defineProperty(statement, method, {
      value: (...values: unknown[]) => {
        bound.values = values;
        return original(...values);
      },
    });
  }
  return bound;
}

function compare(pair: ReturnType<typeof pairOf>, method: Method, values?: Values): unknown {
  const { own, house, compiled, boundBy } = pair;
  const { database } = own.stmt;
  database.exec("SAVEPOINT both_ways");
  const expected = outcomeOf(() => own[method](values));
  database.exec("ROLLBACK TO both_ways; RELEASE both_ways");
  const outcome = outcomeOf(() => (compiled ?? house)[method](values));

  // As a text: that of an object has its classes and the order of its keys.
  expect(inspect(outcome, { depth: null }), own.query.sql).toBe(inspect(expected, { depth: null }));
  const isNamed = (parameter: unknown) => typeof parameter === "object" && parameter !== null;
  const named = boundBy.own.values.filter((_value, index) => isNamed(own.query.params[index]));
  expect(boundBy.house.values, own.query.sql).toEqual(named);
  if ("message" in outcome) throw outcome.error;
  return outcome.value;
}

function outcomeOf(work: () => unknown): { value: unknown } | { message: string; error: unknown } {
  try {
    return { value: work() };
  } catch (error) {
    const { message } = error as Error;
    return Object.defineProperty({ message, error }, "error", { enumerable: false }); // its stack is another
  }
}
