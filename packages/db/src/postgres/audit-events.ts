import type { WithSubquery } from "drizzle-orm";

import { NEWEST_AUDIT_EVENT, auditEventOf, auditRow } from "../audit-row.ts";
import { checked } from "../checked-limit.ts";
import { and, desc, eq, sql } from "../drizzle.ts";
import type { AuditEvent } from "../records.ts";
import type { Store } from "../store.ts";
import type { Engine } from "./engine.ts";
import { auditEvents } from "./schema.ts";
import { namedSlots, slotsOf } from "./slots.ts";

const AUDIT_PREFIX = "audit_";

/** Writes an event, of which `auditRow` gives the values; one that is there already stays as it is. */
export function prepareInsertAuditEvent(db: Engine["db"]) {
  return db.insert(auditEvents).values(slotsOf(auditEvents)).onConflictDoNothing().prepare("");
}

/** The same for each row of what was done just now; its values are named by `underAuditNames`. */
export function prepareAuditOf(db: Engine["db"], done: WithSubquery) {
  return db
    .with(done)
    .insert(auditEvents)
    .select(db.select(namedSlots(auditEvents, AUDIT_PREFIX)).from(done))
    .onConflictDoNothing()
    .prepare("");
}

/** The values of an event, named apart from those of what it is about. */
export function underAuditNames(event: AuditEvent): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(auditRow(event)).map(([key, value]) => [`${AUDIT_PREFIX}${key}`, value]),
  );
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
    .prepare("");
  const listOfUser = page()
    .where(and(eq(auditEvents.userId, slots.userId), isBefore))
    .orderBy(desc(auditEvents.at), desc(auditEvents.id))
    .limit(sql.placeholder("limit"))
    .prepare("");

  return {
    appendAuditEvents: async (events) => {
      await write((run) => Promise.all(events.map((event) => run(insert, auditRow(event)))), {
        isRepeatable: true,
      });
    },
    listAuditEvents: async ({ userId, before, limit }) => {
      const values = { ...(before ?? NEWEST_AUDIT_EVENT), limit: checked(limit) };
      const rows = await read((run) =>
        userId === null ? run(list, values) : run(listOfUser, { ...values, userId }),
      );
      return rows.map(auditEventOf);
    },
  };
}
