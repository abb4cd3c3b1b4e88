import type {
  AttemptTrigger,
  ConnectionRecord,
  Lease,
  LeasedConnection,
  RefreshAttempt,
} from "@perennial/db";
import { InstagramError, REFRESHABLE_AFTER_MS } from "@perennial/instagram";

import type { ConnectionsDeps } from "./deps.ts";
import { ConnectionError, type ConnectionErrorCode } from "./errors.ts";
import { newId, randomText } from "./ids.ts";
import { backOffMs, milestones, spreadOf } from "./policy.ts";
import { storedTokenOf } from "./stored-token.ts";
import { TokenSealError } from "./token-seal.ts";

/** A lease outlives the longest upstream call by a wide margin, and a crash is made good soon after. */
export const LEASE_MS = 30_000;

/** A request to refresh one connection now. */
export type RefreshRequest = {
  connectionId: string;
  /** The user who asks; null for operators and our own processes. */
  userId: string | null;
  trigger: AttemptTrigger;
  /** Also when the token has more than its refresh lead left. */
  force: boolean;
};

/** What came of it. Everything a caller plans for is a value. */
export type RefreshResult =
  | { kind: "refreshed"; expiresAt: Date }
  | { kind: "not_due"; dueAt: Date; expiresAt: Date }
  | { kind: "too_young"; refreshableAt: Date }
  | { kind: "failed"; code: ConnectionErrorCode; nextRefreshAt: Date }
  | { kind: "reconnect_required"; code: ConnectionErrorCode }
  /** Another process holds the lease and has not finished within the wait. */
  | { kind: "in_progress" }
  /** A reconnect, a disconnect or a lapsed lease came between; nothing was written. */
  | { kind: "superseded" };

/** Refreshes connections one at a time each, whoever asks. */
export type Refresher = {
  refresh(request: RefreshRequest): Promise<RefreshResult>;
  refreshLeased(leased: LeasedConnection, trigger: AttemptTrigger): Promise<RefreshResult>;
};

const BUSY_WAIT_MS = 12_000;
const BUSY_STEP_MS = 100;

/** Requests for one connection within this process share a single attempt. */
export function createRefresher(deps: ConnectionsDeps): Refresher {
  const running = new Map<string, Promise<RefreshResult>>();
  return {
    refreshLeased: (leased, trigger) => refreshLeased(deps, leased, trigger),
    refresh: async (request) => {
      const refused = await refuseEarly(deps, request);
      if (refused !== null) return refused;
      const shared = running.get(request.connectionId);
      if (shared !== undefined) return await shared;
      const attempt = claimAndRefresh(deps, request).finally(() => running.delete(request.connectionId));
      running.set(request.connectionId, attempt);
      return await attempt;
    },
  };
}

/** A person's request is checked before anything is leased: "refresh now" on a fresh token does nothing. */
async function refuseEarly(deps: ConnectionsDeps, request: RefreshRequest): Promise<RefreshResult | null> {
  const connection = await deps.store.findConnectionById(request.connectionId);
  if (connection === null || connection.status === "disconnected")
    throw new ConnectionError("connection_not_found");
  if (request.userId !== null && connection.userId !== request.userId)
    throw new ConnectionError("connection_not_found");
  const { tokenIssuedAt: issuedAt, tokenExpiresAt: expiresAt } = connection;
  if (issuedAt === null || expiresAt === null) throw new ConnectionError("reconnect_required");
  const at = milestones({ issuedAt, expiresAt }, deps.schedule, spreadOf(connection.id));
  const now = deps.now();
  if (now < at.refreshableAt) return { kind: "too_young", refreshableAt: at.refreshableAt };
  if (!request.force && now < at.dueAt) return { kind: "not_due", dueAt: at.dueAt, expiresAt };
  return null;
}

async function claimAndRefresh(deps: ConnectionsDeps, request: RefreshRequest): Promise<RefreshResult> {
  const { connectionId } = request;
  const claim = await deps.store.claimOne({ connectionId, owner: newLeaseOwner(), leaseMs: LEASE_MS });
  switch (claim.kind) {
    case "missing":
      throw new ConnectionError("connection_not_found");
    case "busy":
      return await resultOfOther(deps, claim.connection);
    case "leased":
      return await refreshLeased(deps, claim, request.trigger);
  }
}

/** An owner nobody else has: a process may hold several leases, and each is told apart. */
export function newLeaseOwner(): string {
  return randomText(12);
}

/** Somebody else is refreshing this token: their result is ours too. */
async function resultOfOther(deps: ConnectionsDeps, before: ConnectionRecord): Promise<RefreshResult> {
  for (let waitedMs = 0; waitedMs < BUSY_WAIT_MS; waitedMs += BUSY_STEP_MS) {
    await new Promise((resolve) => setTimeout(resolve, BUSY_STEP_MS));
    const after = await deps.store.findConnectionById(before.id);
    if (after === null || after.status === "disconnected") return { kind: "superseded" };
    if (after.version !== before.version) return outcomeOf(after);
  }
  return { kind: "in_progress" };
}

function outcomeOf(connection: ConnectionRecord): RefreshResult {
  if (connection.status === "reconnect_required") {
    return { kind: "reconnect_required", code: "reconnect_required" };
  }
  if (connection.failedAttempts > 0 && connection.nextRefreshAt !== null) {
    return { kind: "failed", code: "transient", nextRefreshAt: connection.nextRefreshAt };
  }
  return connection.tokenExpiresAt === null
    ? { kind: "superseded" }
    : { kind: "refreshed", expiresAt: connection.tokenExpiresAt };
}

