import type { AuditEvent } from "./audit-events.ts";

/** A signed-in browser. The id itself is never stored, only its hash. */
export type SessionRecord = {
  idHash: string;
  userId: string;
  userAgent: string | null;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
};

/** A new session; its user is decided by the transaction. */
export type SessionRecordInput = Omit<SessionRecord, "userId">;

/** Live sessions, by the hash of their id. */
export type SessionStore = {
  /** A live session, or null when it is unknown or expired. */
  findSession(idHash: string, wallNow: Date): Promise<SessionRecord | null>;
  /** Notes that a session was used; never backwards, and not after its end. */
  touchSession(idHash: string, wallNow: Date): Promise<void>;
  /** Ends a session at once, and writes the event where there was one to end. Unknown ones are fine. */
  deleteSession(idHash: string, audit?: AuditEvent): Promise<void>;
  /** A user's live sessions, the one that was used last first. */
  listSessions(input: { userId: string; wallNow: Date }): Promise<SessionRecord[]>;
  /**
   * Ends all sessions of a user at once, but for one where that is named; returns how many there were. The event is
   * written with that number, where there were any.
   */
  deleteSessions(input: { userId: string; exceptIdHash: string | null }, audit?: AuditEvent): Promise<number>;
};
