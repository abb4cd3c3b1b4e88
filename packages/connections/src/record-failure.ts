import type { ConnectionRecord, NewAlert } from "@perennial/db";

import { alertAbout } from "./alerts.ts";
import { historyRow, lookKindOf, superseded, type Attempt } from "./attempt.ts";
import type { ConnectionsDeps } from "./deps.ts";
import type { Failure } from "./failure-classes.ts";
import { backOffMs, healingWaitMs } from "./policy.ts";
import type { RefreshResult } from "./refresh-result.ts";

/** From this failed attempt in a row on, the connection's owner is told. Before it, it may be a hiccup. */
const TOLD_FROM_ATTEMPT = 4;

type FailedAttempt = Attempt & {
  failure: Failure;
  /** The failure is the app's: one alert tells of it, and none of its connections has one of its own. */
  isAppPaused: boolean;
};

/** Writes down a failed attempt: when the next one is, what the connection's status is, and who is told. */
export async function recordFailure(deps: ConnectionsDeps, attempt: FailedAttempt): Promise<RefreshResult> {
  const { lease, connection, failure } = attempt;
  const needsReconnect = failure.class === "reconnect";
  const nextRefreshAt = needsReconnect
    ? nextHealingAt(deps, connection)
    : nextAttemptAt(deps, connection, failure);
  const alert = alertOf(deps, attempt);
  const saved = await deps.store.recordFailure({
    lease,
    reconnectReason: needsReconnect ? failure.code : null,
    errorCode: failure.code,
    nextRefreshAt,
    incidentId: alert?.id ?? null,
    history: historyRow(deps, attempt, {
      kind: lookKindOf(connection),
      outcome: "failed",
      errorCode: failure.code,
      traceId: failure.traceId,
      tokenExpiresAt: connection.tokenExpiresAt,
    }),
    alerts: alert === null ? [] : [alert],
    now: deps.now(),
  });
  if (!saved) return superseded(deps, lease);
  const event = needsReconnect ? "connection.reconnect_required" : "connection.failing";
  deps.onEvent({ event, connectionId: connection.id, errorCode: failure.code, nextRefreshAt });
  return needsReconnect || nextRefreshAt === null
    ? { kind: "reconnect_required", code: failure.code }
    : { kind: "failed", code: failure.code, nextRefreshAt };
}

/** One incident is one message: of a connection that its owner was told about, only the step to a reconnect is news. */
function alertOf(deps: ConnectionsDeps, attempt: FailedAttempt): NewAlert | null {
  const { connection, failure } = attempt;
  if (failure.class === "reconnect") {
    if (connection.status === "reconnect_required") return null;
    return alertAbout(deps, connection, { kind: "connection.reconnect_required", errorCode: failure.code });
  }
  const isTold = connection.incidentId !== null;
  const isHiccup = connection.failedAttempts + 1 < TOLD_FROM_ATTEMPT;
  const isPlanned = failure.class === "wait";
  if (isTold || isHiccup || isPlanned || attempt.isAppPaused || attempt.isProbe) return null;
  return alertAbout(deps, connection, { kind: "connection.failing", errorCode: failure.code });
}

function nextAttemptAt(deps: ConnectionsDeps, connection: ConnectionRecord, failure: Failure): Date {
  const now = deps.now();
  const waitMs = backOffMs({
    failedAttempts: connection.failedAttempts,
    expiresAt: connection.tokenExpiresAt ?? now,
    now,
    random: deps.random,
  });
  return new Date(now.getTime() + Math.max(waitMs, failure.retryAfterMs ?? 0));
}

/** A verdict may have been wrong: the token is looked at again now and then, for as long as it could live. */
function nextHealingAt(deps: ConnectionsDeps, connection: ConnectionRecord): Date | null {
  const now = deps.now();
  const { failingSinceAt, tokenExpiresAt, sealedToken } = connection;
  if (sealedToken === null || tokenExpiresAt === null) return null;
  const isNew = connection.status !== "reconnect_required";
  const deadForMs = isNew || failingSinceAt === null ? 0 : now.getTime() - failingSinceAt.getTime();
  const nextAt = new Date(now.getTime() + healingWaitMs(deadForMs));
  return nextAt < tokenExpiresAt ? nextAt : null;
}
