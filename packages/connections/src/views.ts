import type { ConnectionSummary, Flavour, RefreshAttempt } from "@perennial/db";
import type { InstagramErrorReason } from "@perennial/instagram";

import type { ConnectionsDeps } from "./deps.ts";
import { knownErrorCode, type ConnectionErrorCode } from "./errors.ts";
import { EXPLANATIONS } from "./explanations.ts";
import { failureClassOf, type FailureClass } from "./failure-classes.ts";
import { chancesLeft, milestones, phaseAt, type Renewal, type TokenMilestones } from "./policy.ts";
import { missingScopesOf } from "./scopes.ts";
import { plannedLifeOf, renewalOf } from "./token-life.ts";
import { readTranscript, reasonIn, type AttemptStep } from "./transcript.ts";

/** How a connection is doing, in the words of its life. */
export type ConnectionState =
  | "healthy"
  | "due"
  | "urgent"
  | "failing"
  /** It ends soon, and only the person can put that off, by coming back. */
  | "ending"
  | "reconnect_required"
  | "expired";

/**
 * An instant that matters to a connection. `told`: the provider said so. `estimated`: our own careful guess.
 * `unknown`: nobody said, and `at` is null. `none`: the provider said that there is no such end.
 */
export type Deadline = { at: Date | null; basis: "told" | "estimated" | "unknown" | "none" };

/** The instants that a connection lives by. */
export type Deadlines = {
  /** When the token itself expires. */
  tokenExpiry: Deadline;
  /** From when on it can be refreshed; `none` where nobody can refresh it. */
  earliestRefresh: Deadline;
  /** When access to the person's data ends unless they come back. */
  dataAccessEnd: Deadline;
  /** When the token was last seen to work. */
  lastProof: Deadline;
};

/** A scope that was asked for and is not there, with what does not work without it. */
export type MissingScope = { scope: string; purpose: string };

/** What stands in the way, with what to do about it. */
export type Problem = {
  code: ConnectionErrorCode;
  /** What it is followed by, and so who ends it: time, the person, or whoever runs the site. */
  class: FailureClass;
  message: string;
  cure: string;
  at: Date | null;
};

/** The life of the token a connection holds. */
export type TokenLifeView = TokenMilestones & {
  /** True when Instagram did not say when it ends. */
  isExpiryEstimated: boolean;
  /** When the next attempt is scheduled; null when only the person can help. */
  nextRefreshAt: Date | null;
  /** Scheduled attempts before the end; 0 also where only the person can renew. */
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
  /** The scopes that were asked for; null for a token that was brought by hand. */
  requestedScopes: string[] | null;
  /** Scopes that were asked for, or are needed, and were not granted. Empty where nobody said what was granted. */
  missingScopes: MissingScope[];
  /** Who can renew it: we, or only the person by coming back. */
  renewal: Renewal;
  deadlines: Deadlines | null;
  /** The Facebook Page it is reached through; null for Instagram Login. */
  page: { id: string; name: string } | null;
  state: ConnectionState;
  problem: Problem | null;
  life: TokenLifeView | null;
  failedAttempts: number;
  renewedAt: Date | null;
  connectedAt: Date;
  /** Grows with every change. */
  version: number;
};

/** One line of a connection's history, with the calls it took. */
export type HistoryEntry = Omit<RefreshAttempt, "transcript"> & {
  problem: Problem | null;
  /** What Instagram or Facebook said, one step finer than the code. */
  upstreamReason: InstagramErrorReason | null;
  steps: readonly AttemptStep[];
};

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
    requestedScopes: connection.requestedScopes,
    missingScopes: missingScopesOf(connection),
    renewal: renewalOf(connection.flavour),
    deadlines: life === null ? null : deadlinesOf(connection, life),
    page:
      connection.pageId === null
        ? null
        : { id: connection.pageId, name: connection.pageName ?? connection.pageId },
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
export function viewAttempt({ transcript, ...attempt }: RefreshAttempt): HistoryEntry {
  const read = readTranscript(transcript);
  const { errorCode, finishedAt } = attempt;
  const upstreamReason = errorCode === null ? null : reasonIn(read, errorCode);
  return { ...attempt, problem: problemOf(errorCode, finishedAt), upstreamReason, steps: read.steps };
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
    chancesLeft: isKept && life.renewal === "automatic" ? chancesLeft(at, deps.schedule, now) : 0,
  };
}

function stateOf(connection: ConnectionSummary, life: TokenLifeView | null, now: Date): ConnectionState {
  if (connection.status !== "active") return "reconnect_required";
  if (life === null) return "expired";
  const phase = phaseAt(life, now);
  if (phase === "expired") return "expired";
  if (connection.failedAttempts > 0) return "failing";
  if (renewalOf(connection.flavour) === "person") return now < life.dueAt ? "healthy" : "ending";
  return phase === "too_young" || phase === "not_due" ? "healthy" : phase;
}

function deadlinesOf(connection: ConnectionSummary, life: TokenLifeView): Deadlines {
  const { hasNoExpiry, isExpiryEstimated, dataAccessExpiresAt, provedAt, flavour } = connection;
  const isByPerson = renewalOf(flavour) === "person";
  return {
    tokenExpiry: hasNoExpiry
      ? { at: null, basis: "none" }
      : { at: life.expiresAt, basis: isExpiryEstimated ? "estimated" : "told" },
    earliestRefresh: isByPerson ? { at: null, basis: "none" } : { at: life.refreshableAt, basis: "told" },
    dataAccessEnd: dataAccessEndOf(flavour, dataAccessExpiresAt),
    lastProof: provedAt === null ? { at: null, basis: "unknown" } : { at: provedAt, basis: "told" },
  };
}

/** Instagram Login knows no such end; what Facebook did not say is not known. */
function dataAccessEndOf(flavour: Flavour, at: Date | null): Deadline {
  if (at !== null) return { at, basis: "told" };
  return { at, basis: flavour === "instagram" ? "none" : "unknown" };
}

/** A stored error code in words; codes of another version are told as unknown. */
export function problemOf(code: string, at: Date | null): Problem;
export function problemOf(code: string | null, at: Date | null): Problem | null;
export function problemOf(code: string | null, at: Date | null): Problem | null {
  if (code === null) return null;
  const known = knownErrorCode(code);
  const { message, cure } = EXPLANATIONS[known];
  return { code: known, class: failureClassOf(known), message, cure, at };
}
