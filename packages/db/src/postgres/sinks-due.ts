import { and, sql } from "../drizzle.ts";

import type { Engine } from "./engine.ts";
import { leaseNowOf } from "./lease-clock.ts";
import { refreshAttempts, sinks } from "./schema.ts";

/** One more token than it was given, due now. */
export const ANOTHER_TOKEN = {
  generation: sql`${sinks.generation} + 1`,
  nextDeliveryAt: leaseNowOf(sinks.nextDeliveryAt),
};

const ofConnections = sql`${sinks.connectionId} = any(${sql.placeholder("connectionIds")}::text[])`;

/** Makes every sink of a connection due, in the transaction that gives it another token. */
export function prepareSinksDue(db: Engine["db"]) {
  return db.update(sinks).set(ANOTHER_TOKEN).where(ofConnections).prepare("");
}

/** The same for many connections at once: for those of which a row of history says that they have it. */
export function prepareSinksDueByHistory(db: Engine["db"]) {
  // Counted, not `exists`, which would be joined: it is asked for the few sinks that there are, and for nothing else.
  const isWritten = sql`(select count(*) from ${refreshAttempts}
    where ${refreshAttempts.id} = any(${sql.placeholder("historyIds")}::text[])
    and ${refreshAttempts.connectionId} = ${sinks.connectionId}) > 0`;
  return db.update(sinks).set(ANOTHER_TOKEN).where(and(ofConnections, isWritten)).prepare("");
}
