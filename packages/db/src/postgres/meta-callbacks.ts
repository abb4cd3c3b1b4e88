import { and, asc, eq, gte, isNull, sql } from "../drizzle.ts";

import { checked } from "../checked-limit.ts";
import { isNewer, renewed } from "../renewed-callback.ts";
import type { MetaCallbackStore } from "../store/meta-callbacks.ts";
import { prepareAuditOf, underAuditNames } from "./audit-events.ts";
import type { Engine } from "./engine.ts";
import { auditEvents, metaCallbacks } from "./schema.ts";
import { slot, slotsOf } from "./slots.ts";

/** What Meta told of people, from its acceptance to its end. */
export function createMetaCallbackMethods({ db, read, write }: Engine): MetaCallbackStore {
  const statements = prepareStatements(db);
  const { accept, find, findSince, findByCode, findAudit, listOpen, complete } = statements;

  return {
    acceptMetaCallback: async ({ callback, audit }) => {
      const [written, [kept], [found]] = await write(
        (run, isRepeat) =>
          Promise.all([
            run(accept, { ...callback, ...underAuditNames(audit) }),
            run(find, callback),
            isRepeat ? run(findAudit, { id: audit.id }) : [],
          ]),
        { isRepeatable: true },
      );
      if (kept === undefined) throw new Error("A callback that was just accepted is gone.");
      return { callback: kept, isNew: written.rowCount === 1 || found !== undefined };
    },
    findMetaCallback: async (id) => {
      const [found] = await read((run) => run(find, { id }));
      return found ?? null;
    },
    hasMetaCallbackSince: async (acceptedAt) => {
      const [found] = await read((run) => run(findSince, { acceptedAt }));
      return found !== undefined;
    },
    findMetaCallbackByCode: async (confirmationCode) => {
      const [found] = await read((run) => run(findByCode, { confirmationCode }));
      return found ?? null;
    },
    listOpenMetaCallbacks: async ({ limit }) => {
      const values = { limit: checked(limit) };
      return read((run) => run(listOpen, values));
    },
    completeMetaCallback: async ({ audit, ...completion }) => {
      const [written, [found]] = await write(
        (run, isRepeat) =>
          Promise.all([
            run(complete, { ...completion, ...underAuditNames(audit) }),
            isRepeat ? run(findAudit, { id: audit.id }) : [],
          ]),
        { isRepeatable: true },
      );
      return written.rowCount === 1 || found !== undefined;
    },
  };
}

function prepareStatements(db: Engine["db"]) {
  const slots = slotsOf(metaCallbacks);
  const isOpen = isNull(metaCallbacks.completedAt);
  const accepted = db.$with("accepted").as(
    db
      .insert(metaCallbacks)
      .values({ ...slots, completedAt: null, outcome: null })
      .onConflictDoUpdate({
        target: metaCallbacks.id,
        set: renewed(slots),
        setWhere: isNewer(slots.issuedAt),
      })
      .returning({ id: metaCallbacks.id }),
  );
  const completed = db.$with("completed").as(
    db
      .update(metaCallbacks)
      .set({ completedAt: slots.completedAt, outcome: slots.outcome, providerUserId: null })
      .where(and(eq(metaCallbacks.id, slots.id), eq(metaCallbacks.issuedAt, slots.issuedAt), isOpen))
      .returning({ id: metaCallbacks.id }),
  );
  return {
    accept: prepareAuditOf(db, accepted),
    complete: prepareAuditOf(db, completed),
    find: db.select().from(metaCallbacks).where(eq(metaCallbacks.id, slots.id)).prepare(""),
    findSince: db
      .select({ acceptedAt: metaCallbacks.acceptedAt })
      .from(metaCallbacks)
      .where(gte(metaCallbacks.acceptedAt, slots.acceptedAt))
      .limit(1)
      .prepare(""),
    findByCode: db
      .select()
      .from(metaCallbacks)
      .where(eq(metaCallbacks.confirmationCode, slots.confirmationCode))
      .prepare(""),
    /** Only this caller knows the id: what is found was written before its answer was lost. */
    findAudit: db
      .select({ id: auditEvents.id })
      .from(auditEvents)
      .where(eq(auditEvents.id, slot(auditEvents.id, "id")))
      .prepare(""),
    listOpen: db
      .select()
      .from(metaCallbacks)
      .where(isOpen)
      .orderBy(asc(metaCallbacks.acceptedAt), asc(metaCallbacks.id))
      .limit(sql.placeholder("limit"))
      .prepare(""),
  };
}
