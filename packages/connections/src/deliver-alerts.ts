import type {
  AlertKind,
  AlertRecord,
  ConnectionRecord,
  Flavour,
  RecordAlertDeliveryInput,
} from "@perennial/db";

import type { ConnectionsDeps } from "./deps.ts";
import { newId } from "./ids.ts";
import { createReconnectLink } from "./reconnect-link.ts";
import { problemOf } from "./views.ts";

/** What an alert says to whoever receives its webhook. Ids, codes and sentences; never a token. */
export type AlertMessage = {
  type: AlertKind;
  /** When it happened, by the clock that tokens age by. */
  timestamp: string;
  data: {
    flavour: Flavour;
    appId: string;
    connection: {
      id: string;
      userId: string;
      accountId: string;
      username: string;
      expiresAt: string | null;
    } | null;
    /** For `connection.expiring`: the threshold that was passed. */
    daysLeft: number | null;
    /** What is the matter, and what helps. */
    problem: { code: string; message: string; cure: string } | null;
    /** Where the person signs in again, for this account alone; null when that would not help. */
    reconnectUrl: string | null;
  };
};

/** How sending one message ended: nothing in it when the receiver accepted. */
export type AlertReceipt = { httpStatus: number | null; errorCode: string | null };

/** Sends one message; `id` is the same each time the same alert is sent. Never throws. */
export type SendAlert = (id: string, message: AlertMessage) => Promise<AlertReceipt>;

const SENT_AT_ONCE = 8;
/** Longer than the longest wait for a receiver. */
const SENDING_LEASE_MS = 60_000;

/** How long after each attempt that was not accepted the next one is made: three days in all. */
const WAITS_MS = [
  5_000, 60_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 86_400_000, 86_400_000,
];

/**
 * Sends the alerts that wait, each until it is accepted or three days are over, and writes down every
 * attempt. Sent at least once: a receiver tells repetitions by the id. Returns how many were sent.
 *
 * @throws what the store throws.
 */
export async function deliverAlerts(deps: ConnectionsDeps, signal: AbortSignal): Promise<number> {
  if (deps.sendAlert === null) return 0;
  let sent = 0;
  while (!signal.aborted) {
    const alerts = await deps.store.claimAlerts({
      wallNow: deps.wallNow(),
      leaseMs: SENDING_LEASE_MS,
      limit: SENT_AT_ONCE,
    });
    const send = deps.sendAlert;
    await Promise.all(alerts.map((alert) => deliver(deps, send, alert)));
    sent += alerts.length;
    if (alerts.length < SENT_AT_ONCE) break;
  }
  return sent;
}

async function deliver(deps: ConnectionsDeps, send: SendAlert, alert: AlertRecord): Promise<void> {
  const startedAt = deps.wallNow();
  const startedAtMs = performance.now();
  const receipt = await send(alert.id, await messageOf(deps, alert));
  const durationMs = Math.round(performance.now() - startedAtMs);
  const delivery = { id: newId("dlv"), alertId: alert.id, startedAt, durationMs, ...receipt };
  const outcome = outcomeOf(deps, alert, receipt);
  await deps.store.recordAlertDelivery({ delivery, outcome });
  deps.onEvent({
    event: "alert.sent",
    alertId: alert.id,
    kind: alert.kind,
    ...receipt,
    outcome: outcome.kind,
  });
}

function outcomeOf(
  deps: ConnectionsDeps,
  alert: AlertRecord,
  receipt: AlertReceipt,
): RecordAlertDeliveryInput["outcome"] {
  if (receipt.errorCode === null) return { kind: "delivered" };
  const waitMs = WAITS_MS[alert.deliveryAttempts];
  if (waitMs === undefined) return { kind: "given_up" };
  // Jitter: what failed together does not come back together.
  const jittered = waitMs * (0.8 + 0.4 * deps.random());
  return { kind: "again", nextDeliveryAt: new Date(deps.wallNow().getTime() + jittered) };
}

async function messageOf(deps: ConnectionsDeps, alert: AlertRecord): Promise<AlertMessage> {
  const connection =
    alert.connectionId === null ? null : await deps.store.findConnectionById(alert.connectionId);
  const isTrouble = alert.kind !== "connection.recovered" && alert.kind !== "app.recovered";
  return {
    type: alert.kind,
    timestamp: alert.createdAt.toISOString(),
    data: {
      flavour: alert.flavour,
      appId: alert.appId,
      connection: connection === null ? null : connectionOf(connection, alert),
      daysLeft: alert.daysLeft,
      problem: problemFor(alert),
      reconnectUrl: connection !== null && isTrouble ? await createReconnectLink(deps, connection.id) : null,
    },
  };
}

function connectionOf(
  { id, userId, accountId, username }: ConnectionRecord,
  { tokenExpiresAt }: AlertRecord,
): AlertMessage["data"]["connection"] {
  return { id, userId, accountId, username, expiresAt: tokenExpiresAt?.toISOString() ?? null };
}

function problemFor({ errorCode, createdAt }: AlertRecord): AlertMessage["data"]["problem"] {
  const problem = problemOf(errorCode, createdAt);
  return problem === null ? null : { code: problem.code, message: problem.message, cure: problem.cure };
}
