import { and, asc, eq, gte, isNull, sql } from "../drizzle.ts";

import { auditRow } from "../audit-row.ts";
import { checked } from "../checked-limit.ts";
import { isNewer, renewed } from "../renewed-callback.ts";
import { slotsOf } from "../slots.ts";
import type { MetaCallbackStore } from "../store/meta-callbacks.ts";
import { prepareInsertAuditEvent } from "./audit-events.ts";
import type { Engine } from "./engine.ts";
import { metaCallbacks } from "./schema.ts";

/** What Meta told of people, from its acceptance to its end. */
export function createMetaCallbackMethods({ db, read, write }: Engine): MetaCallbackStore {
  const slots = slotsOf(metaCallbacks);
  const insertAudit = prepareInsertAuditEvent(db);
  const isOpen = isNull(metaCallbacks.completedAt);
  const insert = db
    .insert(metaCallbacks)
    .values({ ...slots, completedAt: null, outcome: null })
    .onConflictDoUpdate({ target: metaCallbacks.id, set: renewed(slots), setWhere: isNewer(slots.issuedAt) })
    .prepare();
  const find = db.select().from(metaCallbacks).where(eq(metaCallbacks.id, slots.id)).prepare();
  const findSince = db
    .select({ acceptedAt: metaCallbacks.acceptedAt })
    .from(metaCallbacks)
    .where(gte(metaCallbacks.acceptedAt, slots.acceptedAt))
    .limit(1)
    .prepare();
  const findByCode = db
    .select()
    .from(metaCallbacks)
    .where(eq(metaCallbacks.confirmationCode, slots.confirmationCode))
    .prepare();
  const listOpen = db
    .select()
    .from(metaCallbacks)
    .where(isOpen)
    .orderBy(asc(metaCallbacks.acceptedAt), asc(metaCallbacks.id))
    .limit(sql.placeholder("limit"))
    .prepare();
  const complete = db
    .update(metaCallbacks)
    .set({ completedAt: slots.completedAt, outcome: slots.outcome, providerUserId: null })
    .where(and(eq(metaCallbacks.id, slots.id), eq(metaCallbacks.issuedAt, slots.issuedAt), isOpen))
    .prepare();

  return {
    acceptMetaCallback: ({ callback, audit }) =>
      write(() => {
        const isNew = insert.run(callback).changes === 1;
        if (isNew) insertAudit.run(auditRow(audit));
        const kept = find.get({ id: callback.id });
        if (kept === undefined) throw new Error("A callback that was just accepted is gone.");
        return { callback: kept, isNew };
      }),
    findMetaCallback: (id) => read(() => find.get({ id }) ?? null),
    hasMetaCallbackSince: (acceptedAt) => read(() => findSince.get({ acceptedAt }) !== undefined),
    findMetaCallbackByCode: (confirmationCode) => read(() => findByCode.get({ confirmationCode }) ?? null),
    listOpenMetaCallbacks: ({ limit }) => read(() => listOpen.all({ limit: checked(limit) })),
    completeMetaCallback: ({ audit, ...completion }) =>
      write(() => {
        const isDone = complete.run(completion).changes === 1;
        if (isDone) insertAudit.run(auditRow(audit));
        return isDone;
      }),
  };
}
