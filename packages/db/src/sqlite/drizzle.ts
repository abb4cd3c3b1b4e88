import type * as Driver from "drizzle-orm/better-sqlite3";
import type * as Core from "drizzle-orm/sqlite-core";

import { requireDrizzle } from "../drizzle.ts";
import { prepareWhenRun } from "../prepare-when-run.ts";
import { compiledOrOwn } from "./compile-statement.ts";
import { writeToBeParsedOnce } from "./parsed-once.ts";

export const { drizzle } = requireDrizzle("drizzle-orm/better-sqlite3") as typeof Driver;

const core = requireDrizzle("drizzle-orm/sqlite-core") as typeof Core;

export const { check, getTableConfig, index, integer, primaryKey, sqliteTable, SQLiteTable, text } = core;

const builders = [core.SQLiteSelectBase, core.SQLiteInsertBase, core.SQLiteUpdateBase, core.SQLiteDeleteBase];
writeToBeParsedOnce(builders, core.SQLiteDialect);
prepareWhenRun(builders, ["run", "get", "all", "values"], compiledOrOwn);
