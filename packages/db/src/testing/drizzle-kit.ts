import type * as DrizzleKit from "drizzle-kit/api";

import { requireDrizzle } from "../drizzle.ts";

export const { generateDrizzleJson, generateMigration, generateSQLiteDrizzleJson, generateSQLiteMigration } =
  requireDrizzle("drizzle-kit/api") as typeof DrizzleKit;
