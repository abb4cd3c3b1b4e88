import type { ConnectionSummary, Flavour, RefreshAttempt } from "@perennial/db";

import type { ConnectionsDeps } from "./deps.ts";
import { knownErrorCode, type ConnectionErrorCode } from "./errors.ts";
import { EXPLANATIONS } from "./explanations.ts";
import { chancesLeft, milestones, phaseAt, type TokenMilestones } from "./policy.ts";
import { plannedLifeOf } from "./token-life.ts";

/** How a connection is doing, in the words of its life. */
export type ConnectionState = "healthy" | "due" | "urgent" | "failing" | "reconnect_required" | "expired";

/** What stands in the way, with what to do about it. */
export type Problem = { code: ConnectionErrorCode; message: string; cure: string; at: Date | null };

/** The life of the token a connection holds. */
export type TokenLifeView = TokenMilestones & {
  /** True when Instagram did not say when it ends. */
  isExpiryEstimated: boolean;
  /** When the next attempt is scheduled; null when only the person can help. */
  nextRefreshAt: Date | null;
  chancesLeft: number;
};

/** A connection as its owner sees it. Holds no token, sealed or not. */
export type ConnectionView = {
  id: string;
  flavour: Flavour;
  accountId: string;
  username: string;
  name: string | null;
  accountType: string;
  pictureUrl: string | null;
  followersCount: number | null;
  mediaCount: number | null;
  /** Granted scopes; null when Instagram did not say. */
  permissions: string[] | null;
  state: ConnectionState;
  problem: Problem | null;
  life: TokenLifeView | null;
  failedAttempts: number;
  renewedAt: Date | null;
  connectedAt: Date;
  /** Grows with every change. */
  version: number;
};

/** One line of a connection's history. */
export type HistoryEntry = RefreshAttempt & { problem: Problem | null };

/** Describes a connection at an instant. */
export function viewConnection(
  deps: ConnectionsDeps,
  connection: ConnectionSummary,
  now: Date,
): ConnectionView {
  const life = viewLife(deps, connection, now);
  return {
    id: connection.id,
    flavour: connection.flavour,
    accountId: connection.accountId,
    username: connection.username,
    name: connection.name,
    accountType: connection.accountType,
    pictureUrl: connection.pictureUrl,
    followersCount: connection.followersCount,
    mediaCount: connection.mediaCount,
    permissions: connection.permissions,
    state: stateOf(connection, life, now),
    problem: problemOf(connection.statusReason ?? connection.lastErrorCode, connection.lastErrorAt),
    life,
    failedAttempts: connection.failedAttempts,
    renewedAt: connection.renewedAt,
    connectedAt: connection.createdAt,
    version: connection.version,
  };
}

/** Describes one attempt. */
export function viewAttempt(attempt: RefreshAttempt): HistoryEntry {
  return { ...attempt, problem: problemOf(attempt.errorCode, attempt.finishedAt) };
}

function viewLife(deps: ConnectionsDeps, connection: ConnectionSummary, now: Date): TokenLifeView | null {
  const life = plannedLifeOf(connection);
  if (life === null) return null;
  const at = milestones(life, deps.schedule);
  const isKept = connection.status === "active";
  return {
    ...at,
    isExpiryEstimated: connection.isExpiryEstimated,
    nextRefreshAt: isKept ? connection.nextRefreshAt : null,
    chancesLeft: isKept ? chancesLeft(at, deps.schedule, now) : 0,
  };
}

function stateOf(connection: ConnectionSummary, life: TokenLifeView | null, now: Date): ConnectionState {
  if (connection.status !== "active") return "reconnect_required";
  if (life === null) return "expired";
  const phase = phaseAt(life, now);
  if (phase === "expired") return "expired";
  if (connection.failedAttempts > 0) return "failing";
  return phase === "too_young" || phase === "not_due" ? "healthy" : phase;
}

/** A stored error code in words; codes of another version are told as unknown. */
export function problemOf(code: string | null, at: Date | null): Problem | null {
  if (code === null) return null;
  const known = knownErrorCode(code);
  const { message, cure } = EXPLANATIONS[known];
  return { code: known, message, cure, at };
}
