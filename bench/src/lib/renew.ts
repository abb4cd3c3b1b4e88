import type { ClaimDueInput, LeasedConnection, Store } from "@perennial/db";

import { ROUND_DAYS } from "./stored-connections.ts";

const DAY_MS = 86_400_000;

/** What a sweep claims while no app is paused. */
export const EVERYTHING_DUE: ClaimDueInput["of"] = { kind: "due", pausedApps: [] };

let renewed = 0;

/**
 * Saves a token under a lease as if Instagram had just renewed it: due again in a round, less some of a day.
 *
 * @throws when the lease was lost.
 */
export async function renew(store: Store, { lease, connection }: LeasedConnection, now: Date): Promise<void> {
  renewed += 1;
  const expiresAt = new Date(now.getTime() + 60 * DAY_MS);
  const isSaved = await store.saveRefreshed({
    lease,
    token: {
      sealedToken: connection.sealedToken ?? "",
      tokenIssuedAt: now,
      tokenExpiresAt: expiresAt,
      isExpiryEstimated: false,
      hasNoExpiry: false,
      dataAccessExpiresAt: null,
      permissions: connection.permissions,
      nextRefreshAt: new Date(now.getTime() + (ROUND_DAYS - (renewed % 1000) / 1000) * DAY_MS),
    },
    previous: "replaced",
    renewedAt: now,
    alerts: [],
    history: {
      id: `att_${Date.now().toString(36)}${renewed.toString(36).padStart(14, "0")}`,
      kind: "refresh",
      trigger: "worker",
      startedAt: now,
      finishedAt: now,
      outcome: "succeeded",
      errorCode: null,
      traceId: null,
      transcript: null,
      tokenExpiresAt: expiresAt,
    },
    now,
  });
  if (!isSaved) throw new Error("A lease was lost while nobody else worked.");
}
