import { sql } from "./drizzle.ts";
import type { SQL } from "drizzle-orm";

/** What a later request about the same person makes of the row: it is to be worked off once more, under the same code. */
export function renewed({
  issuedAt,
  providerUserId,
  acceptedAt,
}: Record<"issuedAt" | "providerUserId" | "acceptedAt", SQL>) {
  return { issuedAt, providerUserId, acceptedAt, completedAt: null, outcome: null };
}

/** Whether it is a later one. */
export function isNewer(issuedAt: SQL): SQL {
  return sql`meta_callbacks.issued_at < ${issuedAt}`;
}
