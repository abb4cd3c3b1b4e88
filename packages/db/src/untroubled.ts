/** What a new token leaves of a connection's troubles: nothing. */
export const UNTROUBLED = {
  status: "active",
  statusReason: null,
  failedAttempts: 0,
  lastErrorCode: null,
  lastErrorAt: null,
  failingSinceAt: null,
  incidentId: null,
  warnedDays: null,
} as const;

/** Nobody refreshes it, and nothing is under way. */
export const SETTLED = { attemptSentAt: null, leaseOwner: null, leaseUntil: null } as const;
