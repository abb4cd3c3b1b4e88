import type { AuditEvent } from "./store/audit-events.ts";
import type { ConnectionStatus, Flavour } from "./store/connections.ts";
import type { GoneResult, RevokeConnectionInput } from "./store/erasures.ts";

/** A connection, as far as its end depends on it. */
export type EndingConnection = {
  id: string;
  userId: string;
  accountId: string;
  flavour: Flavour;
  status: ConnectionStatus;
  hasToken: boolean;
  authorizedAt: Date | null;
  createdAt: Date;
};

/** Decides whether a connection may be erased. */
export function judgeErasure(
  found: EndingConnection | undefined,
  { authorizedBefore }: { authorizedBefore: Date },
): GoneResult {
  if (found === undefined) return "gone";
  return (found.authorizedAt ?? found.createdAt) < authorizedBefore ? "done" : "newer";
}

/** Decides whether the tokens of a connection are to be taken; of one that was left, or has none, nothing is left to do. */
export function judgeRevocation(
  found: EndingConnection | undefined,
  input: { flavour: Flavour; authorizedBefore: Date },
): GoneResult {
  if (found === undefined || found.flavour !== input.flavour || found.status === "disconnected")
    return "gone";
  if (found.status === "reconnect_required" && !found.hasToken) return "gone";
  return judgeErasure(found, input);
}

/** What a revocation writes of a connection, and the alert; null for who was asked to reconnect already. */
export function revocationOf(
  { id, userId, status }: EndingConnection,
  { errorCode, alert, now }: Pick<RevokeConnectionInput, "errorCode" | "alert" | "now">,
) {
  const isNews = status === "active";
  return {
    values: {
      id,
      statusReason: errorCode,
      lastErrorCode: errorCode,
      lastErrorAt: now,
      failingSinceAt: now,
      incidentId: isNews ? alert.id : null,
      updatedAt: now,
    },
    alert: isNews ? { ...alert, userId, connectionId: id } : null,
  };
}

/** What an erasure took, in numbers. */
export type ErasedCounts = { users: number; connections: number; identities: number; webhooks: number };

/** The event of an erasure, with what it took. */
export function auditOfErasure(audit: AuditEvent, counts: ErasedCounts): AuditEvent {
  return { ...audit, detail: { ...audit.detail, ...counts } };
}

/** What an erasure has taken before it begins. */
export const nothingErased = (): ErasedCounts => ({ users: 0, connections: 0, identities: 0, webhooks: 0 });

/** What a connection is without its tokens: nothing is renewed, and who was at it has lost it. */
export const WITHOUT_TOKENS = {
  sealedToken: null,
  tokenIssuedAt: null,
  tokenExpiresAt: null,
  isExpiryEstimated: false,
  previousSealedToken: null,
  previousTokenIssuedAt: null,
  previousTokenExpiresAt: null,
  nextRefreshAt: null,
  attemptSentAt: null,
  leaseOwner: null,
  leaseUntil: null,
} as const;
