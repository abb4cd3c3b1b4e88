import { auditRowWith } from "../audit-row.ts";
import { and, desc, eq, gt, lt, ne } from "../drizzle.ts";
import { slot, slotsOf } from "../slots.ts";
import type { SessionStore } from "../store/sessions.ts";
import { createWriteAudit, prepareInsertAuditEvent } from "./audit-events.ts";
import type { Engine } from "./engine.ts";
import { sessions } from "./schema.ts";

/** Live sessions, by the hash of their id. */
export function createSessionMethods({ db, read, write, writeWithoutSync }: Engine): SessionStore {
  const slots = slotsOf(sessions);
  const writeAudit = createWriteAudit(db);
  const insertAudit = prepareInsertAuditEvent(db);
  const wallNow = slot(sessions.expiresAt, "wallNow");
  const isLive = and(eq(sessions.idHash, slots.idHash), gt(sessions.expiresAt, wallNow));

  const find = db.select().from(sessions).where(isLive).prepare();
  // Never backwards, and no write where nothing changes.
  const touch = db
    .update(sessions)
    .set({ lastSeenAt: wallNow })
    .where(and(isLive, lt(sessions.lastSeenAt, wallNow)))
    .prepare();
  const remove = db.delete(sessions).where(eq(sessions.idHash, slots.idHash)).prepare();
  const list = db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, slots.userId), gt(sessions.expiresAt, wallNow)))
    .orderBy(desc(sessions.lastSeenAt), desc(sessions.idHash))
    .prepare();
  const removeAll = db
    .delete(sessions)
    .where(and(eq(sessions.userId, slots.userId), ne(sessions.idHash, slots.idHash)))
    .prepare();

  return {
    findSession: (idHash, wallNow) => read(() => find.get({ idHash, wallNow }) ?? null),
    touchSession: (idHash, wallNow) => writeWithoutSync(() => void touch.run({ idHash, wallNow })),
    deleteSession: (idHash, audit) =>
      write(() => {
        if (remove.run({ idHash }).changes === 1) writeAudit(audit);
      }),
    listSessions: (input) => read(() => list.all(input)),
    deleteSessions: ({ userId, exceptIdHash }, audit) =>
      write(() => {
        const { changes } = removeAll.run({ userId, idHash: exceptIdHash ?? "" });
        if (changes > 0 && audit !== undefined) insertAudit.run(auditRowWith({ sessions: changes }, audit));
        return changes;
      }),
  };
}
