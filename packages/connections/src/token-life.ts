import type { ConnectionSummary, Flavour, StoredToken } from "@perennial/db";
import type { LongLivedToken } from "@perennial/instagram";

import type { ConnectionsDeps } from "./deps.ts";
import { askedFrom, planDueAt, planProofAt, spreadOf, type PlannedLife, type Renewal } from "./policy.ts";
import type { SealedFor } from "./token-seal.ts";

/** Who can renew a connection's token. */
export function renewalOf(flavour: Flavour): Renewal {
  return flavour === "facebook" ? "person" : "automatic";
}

/**
 * The life of a connection's token with its plan, or null when it holds none. The plan is what the row says
 * while all is well; once attempts fail the row says when the next one is, and the token has been due since
 * they began.
 */
export function plannedLifeOf(connection: ConnectionSummary): PlannedLife | null {
  const { tokenIssuedAt: issuedAt, tokenExpiresAt: expiresAt } = connection;
  if (issuedAt === null || expiresAt === null) return null;
  const renewal = renewalOf(connection.flavour);
  if (renewal === "person") return { issuedAt, expiresAt, dueAt: askedFrom(expiresAt), renewal };
  const dueAt = connection.failingSinceAt ?? connection.nextRefreshAt ?? expiresAt;
  return { issuedAt, expiresAt, dueAt, renewal };
}

/** Seals a long-lived token for its row and plans when it is looked at next. */
export function storedTokenOf(
  deps: Pick<ConnectionsDeps, "seal" | "schedule" | "now">,
  token: LongLivedToken,
  belongsTo: SealedFor & { flavour: Flavour },
): StoredToken {
  const spread = spreadOf(belongsTo.connectionId);
  const isKeptByPerson = renewalOf(belongsTo.flavour) === "person";
  return {
    sealedToken: deps.seal.seal(token.value, belongsTo),
    tokenIssuedAt: token.issuedAt,
    tokenExpiresAt: token.expiresAt,
    isExpiryEstimated: token.isExpiryEstimated,
    hasNoExpiry: token.hasNoExpiry,
    dataAccessExpiresAt: token.dataAccessExpiresAt,
    permissions: token.permissions,
    nextRefreshAt: isKeptByPerson ? planProofAt(deps.now(), spread) : planDueAt(token, deps.schedule, spread),
  };
}
