import type { SessionRecordInput } from "@perennial/db";

import type { ConnectionsDeps } from "./deps.ts";
import { hashSecret, randomText } from "./ids.ts";

/** A session ends this long after sign-in, whatever happens. */
export const SESSION_LIFETIME_MS = 7 * 86_400_000;

/** Uses are noted at most this often, so that reading a page does not cost a write. */
const TOUCH_INTERVAL_MS = 10 * 60_000;

/** A session that may act for a user. */
export type LiveSession = { userId: string; createdAt: Date; expiresAt: Date };

/** A session as it leaves the sign-in: the id is given to the browser and stored nowhere. */
export type OpenedSession = { id: string; userId: string; expiresAt: Date };

/** Makes a session id of 256 random bits, and the row that recognises it. */
export function newSession(wallNow: Date, userAgent: string | null): { id: string; row: SessionRecordInput } {
  const id = randomText(32);
  return {
    id,
    row: {
      idHash: hashSecret(id),
      userAgent: userAgent?.slice(0, 256) ?? null,
      createdAt: wallNow,
      lastSeenAt: wallNow,
      expiresAt: new Date(wallNow.getTime() + SESSION_LIFETIME_MS),
    },
  };
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