async function refreshLeased(
  deps: ConnectionsDeps,
  { lease, connection }: LeasedConnection,
  trigger: AttemptTrigger,
): Promise<RefreshResult> {
  const startedAt = deps.now();
  const startedAtMs = performance.now();
  const login = deps.logins[connection.flavour];
  try {
    if (login === undefined) throw new ConnectionError("flavour_not_configured");
    if (connection.sealedToken === null) throw new ConnectionError("reconnect_required");
    const value = deps.seal.open(connection.sealedToken, {
      connectionId: connection.id,
      flavour: connection.flavour,
    });
    const answer = await login.refreshLongLivedToken({
      value,
      ...(connection.tokenIssuedAt === null ? {} : { issuedAt: connection.tokenIssuedAt }),
    });
    const token = { ...answer, permissions: answer.permissions ?? connection.permissions };
    const saved = await deps.store.saveRefreshed({
      lease,
      token: storedTokenOf(deps, token, { connectionId: connection.id, flavour: connection.flavour }),
      history: historyRow(deps, trigger, startedAt, {
        outcome: "succeeded",
        tokenExpiresAt: token.expiresAt,
      }),
      now: deps.now(),
    });
    if (!saved) return superseded(deps, lease);
    const durationMs = Math.round(performance.now() - startedAtMs);
    deps.onEvent({
      event: "connection.refreshed",
      connectionId: connection.id,
      durationMs,
      expiresAt: token.expiresAt,
    });
    return { kind: "refreshed", expiresAt: token.expiresAt };
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null) throw error; // not about this token: the lease lapses and the next sweep tries again
    return await recordFailure(deps, { lease, connection, trigger, startedAt, failure });
  }
}

type Failure = {
  code: ConnectionErrorCode;
  needsReconnect: boolean;
  retryAfterMs: number | null;
  traceId: string | null;
};

function failureOf(error: unknown): Failure | null {
  if (error instanceof InstagramError) {
    const { code, needsReauth, retryAfterMs, traceId } = error;
    return {
      code,
      needsReconnect: needsReauth,
      retryAfterMs: retryAfterMs ?? null,
      traceId: traceId ?? null,
    };
  }
  if (error instanceof TokenSealError) {
    return { code: "token_unreadable", needsReconnect: false, retryAfterMs: null, traceId: null };
  }
  if (error instanceof ConnectionError) {
    return {
      code: error.code,
      needsReconnect: error.code === "reconnect_required",
      retryAfterMs: null,
      traceId: null,
    };
  }
  return null;
}

type FailedAttempt = {
  lease: Lease;
  connection: ConnectionRecord;
  trigger: AttemptTrigger;
  startedAt: Date;
  failure: Failure;
};

async function recordFailure(deps: ConnectionsDeps, attempt: FailedAttempt): Promise<RefreshResult> {
  const { lease, connection, failure } = attempt;
  const nextRefreshAt = failure.needsReconnect ? null : nextAttemptAt(deps, connection, failure);
  const saved = await deps.store.recordFailure({
    lease,
    reconnectReason: failure.needsReconnect ? failure.code : null,
    errorCode: failure.code,
    nextRefreshAt,
    history: historyRow(deps, attempt.trigger, attempt.startedAt, {
      outcome: "failed",
      errorCode: failure.code,
      traceId: failure.traceId,
      tokenExpiresAt: connection.tokenExpiresAt,
    }),
    now: deps.now(),
  });
  if (!saved) return superseded(deps, lease);
  const event = failure.needsReconnect ? "connection.reconnect_required" : "connection.failing";
  deps.onEvent({ event, connectionId: connection.id, errorCode: failure.code, nextRefreshAt });
  return nextRefreshAt === null
    ? { kind: "reconnect_required", code: failure.code }
    : { kind: "failed", code: failure.code, nextRefreshAt };
}

function nextAttemptAt(deps: ConnectionsDeps, connection: ConnectionRecord, failure: Failure): Date {
  const now = deps.now();
  if (failure.code === "token_too_young" && connection.tokenIssuedAt !== null) {
    const oldEnough = connection.tokenIssuedAt.getTime() + REFRESHABLE_AFTER_MS;
    return new Date(Math.max(oldEnough, now.getTime() + 3_600_000));
  }
  const waitMs = backOffMs({
    failedAttempts: connection.failedAttempts,
    expiresAt: connection.tokenExpiresAt ?? now,
    now,
    random: deps.random,
  });
  return new Date(now.getTime() + Math.max(waitMs, failure.retryAfterMs ?? 0));
}

function superseded(deps: ConnectionsDeps, lease: Lease): RefreshResult {
  deps.onEvent({ event: "connection.lease_lost", connectionId: lease.connectionId });
  return { kind: "superseded" };
}

function historyRow(
  deps: ConnectionsDeps,
  trigger: AttemptTrigger,
  startedAt: Date,
  result: Pick<RefreshAttempt, "outcome" | "tokenExpiresAt"> &
    Partial<Pick<RefreshAttempt, "errorCode" | "traceId">>,
): RefreshAttempt {
  return {
    id: newId("att"),
    kind: "refresh",
    trigger,
    startedAt,
    finishedAt: deps.now(),
    errorCode: null,
    traceId: null,
    ...result,
  };
}
