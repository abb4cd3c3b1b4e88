import type { ConnectionRecord } from "@perennial/db";

import type { ConnectionsDeps } from "../deps.ts";
import type { ConnectionErrorCode } from "../errors.ts";
import { freshConnection, isUnproved, tokenOf, type Living } from "../hand-out.ts";
import { milestones } from "../policy.ts";
import { createReconnectLink } from "../reconnect-link.ts";
import type { Refresher } from "../refresh.ts";

/** A token with all that a caller needs to keep it for a while. Never log it. */
export type TokenHandOut = {
  kind: "token";
  connection: Pick<ConnectionRecord, "id" | "accountId" | "username" | "flavour" | "permissions" | "version">;
  accessToken: string;
  expiresAt: Date;
  fetchedAt: Date;
  maxCacheSeconds: number;
  /** The token as it is stored, and until when the same is handed out unless something is committed; null if not even that is sure. */
  again: { sealedToken: string; until: Date } | null;
};

/** The token has not changed since the caller last got it. */
export type TokenUnchanged = { kind: "unchanged"; version: number; maxCacheSeconds: number };

/** There is no token that would do: why, since when, and where a person can help. */
export type TokenRefusal = {
  kind: "refused";
  code: ConnectionErrorCode;
  at: Date | null;
  reconnectUrl: string | null;
  /** The scopes that were asked for and are not known to be granted. */
  missingScopes: string[];
};

/** What came of a caller's request for a token. */
export type HandOutResult = TokenHandOut | TokenUnchanged | TokenRefusal;

/** What a caller says beside its key. */
export type CallerRequest = {
  /** Scopes the token has to have. */
  scopes: readonly string[];
  /** Whether the caller has the answer for a version of the connection already. */
  isKnown: (version: number) => boolean;
};

/** A token may be kept for this long without asking; less where it fails or ends soon. */
const MOST_CACHE_SECONDS = 300;
const CACHE_SECONDS_IN_TROUBLE = 30;
/** No answer lets a token be kept into its last minute. */
const SPARED_AT_THE_END_MS = 60_000;

/**
 * Hands out a token of a connection that was just read. One that is urgent is refreshed first; one that is
 * known to be dead is not given out, nor is one without the scopes that were asked for.
 *
 * @throws {ConnectionError} `token_unreadable`
 */
export async function handOutToCaller(
  deps: ConnectionsDeps,
  refresh: Refresher,
  { record: found, scopes, isKnown }: CallerRequest & { record: ConnectionRecord },
): Promise<HandOutResult> {
  const connection = await freshConnection(deps, refresh, { found, trigger: "api" });
  if (connection === null) return refused("connection_not_found");
  const reconnectUrl = () => createReconnectLink(deps, found.id);
  if (connection.kind === "dead")
    return { ...refused(connection.code), at: connection.at, reconnectUrl: await reconnectUrl() };
  const { record, life } = connection;
  const granted = record.permissions ?? []; // nobody said what was granted: nothing is known to be
  const missingScopes = scopes.filter((scope) => !granted.includes(scope));
  if (missingScopes.length > 0)
    return { ...refused("permission_missing"), missingScopes, reconnectUrl: await reconnectUrl() };
  const fetchedAt = deps.now();
  const maxCacheSeconds = cacheSecondsOf(connection, fetchedAt);
  if (isKnown(record.version)) return { kind: "unchanged", version: record.version, maxCacheSeconds };
  const accessToken = tokenOf(deps, connection);
  const { id, accountId, username, flavour, permissions, version } = record;
  return {
    kind: "token",
    connection: { id, accountId, username, flavour, permissions, version },
    accessToken,
    expiresAt: life.expiresAt,
    fetchedAt,
    maxCacheSeconds,
    again: againOf(deps, connection, fetchedAt),
  };
}

function againOf({ schedule }: ConnectionsDeps, living: Living, now: Date): TokenHandOut["again"] {
  const { record, sealedToken, life } = living;
  if (isUnproved(record)) return null; // each request asks for a refresh, as it does from the urgent instant on
  const cachedShorterFromMs = life.expiresAt.getTime() - SPARED_AT_THE_END_MS - MOST_CACHE_SECONDS * 1_000;
  const urgentMs = life.renewal === "automatic" ? milestones(life, schedule).urgentAt.getTime() : Infinity;
  const until = new Date(Math.min(cachedShorterFromMs, urgentMs));
  return until > now ? { sealedToken, until } : null;
}

function refused(code: ConnectionErrorCode): TokenRefusal {
  return { kind: "refused", code, at: null, reconnectUrl: null, missingScopes: [] };
}

function cacheSecondsOf({ record, life, isUrgent }: Living, now: Date): number {
  const most = isUrgent || record.failedAttempts > 0 ? CACHE_SECONDS_IN_TROUBLE : MOST_CACHE_SECONDS;
  const leftMs = life.expiresAt.getTime() - SPARED_AT_THE_END_MS - now.getTime();
  return Math.max(0, Math.min(most, Math.floor(leftMs / 1_000)));
}
