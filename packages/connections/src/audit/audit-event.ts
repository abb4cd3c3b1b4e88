import type { AuditDetail, AuditEvent, SignInAudit } from "@perennial/db";

import type { ConnectionsDeps } from "../deps.ts";
import { followingId, newId } from "../ids.ts";
import { OPERATOR, whoActs } from "./acting.ts";
import type { AuditKind } from "./audit-kinds.ts";

const HOUR_MS = 3_600_000;

/** What an event is about. Names and numbers, never a secret. */
export type AuditAbout = {
  /** Whose account it is done to; null for nobody's. */
  userId: string | null;
  subjectId?: string | null;
  detail?: AuditDetail;
};

type Deps = Pick<ConnectionsDeps, "wallNow">;

/** An event of what is done now, by whoever acts now. */
export function auditEvent(
  { wallNow }: Deps,
  kind: AuditKind,
  { userId, subjectId = null, detail = {} }: AuditAbout,
): AuditEvent {
  return { id: newId("aud"), at: wallNow(), kind, ...whoActs(), userId, subjectId, detail };
}

/** The same for a sign-in, of whoever it turns out to be; an operator acts for them, where it is one. */
export function signInAudit(deps: Deps, kind: AuditKind, about: Omit<AuditAbout, "userId">): SignInAudit {
  const { userId: _userId, actor, ...event } = auditEvent(deps, kind, { ...about, userId: null });
  return { ...event, actor: actor === OPERATOR ? OPERATOR : null };
}

/**
 * The same for what goes on and on: one event in each hour of the clock for each `of`, whichever processes write it, and
 * however often.
 */
export function hourlyAuditEvent(
  deps: Deps,
  kind: AuditKind,
  { of, ...about }: AuditAbout & { of: string },
): AuditEvent {
  const event = auditEvent(deps, kind, about);
  const hourMs = hourOf(event.at) * HOUR_MS;
  return { ...event, id: followingId("aud", hourMs, `${kind} of ${of}`) };
}

/** The hours of the clock, counted. */
export function hourOf(at: Date): number {
  return Math.floor(at.getTime() / HOUR_MS);
}
