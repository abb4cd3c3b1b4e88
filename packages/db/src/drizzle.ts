import type * as Drizzle from "drizzle-orm";
import type * as Migrator from "drizzle-orm/migrator";
import { createRequire } from "node:module";

/**
 * Loads Drizzle, of which no other file imports more than types. As CommonJS: Node 26 reads the exports of a
 * package, 179 kB here, anew for each ES module in it, which made 350 of the 500 ms that a process took to load
 * a store. The two formats hold classes of their own, so all of a process has to load the same one.
 */
export const requireDrizzle = createRequire(import.meta.url);

export const {
  and,
  asc,
  Column,
  count,
  desc,
  DrizzleQueryError,
  eq,
  getTableColumns,
  getTableName,
  gt,
  gte,
  inArray,
  is,
  isNotNull,
  isNull,
  lt,
  lte,
  min,
  ne,
  noopDecoder,
  noopEncoder,
  NoopLogger,
  not,
  or,
  Param,
  Placeholder,
  SQL,
  sql,
  Subquery,
} = requireDrizzle("drizzle-orm") as typeof Drizzle;

export const { readMigrationFiles } = requireDrizzle("drizzle-orm/migrator") as typeof Migrator;
