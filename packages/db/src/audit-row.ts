import { checked } from "./checked-limit.ts";
import type { AuditDetail, AuditEvent, AuditQuery } from "./store/audit-events.ts";
import type { SignInAudit } from "./store/complete-sign-in.ts";

/** An event as it is kept: its particulars as one text, the same in both engines. */
export function auditRow({ detail, ...event }: AuditEvent): AuditRow {
  return { ...event, detail: JSON.stringify(detail) };
}

/** An event as it was kept. */
export function auditEventOf({ detail, ...row }: AuditRow): AuditEvent {
  return { ...row, detail: JSON.parse(detail) as AuditDetail };
}

type AuditRow = Omit<AuditEvent, "detail"> & { detail: string };

/** An event of whoever signed in, once it is known who that was. */
export function auditRowOf(audit: SignInAudit, userId: string): AuditRow {
  return auditRow({ ...audit, userId, actor: audit.actor ?? userId });
}

/** An event with how much it was that it is about. */
export function auditRowWith(counts: AuditDetail, { detail, ...audit }: AuditEvent): AuditRow {
  return auditRow({ ...audit, detail: { ...detail, ...counts } });
}

/** After every instant and every id: where a page begins that begins at the newest event. */
const NEWEST = { at: new Date("9999-12-31T23:59:59.999Z"), id: "" } as const;
const OLDEST_AT = new Date(0);

/** What a page of events is selected by. */
export function auditPage({ before, kind, since, limit }: Omit<AuditQuery, "userId">) {
  return { ...(before ?? NEWEST), kind: kind ?? null, since: since ?? OLDEST_AT, limit: checked(limit) };
}
