import type { AuditDetail, AuditEvent } from "./records.ts";

/** An event as it is kept: its particulars as one text, the same in both engines. */
export function auditRow({ detail, ...event }: AuditEvent): AuditRow {
  return { ...event, detail: JSON.stringify(detail) };
}

/** An event as it was kept. */
export function auditEventOf({ detail, ...row }: AuditRow): AuditEvent {
  return { ...row, detail: JSON.parse(detail) as AuditDetail };
}

type AuditRow = Omit<AuditEvent, "detail"> & { detail: string };

/** Where a page begins that begins at the newest event: after every instant and every id. */
export const NEWEST_AUDIT_EVENT = { at: new Date("9999-12-31T23:59:59.999Z"), id: "" } as const;
