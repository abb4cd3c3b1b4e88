import type * as Driver from "drizzle-orm/node-postgres";
import type * as Core from "drizzle-orm/pg-core";

import { requireDrizzle } from "../drizzle.ts";

export const { drizzle } = requireDrizzle("drizzle-orm/node-postgres") as typeof Driver;

export const {
  bigint,
  boolean,
  check,
  customType,
  getTableConfig,
  index,
  integer,
  jsonb,
  PgTable,
  pgTable,
  primaryKey,
  timestamp,
} = requireDrizzle("drizzle-orm/pg-core") as typeof Core;
