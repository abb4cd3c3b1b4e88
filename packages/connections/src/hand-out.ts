import { StoreError, type AttemptTrigger, type ConnectionRecord } from "@perennial/db";

import type { ConnectionsDeps } from "./deps.ts";
import { ConnectionError, isErrorCode, type ConnectionErrorCode } from "./errors.ts";
import { openedToken } from "./held-connection.ts";
import { milestones, phaseAt, type PlannedLife } from "./policy.ts";
import type { Refresher } from "./refresh.ts";
import { plannedLifeOf } from "./token-life.ts";

/** A token in the clear, for a caller that may have it. Never log it. */
export type HandedOutToken = {
  connectionId: string;
  accountId: string;
  accessToken: string;
  permissions: string[] | null;
  expiresAt: Date;
};

/** A connection whose token lives, as far as is known. */
export type Living = {
  kind: "living";
  record: ConnectionRecord;
  sealedToken: string;
  life: PlannedLife;
  isUrgent: boolean;
};

/** A connection whose token is known to be dead: what ended it, and when. */
export type Dead = { kind: "dead"; record: ConnectionRecord; code: ConnectionErrorCode; at: Date | null };

/**
 * Hands out a working token. One that is urgent, or came from a backup and was not proved yet, is refreshed first;
 * when that fails and the token still lives, the living token is handed out.
 *
 * @throws {ConnectionError} `connection_not_found`; `reconnect_required`, `token_expired` or what ended the
 *   token: a token known to be dead is never given out; `token_unreadable`.
 */
export async function handOut(
  deps: ConnectionsDeps,
  refresh: Refresher,
  input: { connectionId: string; trigger: AttemptTrigger },
): Promise<HandedOutToken> {
  const found = await deps.store.findConnectionById(input.connectionId);
  const connection = await freshConnection(deps, refresh, { found, trigger: input.trigger });
  if (connection === null) throw new ConnectionError("connection_not_found");
  if (connection.kind === "dead") throw new ConnectionError(connection.code);
  const { record, life } = connection;
  return {
    connectionId: record.id,
    accountId: record.accountId,
    accessToken: tokenOf(deps, connection),
    permissions: record.permissions,
    expiresAt: life.expiresAt,
  };
}

/**
 * A connection that was just read, refreshed first where it is urgent or was not proved yet. Null when there is none, or it was
 * disconnected.
 */
export async function freshConnection(
  deps: ConnectionsDeps,
  refresh: Refresher,
  { found, trigger }: { found: ConnectionRecord | null; trigger: AttemptTrigger },
): Promise<Living | Dead | null> {
  const connection = judgeConnection(deps, found);
  if (connection === null || connection.kind === "dead") return connection;
  if (!connection.isUrgent && !isUnproved(connection.record)) return connection;
  const connectionId = connection.record.id;
  await refresh({ connectionId, trigger, userId: null, force: false }).catch((error: unknown) => {
    // A house that is moving renews nothing, but the token it holds still works.
    if (!(error instanceof StoreError && error.code === "moved")) throw error;
  });
  return judgeConnection(deps, await deps.store.findConnectionById(connectionId));
}

/** It came from a backup, and nobody knows yet whether it still works. */
export function isUnproved({ attemptSentAt, provedAt }: ConnectionRecord): boolean {
  return attemptSentAt !== null && provedAt === null;
}

/** Opens the token of a connection that lives. @throws {ConnectionError} `token_unreadable` */
export function tokenOf(deps: ConnectionsDeps, { record, sealedToken }: Living): string {
  return openedToken(deps, record, sealedToken);
}

/** A living token in the clear, with the connection that holds it and its life. Never log it. */
export type TokenAsItIs = {
  kind: "living";
  record: ConnectionRecord;
  accessToken: string;
  life: PlannedLife;
};

/**
 * The token of a connection as it is now, for the places it is delivered to: nothing is refreshed for them. Where there
 * is none that works, why.
 *
 * @throws {ConnectionError} `token_unreadable`
 */
export async function tokenAsItIs(
  deps: ConnectionsDeps,
  connectionId: string,
): Promise<TokenAsItIs | { kind: "dead"; code: ConnectionErrorCode }> {
  const connection = judgeConnection(deps, await deps.store.findConnectionById(connectionId));
  if (connection === null) return { kind: "dead", code: "connection_not_found" };
  if (connection.kind === "dead") return { kind: "dead", code: connection.code };
  const { record, life } = connection;
  return { kind: "living", record, life, accessToken: tokenOf(deps, connection) };
}

function judgeConnection(deps: ConnectionsDeps, record: ConnectionRecord | null): Living | Dead | null {
  if (record === null || record.status === "disconnected") return null;
  const { sealedToken, statusReason } = record;
  const life = plannedLifeOf(record);
  if (record.status === "reconnect_required" || sealedToken === null || life === null) {
    const isKnown = statusReason !== null && isErrorCode(statusReason);
    const code = isKnown ? statusReason : "reconnect_required";
    return { kind: "dead", record, code, at: record.lastErrorAt };
  }
  const now = deps.now();
  if (now >= life.expiresAt) return { kind: "dead", record, code: "token_expired", at: life.expiresAt };
  // A person's click is not waited for here.
  const isRenewable = life.renewal === "automatic";
  const isUrgent = isRenewable && phaseAt(milestones(life, deps.schedule), now) === "urgent";
  return { kind: "living", record, sealedToken, life, isUrgent };
}
