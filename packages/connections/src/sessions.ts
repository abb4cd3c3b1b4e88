import { StoreError, type SessionRecord, type SessionRecordInput } from "@perennial/db";

import { auditEvent } from "./audit/audit-event.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { hashSecret } from "./ids.ts";
import { createOncePer } from "./once-per.ts";

const DAY_MS = 86_400_000;

/** A session ends this long after sign-in, whatever happens. */
export const SESSION_LIFETIME_MS = 7 * DAY_MS;

/** A session that was not used for this long has ended too. */
export const SESSION_IDLE_MS = 3 * DAY_MS;

/** Uses are noted at most this often, so that reading a page does not cost a write. */
const TOUCH_INTERVAL_MS = 5 * 60_000;

/** A session that may act for a user. */
export type LiveSession = { userId: string; createdAt: Date; expiresAt: Date };

/** A session as it leaves the sign-in: the id is given to the browser and stored nowhere. */
export type OpenedSession = { id: string; userId: string; expiresAt: Date };

/** Finds the live session behind an id that is used; null when it was ended, has expired, was left alone or never was. */
type FindSession = (sessionId: string) => Promise<LiveSession | null>;

/**
 * The session id of a sign-in: 256 bits that follow from the browser's own secret, so that an answer that
 * was lost on its way can be given again. It is a new id for every sign-in, and the database, which knows
 * only hashes, cannot make it.
 */
export function sessionIdOf(attemptId: string, browserSecret: string): string {
  return hashSecret(JSON.stringify(["session", attemptId, browserSecret]));
}

/** The name of a session for people and logs. It opens nothing, and leads back to neither the id nor its row. */
export function sessionHandleOf(idHash: string): string {
  return `ses_${hashSecret(JSON.stringify(["handle", idHash])).slice(0, 22)}`;
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

/** The live session behind an id; to look is not to use it. */
export async function findLiveSession(
  { store, wallNow }: Pick<ConnectionsDeps, "store" | "wallNow">,
  sessionId: string,
): Promise<SessionRecord | null> {
  const now = wallNow();
  const row = await store.findSession(hashSecret(sessionId), now);
  return row !== null && isInUse(row, now) ? row : null;
}

/** The session of an earlier answer to the same browser, if it is still live. Opens nothing. */
export async function findOpenedSession(
  deps: Pick<ConnectionsDeps, "store" | "wallNow">,
  attemptId: string,
  browserSecret: string,
): Promise<OpenedSession | null> {
  const id = sessionIdOf(attemptId, browserSecret);
  const row = await findLiveSession(deps, id);
  return row === null ? null : { id, userId: row.userId, expiresAt: row.expiresAt };
}

/**
 * Binds the look at sessions to one process. When a session was used is written behind the answer, now and then: a
 * page costs no write, and however many ask at once, one of them writes.
 */
export function createFindSession(deps: ConnectionsDeps): FindSession {
  const isWorthNoting = createOncePer(TOUCH_INTERVAL_MS);
  return async (sessionId) => {
    const row = await findLiveSession(deps, sessionId);
    if (row === null) return null;
    const { idHash, userId, createdAt, expiresAt, lastSeenAt } = row;
    const wallNow = deps.wallNow();
    const isOld = wallNow.getTime() - lastSeenAt.getTime() >= TOUCH_INTERVAL_MS;
    if (isOld && isWorthNoting(idHash, wallNow)) noteUse(deps, idHash, wallNow);
    return { userId, createdAt, expiresAt };
  };
}

/** Whether a session was used lately enough to be anybody's. */
export function isInUse({ lastSeenAt }: Pick<SessionRecord, "lastSeenAt">, wallNow: Date): boolean {
  return wallNow.getTime() - lastSeenAt.getTime() < SESSION_IDLE_MS;
}

/** Ends a session; from the next call on it is nobody's, in every process. */
export async function endSession(deps: ConnectionsDeps, sessionId: string): Promise<void> {
  const idHash = hashSecret(sessionId);
  const row = await deps.store.findSession(idHash, deps.wallNow());
  if (row === null) return;
  const about = { userId: row.userId, subjectId: sessionHandleOf(idHash) };
  await deps.store.deleteSession(idHash, auditEvent(deps, "session.ended", about));
}

function noteUse({ store, onEvent }: ConnectionsDeps, idHash: string, wallNow: Date): void {
  store.touchSession(idHash, wallNow).catch((error: unknown) => {
    // A house that is moving is read and not written.
    if (!(error instanceof StoreError && error.code === "moved"))
      onEvent({ event: "session.use_not_noted", error });
  });
}
