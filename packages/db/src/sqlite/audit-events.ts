import { and, desc, eq, sql } from "../drizzle.ts";

import { NEWEST_AUDIT_EVENT, auditEventOf, auditRow } from "../audit-row.ts";
import { checked } from "../checked-limit.ts";
import { slotsOf } from "../slots.ts";
import type { Store } from "../store.ts";
import type { Engine } from "./engine.ts";
import { auditEvents } from "./schema.ts";

/** Writes an event, of which `auditRow` gives the values; one that is there already stays as it is. */
export function prepareInsertAuditEvent(db: Engine["db"]) {
  return db.insert(auditEvents).values(slotsOf(auditEvents)).onConflictDoNothing().prepare();
}

/** What was done, by whom and to whom. */
export function createAuditMethods({
  db,
  read,
  write,
}: Engine): Pick<Store, "appendAuditEvents" | "listAuditEvents"> {
  const slots = slotsOf(auditEvents);
  const insert = prepareInsertAuditEvent(db);
  const isBefore = sql`(${auditEvents.at}, ${auditEvents.id}) < (${slots.at}, ${slots.id})`;
  const page = () => db.select().from(auditEvents);
  const list = page()
    .where(isBefore)
    .orderBy(desc(auditEvents.at), desc(auditEvents.id))
    .limit(sql.placeholder("limit"))
    .prepare();
  const listOfUser = page()
    .where(and(eq(auditEvents.userId, slots.userId), isBefore))
    .orderBy(desc(auditEvents.at), desc(auditEvents.id))
    .limit(sql.placeholder("limit"))
    .prepare();

  return {
    appendAuditEvents: (events) =>
      write(() => {
        for (const event of events) insert.run(auditRow(event));
      }),
    listAuditEvents: ({ userId, before, limit }) =>
      read(() => {
        const values = { ...(before ?? NEWEST_AUDIT_EVENT), limit: checked(limit) };
        const rows = userId === null ? list.all(values) : listOfUser.all({ ...values, userId });
        return rows.map(auditEventOf);
      }),
  };
}
