import { and, desc, eq, gte, sql } from "../drizzle.ts";

import { auditEventOf, auditPage, auditRow } from "../audit-row.ts";
import { slot, slotsOf } from "../slots.ts";
import type { AuditEvent, AuditStore } from "../store/audit-events.ts";
import type { Engine } from "./engine.ts";
import { auditEvents } from "./schema.ts";

/** Writes an event, of which `auditRow` gives the values; one that is there already stays as it is. */
export function prepareInsertAuditEvent(db: Engine["db"]) {
  return db.insert(auditEvents).values(slotsOf(auditEvents)).onConflictDoNothing().prepare();
}

/** Writes an event where there is one, in the write that does what it tells of. */
export type WriteAudit = (audit: AuditEvent | undefined) => void;

/** Binds it to a connection. */
export function createWriteAudit(db: Engine["db"]): WriteAudit {
  const insert = prepareInsertAuditEvent(db);
  return (audit) => {
    if (audit !== undefined) insert.run(auditRow(audit));
  };
}

/** What was done, by whom and to whom. */
export function createAuditMethods({ db, read, write }: Engine): AuditStore {
  const slots = slotsOf(auditEvents);
  const insert = prepareInsertAuditEvent(db);
  const isAsked = and(
    sql`(${auditEvents.at}, ${auditEvents.id}) < (${slots.at}, ${slots.id})`,
    gte(auditEvents.at, slot(auditEvents.at, "since")),
    sql`(${slots.kind} is null or ${auditEvents.kind} = ${slots.kind}
      or substr(${auditEvents.kind}, 1, length(${slots.kind}) + 1) = ${slots.kind} || '.')`,
  );
  const page = () => db.select().from(auditEvents);
  const list = page()
    .where(isAsked)
    .orderBy(desc(auditEvents.at), desc(auditEvents.id))
    .limit(sql.placeholder("limit"))
    .prepare();
  const listOfUser = page()
    .where(and(eq(auditEvents.userId, slots.userId), isAsked))
    .orderBy(desc(auditEvents.at), desc(auditEvents.id))
    .limit(sql.placeholder("limit"))
    .prepare();

  return {
    appendAuditEvents: (events) =>
      write(() => {
        for (const event of events) insert.run(auditRow(event));
      }),
    listAuditEvents: ({ userId, ...query }) =>
      read(() => {
        const values = auditPage(query);
        const rows = userId === null ? list.all(values) : listOfUser.all({ ...values, userId });
        return rows.map(auditEventOf);
      }),
  };
}
