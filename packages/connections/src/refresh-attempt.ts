import {
  StoreError,
  type AttemptTrigger,
  type ConnectionRecord,
  type LeasedConnection,
  type NewAlert,
  type RefreshAttempt,
} from "@perennial/db";
import { REFRESHABLE_AFTER_MS, type LongLivedToken } from "@perennial/instagram";

import { alertAbout } from "./alerts.ts";
import { appOf } from "./app-of.ts";
import { historyRow, lookKindOf, superseded, type Attempt, type Engine } from "./attempt.ts";
import type { CallSlot } from "./call-slots.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { ConnectionError } from "./errors.ts";
import { failureOf, type Failure } from "./failure-classes.ts";
import { recordFailure } from "./record-failure.ts";
import type { RefreshResult } from "./refresh-result.ts";
import { loginOf } from "./logins.ts";
import { renewalOf, storedTokenOf } from "./token-life.ts";
import { withTranscript } from "./transcript.ts";

/**
 * One attempt, as a journal: the lease is there, the intent is recorded, the call is made, the answer is
 * committed; every write names owner and version. An attempt that a crash left unfinished is settled first:
 * the token that was kept is probed, and refreshed again. When the current token is refused, the previous one
 * is tried before anybody is asked to sign in again. Given a slot, the call waits for it, and it is left
 * before the new token is committed: from then on Instagram is kept busy by this attempt no more.
 */
export function attemptRefresh(
  engine: Engine,
  leased: LeasedConnection,
  options: AttemptOptions,
): Promise<RefreshResult> {
  return withTranscript(() => attemptNow(engine, leased, options));
}

type AttemptOptions = { trigger: AttemptTrigger; isProbe?: boolean; slot?: CallSlot };

async function attemptNow(
  { deps, guard }: Engine,
  leased: LeasedConnection,
  options: AttemptOptions,
): Promise<RefreshResult> {
  const { trigger, isProbe = false } = options;
  const attempt: Attempt = { ...leased, trigger, startedAt: deps.now(), isProbe };
  const startedAtMs = performance.now();
  let isProvedAlive = false;
  let failure: Failure;
  try {
    const login = loginOf(deps, attempt.connection.flavour);
    const value = openSealed(deps, attempt.connection, attempt.connection.sealedToken);
    const entry = await enter(deps, attempt, options.slot);
    if (entry === "lost") return superseded(deps, attempt.lease);
    if (entry === "stopped") return await giveBack(deps, attempt);
    if (attempt.connection.attemptSentAt !== null) {
      await login.probeToken({ value });
      isProvedAlive = true;
    }
    const token = await login.refreshLongLivedToken(withAge(value, attempt.connection.tokenIssuedAt));
    options.slot?.leave();
    guard.noteAnswer(appOf(attempt.connection), attempt.connection.id);
    const previous = token.value === value ? "none" : "replaced";
    return await commit(deps, attempt, {
      token,
      previous,
      kind: lookKindOf(attempt.connection),
      startedAtMs,
    });
  } catch (error) {
    failure = failureOf(error) ?? crashed(deps, attempt, error);
  }
  // Refused although it lives: the call of the unfinished attempt went through, and the token is new again.
  const isNewAgain = isProvedAlive && failure.class === "reconnect";
  if (failure.code === "token_too_young" || isNewAgain) return await postpone(deps, attempt);
  if (failure.class === "reconnect") {
    const result = await fallBack(deps, attempt, startedAtMs);
    if (result.kind === "restored") return result.result;
    failure = result.failure ?? failure;
  }
  const isAppPaused = await guard.noteFailure(appOf(attempt.connection), attempt.connection.id, failure);
  return await recordFailure(deps, { ...attempt, failure, isAppPaused });
}

/** The share of a lease that may pass between its intent and the call. */
const OLD_INTENT_SHARE = 1 / 5;

/**
 * The last moment to find that somebody else has taken over: nothing is sent without a lease. Whoever had to
 * wait for the slot, or was asleep, makes sure of it once more.
 */
async function enter(
  deps: ConnectionsDeps,
  { lease }: Attempt,
  slot: CallSlot | undefined,
): Promise<"entered" | "lost" | "stopped"> {
  const record = () => deps.store.recordIntent({ lease, leaseMs: deps.leaseMs, now: deps.now() });
  const askedAtMs = performance.now();
  if (!(await record())) return "lost";
  if (slot !== undefined && !(await slot.enter())) return "stopped";
  const isOld = performance.now() - askedAtMs > deps.leaseMs * OLD_INTENT_SHARE;
  return !isOld || (await record()) ? "entered" : "lost";
}

/** Nothing was sent: whoever comes next may begin at once. */
async function giveBack(deps: ConnectionsDeps, { lease }: Attempt): Promise<RefreshResult> {
  await deps.store.releaseLease(lease, null);
  return { kind: "superseded" };
}

/** A token that is too young to be refreshed lives for long enough: nothing has failed, it is only not the time. */
async function postpone(deps: ConnectionsDeps, { lease, connection }: Attempt): Promise<RefreshResult> {
  const now = deps.now().getTime();
  const oldEnough = (connection.tokenIssuedAt?.getTime() ?? now) + REFRESHABLE_AFTER_MS;
  // By our own count it may be old enough: then Instagram counts from a refresh that we never heard of.
  const refreshableAt = new Date(oldEnough > now ? oldEnough : now + REFRESHABLE_AFTER_MS);
  await deps.store.releaseLease(lease, refreshableAt);
  return { kind: "too_young", refreshableAt };
}

