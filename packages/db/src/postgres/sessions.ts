import { auditRowWith } from "../audit-row.ts";
import { and, desc, eq, gt, lt, ne } from "../drizzle.ts";
import type { SessionStore } from "../store/sessions.ts";
import { prepareAuditOf, prepareInsertAuditEvent, underAuditNames } from "./audit-events.ts";
import type { Engine } from "./engine.ts";
import { createGroupedWrite } from "./grouped-writes.ts";
import { sessions } from "./schema.ts";
import { slot, slotsOf } from "./slots.ts";

/** Live sessions, by the hash of their id. */
export function createSessionMethods(engine: Engine): SessionStore {
  const { db, read, write, transaction } = engine;
  const writeUse = createGroupedWrite(engine, { isDurable: false });
  const slots = slotsOf(sessions);
  const wallNow = slot(sessions.expiresAt, "wallNow");
  const isLive = and(eq(sessions.idHash, slots.idHash), gt(sessions.expiresAt, wallNow));

  const find = db.select().from(sessions).where(isLive).prepare("");
  // Never backwards, and no write where nothing changes.
  const touch = db
    .update(sessions)
    .set({ lastSeenAt: wallNow })
    .where(and(isLive, lt(sessions.lastSeenAt, wallNow)))
    .prepare("");
  const removal = () => db.delete(sessions).where(eq(sessions.idHash, slots.idHash));
  const remove = removal().prepare("");
  const removed = db.$with("removed").as(removal().returning({ idHash: sessions.idHash }));
  const removeAudited = prepareAuditOf(db, removed);
  const insertAudit = prepareInsertAuditEvent(db);
  const list = db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, slots.userId), gt(sessions.expiresAt, wallNow)))
    .orderBy(desc(sessions.lastSeenAt), desc(sessions.idHash))
    .prepare("");
  const removeAll = db
    .delete(sessions)
    .where(and(eq(sessions.userId, slots.userId), ne(sessions.idHash, slots.idHash)))
    .prepare("");

  return {
    findSession: async (idHash, wallNow) => {
      const [session] = await read((run) => run(find, { idHash, wallNow }));
      return session ?? null;
    },
    touchSession: async (idHash, wallNow) => {
      await writeUse((run) => run(touch, { idHash, wallNow }));
    },
    listSessions: (input) => read((run) => run(list, input)),
    // Done twice after a lost answer it says how many were left.
    deleteSessions: ({ userId, exceptIdHash }, audit) =>
      transaction(async (run) => {
        const gone = (await run(removeAll, { userId, idHash: exceptIdHash ?? "" })).rowCount ?? 0;
        if (gone > 0 && audit !== undefined) await run(insertAudit, auditRowWith({ sessions: gone }, audit));
        return gone;
      }),
    deleteSession: async (idHash, audit) => {
      await write(
        (run) =>
          audit === undefined
            ? run(remove, { idHash })
            : run(removeAudited, { idHash, ...underAuditNames(audit) }),
        { isRepeatable: true },
      );
    },
  };
}
