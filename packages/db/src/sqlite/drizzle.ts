import type * as Driver from "drizzle-orm/better-sqlite3";
import type * as Core from "drizzle-orm/sqlite-core";

import { requireDrizzle } from "../drizzle.ts";

export const { drizzle } = requireDrizzle("drizzle-orm/better-sqlite3") as typeof Driver;

export const { check, getTableConfig, index, integer, primaryKey, sqliteTable, SQLiteTable, text } =
  requireDrizzle("drizzle-orm/sqlite-core") as typeof Core;
