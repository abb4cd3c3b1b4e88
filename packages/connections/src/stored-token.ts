import type { StoredToken } from "@perennial/db";
import type { LongLivedToken } from "@perennial/instagram";

import type { ConnectionsDeps } from "./deps.ts";
import { milestones, spreadOf } from "./policy.ts";
import type { SealedFor } from "./token-seal.ts";

/** Seals a long-lived token for its row and decides when it is due. */
export function storedTokenOf(
  deps: ConnectionsDeps,
  token: LongLivedToken,
  belongsTo: SealedFor,
): StoredToken {
  return {
    sealedToken: deps.seal.seal(token.value, belongsTo),
    tokenIssuedAt: token.issuedAt,
    tokenExpiresAt: token.expiresAt,
    isExpiryEstimated: token.isExpiryEstimated,
    permissions: token.permissions,
    nextRefreshAt: milestones(token, deps.schedule, spreadOf(belongsTo.connectionId)).dueAt,
  };
}
