import { auditEvent } from "./audit/audit-event.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { deviceWords } from "./device-words.ts";
import { ConnectionError } from "./errors.ts";
import { hashSecret } from "./ids.ts";
import { isInUse, sessionHandleOf } from "./sessions.ts";

/** A session as its user sees it. The id is its public handle, and opens nothing. */
export type SessionView = {
  id: string;
  createdAt: Date;
  /** Written down every few minutes at most. */
  lastUsedAt: Date;
  expiresAt: Date;
  /** The browser in words, as it says itself. */
  device: string;
  /** Whether it is the one that asks. */
  isThisOne: boolean;
};

/** Whose sessions, and which of them asks; null for an operator, who has none. */
export type OfSessions = { userId: string; sessionId: string | null };

/** A user's sessions: the one that asks, then the one that was used last. */
export async function listSessions(deps: ConnectionsDeps, of: OfSessions): Promise<SessionView[]> {
  const rows = await sessionsOf(deps, of.userId);
  const own = ownHashOf(of);
  return rows
    .map(({ idHash, createdAt, lastSeenAt, expiresAt, userAgent }) => ({
      id: sessionHandleOf(idHash),
      createdAt,
      lastUsedAt: lastSeenAt,
      expiresAt,
      device: deviceWords(userAgent),
      isThisOne: idHash === own,
    }))
    .sort((a, b) => Number(b.isThisOne) - Number(a.isThisOne));
}

/**
 * Ends one session of a user, in every process at once.
 *
 * @throws {ConnectionError} `session_not_found`, also for another user's
 */
export async function revokeSession(
  deps: ConnectionsDeps,
  { userId, id }: { userId: string; id: string },
): Promise<void> {
  const found = (await sessionsOf(deps, userId)).find(({ idHash }) => sessionHandleOf(idHash) === id);
  if (found === undefined) throw new ConnectionError("session_not_found");
  const audit = auditEvent(deps, "session.ended", { userId, subjectId: id, detail: { from: "list" } });
  await deps.store.deleteSession(found.idHash, audit);
}

/** Ends all sessions of a user but the one that asks, in every process at once; returns how many there were. */
export async function revokeSessions(deps: ConnectionsDeps, of: OfSessions): Promise<number> {
  const { userId } = of;
  const exceptIdHash = ownHashOf(of);
  const detail = { isOneKept: exceptIdHash !== null };
  const audit = auditEvent(deps, "session.all_ended", { userId, detail });
  return await deps.store.deleteSessions({ userId, exceptIdHash }, audit);
}

async function sessionsOf({ store, wallNow }: ConnectionsDeps, userId: string) {
  const now = wallNow();
  return (await store.listSessions({ userId, wallNow: now })).filter((row) => isInUse(row, now));
}

function ownHashOf({ sessionId }: OfSessions): string | null {
  return sessionId === null ? null : hashSecret(sessionId);
}
