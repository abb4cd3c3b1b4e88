import type { ConnectionSummary, StoredToken } from "@perennial/db";
import type { LongLivedToken } from "@perennial/instagram";

import type { ConnectionsDeps } from "./deps.ts";
import { planDueAt, spreadOf, type PlannedLife } from "./policy.ts";
import type { SealedFor } from "./token-seal.ts";

/**
 * The life of a connection's token with its plan, or null when it holds none. The plan is what the row says
 * while all is well; once attempts fail the row says when the next one is, and the token has been due since
 * they began.
 */
export function plannedLifeOf(connection: ConnectionSummary): PlannedLife | null {
  const { tokenIssuedAt: issuedAt, tokenExpiresAt: expiresAt } = connection;
  if (issuedAt === null || expiresAt === null) return null;
  return { issuedAt, expiresAt, dueAt: connection.failingSinceAt ?? connection.nextRefreshAt ?? expiresAt };
}

/** Seals a long-lived token for its row and plans its renewal. */
export function storedTokenOf(
  deps: Pick<ConnectionsDeps, "seal" | "schedule">,
  token: LongLivedToken,
  belongsTo: SealedFor,
): StoredToken {
  return {
    sealedToken: deps.seal.seal(token.value, belongsTo),
    tokenIssuedAt: token.issuedAt,
    tokenExpiresAt: token.expiresAt,
    isExpiryEstimated: token.isExpiryEstimated,
    permissions: token.permissions,
    nextRefreshAt: planDueAt(token, deps.schedule, spreadOf(belongsTo.connectionId)),
  };
}
