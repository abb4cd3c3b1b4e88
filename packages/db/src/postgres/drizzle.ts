import type * as Driver from "drizzle-orm/node-postgres";
import type * as Core from "drizzle-orm/pg-core";

import { requireDrizzle } from "../drizzle.ts";
import { prepareWhenRun } from "../prepare-when-run.ts";

export const { drizzle } = requireDrizzle("drizzle-orm/node-postgres") as typeof Driver;

const core = requireDrizzle("drizzle-orm/pg-core") as typeof Core;

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
} = core;

prepareWhenRun([core.PgSelectBase, core.PgInsertBase, core.PgUpdateBase, core.PgDeleteBase], ["execute"]);
