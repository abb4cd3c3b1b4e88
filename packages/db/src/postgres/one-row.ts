import { sql } from "../drizzle.ts";

/** Something to select from where a statement is about no table. */
export const ONE_ROW = sql`(values (1)) as one (row)`;
