import type { AuditEvent, AuditQuery } from "@perennial/db";

import type { ConnectionsDeps } from "../deps.ts";
import { createOncePer } from "../once-per.ts";
import { META, OPERATOR, VISITOR } from "./acting.ts";
import { auditEvent, hourlyAuditEvent, type AuditAbout } from "./audit-event.ts";
import type { AuditKind } from "./audit-kinds.ts";

/** An event as the person sees it whose account it is about. */
export type ActivityView = Pick<AuditEvent, "id" | "at" | "kind" | "clientNetwork" | "detail"> & {
  by: ActivityBy;
};

/**
 * Who did something to a person's account: they themselves, one of their keys, whoever runs this site, Meta, somebody who
 * was not signed in, or Perennial by itself.
 */
export type ActivityBy = "you" | "key" | "operator" | "meta" | "visitor" | "perennial";

/** What was done, by whom and to whom. Nothing changes it afterwards. */
export type Audit = {
  /** Writes down what was done outside of the use cases, by whoever acts now. */
  record(kind: AuditKind, about: AuditAbout): Promise<void>;
  /** The same for what goes on and on: once in an hour for each `of`. */
  recordHourly(kind: AuditKind, about: AuditAbout & { of: string }): Promise<void>;
  /** What was done, newest first, for operators. */
  list(query: AuditQuery): Promise<AuditEvent[]>;
  /** What was done to a user's account, newest first, for them. */
  activity(input: { userId: string; limit: number }): Promise<ActivityView[]>;
};

const HOUR_MS = 3_600_000;
/** What a process writes of these in an hour: whoever comes from a thousand networks fills nothing. */
const MOST_HOURLY = 1_000;

/** Binds it to a store. */
export function createAudit(deps: Pick<ConnectionsDeps, "store" | "wallNow">): Audit {
  const { store } = deps;
  const isNew = createOncePer(HOUR_MS, MOST_HOURLY);
  return {
    record: (kind, about) => store.appendAuditEvents([auditEvent(deps, kind, about)]),
    recordHourly: async (kind, about) => {
      const event = hourlyAuditEvent(deps, kind, about);
      if (isNew(event.id, event.at)) await store.appendAuditEvents([event]);
    },
    list: (query) => store.listAuditEvents(query),
    activity: async ({ userId, limit }) =>
      (await store.listAuditEvents({ userId, before: null, limit })).map(viewActivity),
  };
}

function viewActivity({ id, at, kind, actor, userId, clientNetwork, detail }: AuditEvent): ActivityView {
  return { id, at, kind, by: actor === userId ? "you" : nameOf(actor), clientNetwork, detail };
}

function nameOf(actor: string): ActivityBy {
  if (actor === OPERATOR || actor === VISITOR || actor === META) return actor;
  return actor.startsWith("key_") ? "key" : "perennial";
}
