import type { WithSubquery } from "drizzle-orm";

import { auditEventOf, auditPage, auditRow } from "../audit-row.ts";
import { and, desc, eq, gte, sql } from "../drizzle.ts";
import type { AuditEvent, AuditStore } from "../store/audit-events.ts";
import type { Engine } from "./engine.ts";
import { auditEvents } from "./schema.ts";
import { namedSlots, slot, slotsOf } from "./slots.ts";

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
export function createAuditMethods({ db, read, write }: Engine): AuditStore {
  const slots = slotsOf(auditEvents);
  const insert = prepareInsertAuditEvent(db);
  const isAsked = and(
    sql`(${auditEvents.at}, ${auditEvents.id}) < (${slots.at}, ${slots.id})`,
    gte(auditEvents.at, slot(auditEvents.at, "since")),
    sql`(${slots.kind} is null or ${auditEvents.kind} = ${slots.kind}
      or starts_with(${auditEvents.kind}, ${slots.kind} || '.'))`,
  );
  const page = () => db.select().from(auditEvents);
  const list = page()
    .where(isAsked)
    .orderBy(desc(auditEvents.at), desc(auditEvents.id))
    .limit(sql.placeholder("limit"))
    .prepare("");
  const listOfUser = page()
    .where(and(eq(auditEvents.userId, slots.userId), isAsked))
    .orderBy(desc(auditEvents.at), desc(auditEvents.id))
    .limit(sql.placeholder("limit"))
    .prepare("");

  return {
    appendAuditEvents: async (events) => {
      await write((run) => Promise.all(events.map((event) => run(insert, auditRow(event)))), {
        isRepeatable: true,
      });
    },
    listAuditEvents: async ({ userId, ...query }) => {
      const values = auditPage(query);
      const rows = await read((run) =>
        userId === null ? run(list, values) : run(listOfUser, { ...values, userId }),
      );
      return rows.map(auditEventOf);
    },
  };
}
