import type { Flavour } from "./connections.ts";

/** What an alert tells of. */
export type AlertKind =
  | "connection.failing"
  | "connection.expiring"
  | "connection.reconnect_required"
  | "connection.recovered"
  | "app.degraded"
  | "app.recovered";

/** Something that a person or operator has to be told once. Ids and codes only. */
export type NewAlert = {
  id: string;
  kind: AlertKind;
  /** Whose connection it is about; null for an app. */
  userId: string | null;
  connectionId: string | null;
  flavour: Flavour;
  appId: string;
  /** What was the matter; null for a recovery. */
  errorCode: string | null;
  /** For `connection.expiring`: the threshold that was passed, in days. */
  daysLeft: number | null;
  /** The expiry the token had then; null for an app. */
  tokenExpiresAt: Date | null;
  /** By the clock that tokens age by. */
  createdAt: Date;
  /** When the webhook is to be sent, by people's clocks; null where none is configured. */
  deliverAt: Date | null;
};

/**
 * `none`: there was no webhook to send it to. `waiting`: to be sent, for the first time or again.
 * `given_up`: never accepted, however often it was sent.
 */
export type DeliveryState = "none" | "waiting" | "delivered" | "given_up";

/** An alert as it is kept. */
export type AlertRecord = Omit<NewAlert, "deliverAt"> & {
  deliveryState: DeliveryState;
  deliveryAttempts: number;
  /** When it is sent next; null unless it waits. */
  nextDeliveryAt: Date | null;
  deliveredAt: Date | null;
};

/** One attempt to send an alert's webhook. */
export type AlertDelivery = {
  id: string;
  alertId: string;
  startedAt: Date;
  durationMs: number;
  /** Null when no answer came. */
  httpStatus: number | null;
  /** Why it counts as failed, as a code; null when the receiver accepted. */
  errorCode: string | null;
};

/** What came of sending an alert's webhook once. */
export type RecordAlertDeliveryInput = {
  delivery: AlertDelivery;
  /** `again` sends it once more at `nextDeliveryAt`. */
  outcome: { kind: "delivered" | "given_up" } | { kind: "again"; nextDeliveryAt: Date };
};

/** What people are told, and how it is sent. */
export type AlertStore = {
  /** A user's alerts, newest first. */
  listAlerts(input: { userId: string; limit: number }): Promise<AlertRecord[]>;
  /** Everybody's and every app's alerts with what became of their webhooks, newest first, for operators. */
  listAllAlerts(input: { limit: number }): Promise<AlertRecord[]>;
  /** The attempts to send an alert's webhook, oldest first. */
  listAlertDeliveries(alertId: string): Promise<AlertDelivery[]>;
  /** Takes alerts to send, oldest first: nobody else gets them until `leaseMs` from now. */
  claimAlerts(input: { wallNow: Date; leaseMs: number; limit: number }): Promise<AlertRecord[]>;
  /**
   * Writes down one attempt to send an alert; the same one counts once, and a delivery is never taken back. Nothing is
   * written of an alert that is gone.
   */
  recordAlertDelivery(input: RecordAlertDeliveryInput): Promise<void>;
};
