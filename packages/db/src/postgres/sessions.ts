import { and, desc, eq, gt, lt, ne } from "../drizzle.ts";
import type { Store } from "../store.ts";
import type { Engine } from "./engine.ts";
import { sessions } from "./schema.ts";
import { slot, slotsOf } from "./slots.ts";

type SessionMethods = Pick<
  Store,
  "findSession" | "touchSession" | "deleteSession" | "listSessions" | "deleteSessions"
>;

/** Live sessions, by the hash of their id. */
export function createSessionMethods({ db, read, write }: Engine): SessionMethods {
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
  const remove = db.delete(sessions).where(eq(sessions.idHash, slots.idHash)).prepare("");
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
      const cheap = { isDurable: false, isRepeatable: true };
      await write((run) => run(touch, { idHash, wallNow }), cheap);
    },
    listSessions: (input) => read((run) => run(list, input)),
    // Done twice after a lost answer it says how many were left.
    deleteSessions: async ({ userId, exceptIdHash }) => {
      const values = { userId, idHash: exceptIdHash ?? "" };
      const gone = await write((run) => run(removeAll, values), { isRepeatable: true });
      return gone.rowCount ?? 0;
    },
    deleteSession: async (idHash) => {
      await write((run) => run(remove, { idHash }), { isRepeatable: true });
    },
  };
}
