import type { SessionRecordInput } from "@perennial/db";

import type { ConnectionsDeps } from "./deps.ts";
import { hashSecret } from "./ids.ts";

/** A session ends this long after sign-in, whatever happens. */
export const SESSION_LIFETIME_MS = 7 * 86_400_000;

/** Uses are noted at most this often, so that reading a page does not cost a write. */
const TOUCH_INTERVAL_MS = 10 * 60_000;

/** A session that may act for a user. */
export type LiveSession = { userId: string; createdAt: Date; expiresAt: Date };

/** A session as it leaves the sign-in: the id is given to the browser and stored nowhere. */
export type OpenedSession = { id: string; userId: string; expiresAt: Date };

/**
 * The session id of a sign-in: 256 bits that follow from the browser's own secret, so that an answer that
 * was lost on its way can be given again. It is a new id for every sign-in, and the database, which knows
 * only hashes, cannot make it.
 */
export function sessionIdOf(attemptId: string, browserSecret: string): string {
  return hashSecret(JSON.stringify(["session", attemptId, browserSecret]));
}

/** The row that recognises a session id. */
export function newSessionRow(
  sessionId: string,
  wallNow: Date,
  userAgent: string | null,
): SessionRecordInput {
  return {
    idHash: hashSecret(sessionId),
    userAgent: userAgent?.slice(0, 256) ?? null,
    createdAt: wallNow,
    lastSeenAt: wallNow,
    expiresAt: new Date(wallNow.getTime() + SESSION_LIFETIME_MS),
  };
}

/** The session of an earlier answer to the same browser, if it is still live. Opens nothing. */
export async function findOpenedSession(
  deps: ConnectionsDeps,
  attemptId: string,
  browserSecret: string,
): Promise<OpenedSession | null> {
  const id = sessionIdOf(attemptId, browserSecret);
  const row = await deps.store.findSession(hashSecret(id), deps.wallNow());
  return row === null ? null : { id, userId: row.userId, expiresAt: row.expiresAt };
}

/** The live session behind an id, or null when it was ended, has expired or never was. */
export async function findLiveSession(deps: ConnectionsDeps, sessionId: string): Promise<LiveSession | null> {
  const wallNow = deps.wallNow();
  const idHash = hashSecret(sessionId);
  const row = await deps.store.findSession(idHash, wallNow);
  if (row === null) return null;
  if (wallNow.getTime() - row.lastSeenAt.getTime() >= TOUCH_INTERVAL_MS) {
    await deps.store.touchSession(idHash, wallNow);
  }
  return { userId: row.userId, createdAt: row.createdAt, expiresAt: row.expiresAt };
}

/** Ends a session; from the next call on it is nobody's, in every process. */
export async function endSession(deps: ConnectionsDeps, sessionId: string): Promise<void> {
  await deps.store.deleteSession(hashSecret(sessionId));
}
