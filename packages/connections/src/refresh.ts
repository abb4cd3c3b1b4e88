import type { AttemptTrigger, ConnectionRecord } from "@perennial/db";

import type { Engine } from "./attempt.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { ConnectionError, knownErrorCode } from "./errors.ts";
import { ownConnection } from "./held-connection.ts";
import { randomText } from "./ids.ts";
import { milestones } from "./policy.ts";
import { attemptRefresh } from "./refresh-attempt.ts";
import type { RefreshResult } from "./refresh-result.ts";
import { plannedLifeOf } from "./token-life.ts";

/** A request to refresh one connection now. */
export type RefreshRequest = {
  connectionId: string;
  /** The user who asks; null for operators and our own processes. */
  userId: string | null;
  trigger: AttemptTrigger;
  /** Also when the token has more than its refresh lead left. */
  force: boolean;
};

/** Refreshes one connection, whoever asks. */
export type Refresher = (request: RefreshRequest) => Promise<RefreshResult>;

const BUSY_WAIT_MS = 12_000;
const BUSY_STEP_MS = 100;

/** Requests for one connection within this process share a single attempt; across processes the lease sees to it. */
export function createRefresher(engine: Engine): Refresher {
  const running = new Map<string, Promise<RefreshResult>>();
  return async (request) => {
    const connection = await ownConnection(engine.deps, request);
    const early = await answerEarly(engine, connection, request.force);
    if (early !== null) return early;
    const shared = running.get(connection.id);
    if (shared !== undefined) return await shared;
    const attempt = claimAndRefresh(engine, connection, request.trigger).finally(() =>
      running.delete(connection.id),
    );
    running.set(connection.id, attempt);
    return await attempt;
  };
}

/** Checked before anything is leased: "refresh now" does nothing to a fresh token, nor while the app is paused. */
async function answerEarly(
  { deps, guard }: Engine,
  connection: ConnectionRecord,
  isForced: boolean,
): Promise<RefreshResult | null> {
  const life = plannedLifeOf(connection);
  if (life === null) throw new ConnectionError("reconnect_required");
  const at = milestones(life, deps.schedule);
  const now = deps.now();
  if (life.renewal === "automatic") {
    if (now < at.refreshableAt) return { kind: "too_young", refreshableAt: at.refreshableAt };
    if (!isForced && now < at.dueAt) return { kind: "not_due", dueAt: at.dueAt, expiresAt: life.expiresAt };
  }
  const breaker = await guard.breakerOf(connection);
  if (breaker === null) return null;
  return { kind: "paused", code: knownErrorCode(breaker.errorCode), nextProbeAt: breaker.nextProbeAt };
}

async function claimAndRefresh(
  engine: Engine,
  before: ConnectionRecord,
  trigger: AttemptTrigger,
): Promise<RefreshResult> {
  const { store, leaseMs } = engine.deps;
  const claim = await store.claimOne({ connectionId: before.id, owner: newLeaseOwner(), leaseMs });
  if (claim.kind === "missing") throw new ConnectionError("connection_not_found");
  if (claim.kind === "busy") return await resultOfOther(engine.deps, before);
  if (claim.connection.version === before.version) return await attemptRefresh(engine, claim, { trigger });
  // Somebody else was faster, between our look and our claim: theirs is what was asked for.
  await store.releaseLease(claim.lease, null);
  return outcomeOf(claim.connection);
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
    const code = knownErrorCode(connection.lastErrorCode ?? "unknown");
    return { kind: "failed", code, nextRefreshAt: connection.nextRefreshAt };
  }
  return connection.tokenExpiresAt === null
    ? { kind: "superseded" }
    : { kind: "refreshed", expiresAt: connection.tokenExpiresAt };
}
