import type { CompleteSignInInput } from "./store.ts";

/** The identity that a finished sign-in writes. */
export function identityOf(input: CompleteSignInInput, userId: string) {
  const { flavour, accountId, appScopedId, wallNow } = input;
  return {
    flavour,
    providerUserId: accountId,
    appScopedId,
    userId,
    createdAt: wallNow,
    updatedAt: wallNow,
  };
}

/** The connection that a finished sign-in writes. */
export function connectionOf(input: CompleteSignInInput, userId: string) {
  const { accountId, appScopedId, appId, connectionId, flavour, now } = input;
  return {
    ...input.profile,
    ...input.token,
    id: connectionId,
    userId,
    accountId,
    appScopedId,
    flavour,
    appId,
    renewedAt: now,
    createdAt: now,
    updatedAt: now,
  };
}

/** What a sign-in leaves of a connection's troubles: nothing. A refresh that is under way loses its lease. */
export const UNTROUBLED = {
  status: "active",
  statusReason: null,
  failedAttempts: 0,
  lastErrorCode: null,
  lastErrorAt: null,
  leaseOwner: null,
  leaseUntil: null,
} as const;
