import type { SQL } from "drizzle-orm";
import { sql } from "../drizzle.ts";
import type { PgColumn } from "drizzle-orm/pg-core";

import { slot } from "./slots.ts";

/** What a test puts in the place of the database's clock, in milliseconds since 1970. */
export type LeaseClock = (() => number) | undefined;

/** The value of the slot that `leaseNowOf` asks for. */
export function leaseNowValue(leaseClock: LeaseClock) {
  return { leaseNow: leaseClock === undefined ? null : new Date(leaseClock()) };
}

/**
 * The time by the clock that leases go by: the database's, so that two hosts agree. A transaction's own time is
 * never late. The column says of what type it is.
 */
export function leaseNowOf(column: PgColumn): SQL {
  return sql`coalesce(${slot(column, "leaseNow")}, now())`;
}

/** A slot for a span in milliseconds. */
export function span(name: string): SQL {
  return sql`${sql.placeholder(name)}::double precision * interval '1 millisecond'`;
}
