import { alertRow } from "./alert-row.ts";
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

/** The alert that says that a connection is well again, once it is known whose it is. */
export function recoveryOf(input: CompleteSignInInput, userId: string) {
  return alertRow({ ...input.recovery, userId, connectionId: input.connectionId });
}

/** What a new connection has in the place of a token before this one. */
export const NO_PREVIOUS = {
  previousSealedToken: null,
  previousTokenIssuedAt: null,
  previousTokenExpiresAt: null,
} as const;
