import { auditEvent, type AuditAbout, type AuditKind } from "@perennial/connections";
import { openStore } from "@perennial/db";

import { workspaceRoot } from "./environment.ts";

/** Writes down what was done to a whole database, in that database. */
export async function recordAct(
  databaseUrl: string,
  kind: AuditKind,
  detail: NonNullable<AuditAbout["detail"]>,
): Promise<void> {
  await using store = await openStore(databaseUrl, { baseDirectory: workspaceRoot });
  const about = { userId: null, detail };
  await store.appendAuditEvents([auditEvent({ wallNow: () => new Date() }, kind, about)]);
}
