import { alertRow } from "./alert-row.ts";
import type { FoundConnection } from "./decide-sign-in.ts";
import type { CompleteSignInInput, NewAccount } from "./store/complete-sign-in.ts";
import type { Flavour } from "./store/connections.ts";

/** The identity that a finished sign-in writes. */
export function identityOf({ flavour, identity, wallNow }: CompleteSignInInput, userId: string) {
  return { flavour, ...identity, userId, createdAt: wallNow, updatedAt: wallNow };
}

/** The connection that an account is written to. */
export function connectionOf(account: NewAccount, written: { userId: string; flavour: Flavour; now: Date }) {
  const { profile, token, connectionId, history, recovery: _recovery, audit: _audit, ...rest } = account;
  const { userId, flavour, now } = written;
  return {
    ...profile,
    ...token,
    ...rest,
    id: connectionId,
    userId,
    flavour,
    authorizedAt: history.startedAt, // before the first call: what Meta says of a later time is about this one
    renewedAt: now,
    provedAt: now,
    createdAt: now,
    updatedAt: now,
  };
}

/** The alert that says that a connection is well again, once it is known whose it is; null where it had no incident. */
export function recoveryOf(
  { recovery, connectionId }: NewAccount,
  { userId, existing }: { userId: string; existing: FoundConnection | undefined },
) {
  const hadIncident = (existing?.incidentId ?? null) !== null;
  return recovery !== null && hadIncident ? alertRow({ ...recovery, userId, connectionId }) : null;
}

/** What a new connection has in the place of a token before this one. */
export const NO_PREVIOUS = {
  previousSealedToken: null,
  previousTokenIssuedAt: null,
  previousTokenExpiresAt: null,
} as const;
