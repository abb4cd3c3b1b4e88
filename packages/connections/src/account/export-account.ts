import type { AuditEvent, ConnectionSummary, IdentityRecord, SessionRecord, UserRecord } from "@perennial/db";

import { listApiKeys, type ApiKeyView } from "../api-keys/manage-keys.ts";
import { auditEvent } from "../audit/audit-event.ts";
import type { ConnectionsDeps } from "../deps.ts";
import { ConnectionError } from "../errors.ts";
import { viewReceipt, viewSink, type SinkReceiptView, type SinkView } from "../sinks/view-sink.ts";
import { viewAlert, type AlertView } from "../view-alert.ts";
import { viewAttempt, type HistoryEntry } from "../views.ts";
import { connectionsOf } from "./connections-of.ts";

/** The version of the form that an export has. */
export const EXPORT_FORMAT = "perennial-account-export-1";

/** Everything that is kept about a person, but for tokens, secrets and their hashes. */
export type AccountExport = {
  format: typeof EXPORT_FORMAT;
  exportedAt: Date;
  user: UserRecord;
  identities: IdentityRecord[];
  connections: (ExportedConnection & {
    history: HistoryEntry[];
    sinks: (SinkView & { receipts: SinkReceiptView[] })[];
  })[];
  alerts: AlertView[];
  apiKeys: ApiKeyView[];
  sessions: Omit<SessionRecord, "idHash" | "userId">[];
  /** What was done to the account, and by whom. */
  audit: AuditEvent[];
};

type ExportedConnection = Omit<ConnectionSummary, "userId" | "incidentId" | "attemptSentAt" | "warnedDays">;

const PAGE_ROWS = 500;
/** More than any of these lists holds. */
const ALL = 1_000_000;

/**
 * Puts together everything that is kept about a person.
 *
 * @throws {ConnectionError} `user_not_found`
 */
export async function exportAccount(deps: ConnectionsDeps, userId: string): Promise<AccountExport> {
  const { store } = deps;
  const user = await store.findUser(userId);
  if (user === null) throw new ConnectionError("user_not_found");
  await store.appendAuditEvents([auditEvent(deps, "account.exported", { userId, subjectId: userId })]);
  const [identities, connections, alerts, apiKeys, sessions, audit] = await Promise.all([
    store.listIdentities(userId),
    connectionsOf(deps, userId),
    store.listAlerts({ userId, limit: ALL }),
    listApiKeys(deps, userId),
    store.listSessions({ userId, wallNow: deps.wallNow() }),
    store.listAuditEvents({ userId, before: null, limit: ALL }),
  ]);
  return {
    format: EXPORT_FORMAT,
    exportedAt: deps.wallNow(),
    user,
    identities,
    connections: await Promise.all(connections.map((connection) => exportConnection(deps, connection))),
    alerts: alerts.map(viewAlert),
    apiKeys,
    sessions: sessions.map(({ idHash: _idHash, userId: _userId, ...session }) => session),
    audit,
  };
}

async function exportConnection(
  deps: ConnectionsDeps,
  connection: ConnectionSummary,
): Promise<AccountExport["connections"][number]> {
  const { userId, incidentId: _incidentId, attemptSentAt: _sentAt, warnedDays: _days, ...told } = connection;
  const { id } = connection;
  const sinks = await deps.store.listSinks(id);
  return {
    ...told,
    history: await wholeHistory(deps, { userId, connectionId: id }),
    sinks: await Promise.all(
      sinks.map(async (sink) => ({
        ...viewSink(sink, connection),
        receipts: (await deps.store.listSinkDeliveries({ sinkId: sink.id, limit: ALL })).map(viewReceipt),
      })),
    ),
  };
}

/** Page by page: a connection may be years old. */
async function wholeHistory(
  { store }: ConnectionsDeps,
  of: { userId: string; connectionId: string },
): Promise<HistoryEntry[]> {
  const entries = new Map<string, HistoryEntry>();
  for (let before: Date | null = null; ;) {
    const page = await store.listHistory({ ...of, limit: PAGE_ROWS, before });
    const known = entries.size;
    for (const row of page) entries.set(row.id, viewAttempt(row));
    const last = page.at(-1);
    if (last === undefined || entries.size === known) return [...entries.values()];
    before = new Date(last.startedAt.getTime() + 1); // others of the same instant may have been left behind
  }
}