/**
 * A fault of ours, which must not hold up the others: it is told, and the connection waits like one that
 * failed. Not so a fault of the store, with which nothing can be written down: the lease lapses, and the next
 * look settles what is unfinished.
 */
function crashed(deps: ConnectionsDeps, { connection }: Attempt, error: unknown): Failure {
  if (error instanceof StoreError) throw error;
  deps.onEvent({ event: "connection.crashed", connectionId: connection.id, error });
  return { code: "unknown", class: "retry", retryAfterMs: null, holdsBackApp: false, traceId: null };
}

function openSealed(deps: ConnectionsDeps, connection: ConnectionRecord, sealed: string | null): string {
  if (sealed === null) throw new ConnectionError("reconnect_required");
  return deps.seal.open(sealed, { connectionId: connection.id, flavour: connection.flavour });
}

function withAge(value: string, issuedAt: Date | null): { value: string; issuedAt?: Date } {
  return issuedAt === null ? { value } : { value, issuedAt };
}

type Answer = {
  token: LongLivedToken;
  previous: "replaced" | "kept" | "none";
  kind: RefreshAttempt["kind"];
  startedAtMs: number;
};

async function commit(deps: ConnectionsDeps, attempt: Attempt, answer: Answer): Promise<RefreshResult> {
  const { lease, connection } = attempt;
  const token = { ...answer.token, permissions: answer.token.permissions ?? connection.permissions };
  const belongsTo = { connectionId: connection.id, flavour: connection.flavour };
  const saved = await deps.store.saveRefreshed({
    lease,
    token: storedTokenOf(deps, token, belongsTo),
    previous: answer.previous,
    history: historyRow(deps, attempt, {
      kind: answer.kind,
      outcome: "succeeded",
      tokenExpiresAt: token.expiresAt,
    }),
    renewedAt: answer.previous === "none" && answer.kind === "proof" ? null : deps.now(),
    alerts: endsIncident(connection, token) ? recoveryOf(deps, connection, token.expiresAt) : [],
    now: deps.now(),
  });
  if (!saved) return superseded(deps, lease);
  deps.onEvent({
    event: "connection.refreshed",
    connectionId: connection.id,
    durationMs: Math.round(performance.now() - answer.startedAtMs),
    expiresAt: token.expiresAt,
  });
  return { kind: "refreshed", expiresAt: token.expiresAt };
}

type FallBack = { kind: "restored"; result: RefreshResult } | { kind: "refused"; failure: Failure | null };

/**
 * The current token is refused. The previous one, while it lives, is refreshed instead; one too young for
 * that, but alive, is put back. A failure that proves nothing about it makes the whole attempt one to retry.
 */
async function fallBack(deps: ConnectionsDeps, attempt: Attempt, startedAtMs: number): Promise<FallBack> {
  const { connection, lease } = attempt;
  const { previousSealedToken, previousTokenIssuedAt, previousTokenExpiresAt } = connection;
  if (previousSealedToken === null || previousTokenExpiresAt === null)
    return { kind: "refused", failure: null };
  if (previousTokenExpiresAt <= deps.now()) return { kind: "refused", failure: null };
  try {
    const login = loginOf(deps, connection.flavour);
    const value = openSealed(deps, connection, previousSealedToken);
    const token = await login.refreshLongLivedToken(withAge(value, previousTokenIssuedAt));
    const answer = { token, previous: "kept", kind: "restore", startedAtMs } as const;
    return { kind: "restored", result: await commit(deps, attempt, answer) };
  } catch (error) {
    const failure = failureOf(error) ?? crashed(deps, attempt, error);
    if (failure.class === "reconnect") return { kind: "refused", failure: null };
    if (failure.code !== "token_too_young") return { kind: "refused", failure };
  }
  const issuedAtMs = (previousTokenIssuedAt ?? deps.now()).getTime();
  const nextRefreshAt = new Date(issuedAtMs + REFRESHABLE_AFTER_MS);
  const restored = await deps.store.restorePrevious({
    lease,
    nextRefreshAt,
    history: historyRow(deps, attempt, {
      kind: "restore",
      outcome: "succeeded",
      tokenExpiresAt: previousTokenExpiresAt,
    }),
    alerts: recoveryOf(deps, connection, previousTokenExpiresAt),
    now: deps.now(),
  });
  if (restored)
    deps.onEvent({
      event: "connection.restored",
      connectionId: connection.id,
      expiresAt: previousTokenExpiresAt,
    });
  const result: RefreshResult = restored
    ? { kind: "refreshed", expiresAt: previousTokenExpiresAt }
    : superseded(deps, lease);
  return { kind: "restored", result };
}

/** A warning of an end stands until that end has moved, however alive the token is. */
function endsIncident(connection: ConnectionRecord, token: LongLivedToken): boolean {
  const hasMoved = connection.tokenExpiresAt === null || token.expiresAt > connection.tokenExpiresAt;
  return connection.warnedDays === null || renewalOf(connection.flavour) === "automatic" || hasMoved;
}

/** Whoever was told that something is wrong is told that it is not any more. */
function recoveryOf(deps: ConnectionsDeps, connection: ConnectionRecord, expiresAt: Date): NewAlert[] {
  if (connection.incidentId === null) return [];
  return [alertAbout(deps, { ...connection, tokenExpiresAt: expiresAt }, { kind: "connection.recovered" })];
}
