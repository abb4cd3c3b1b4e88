import type {
  AlertKind,
  AppKey,
  Flavour,
  MetaCallbackKind,
  MetaCallbackOutcome,
  SinkKind,
  Store,
} from "@perennial/db";
import type { FacebookLogin, InstagramLogin } from "@perennial/instagram";
import type { KeyObject } from "node:crypto";

import type { AlertReceipt, SendAlert } from "./deliver-alerts.ts";
import type { ConnectionErrorCode } from "./errors.ts";
import type { RefreshSchedule } from "./policy.ts";
import type { SinkWriter } from "./sinks/sink-writer.ts";
import type { TokenSeal } from "./token-seal.ts";

/** Something that happened to a connection, for logs and metrics. Ids and codes only, never a token. */
export type ConnectionsEvent =
  | {
      event: "connection.created" | "connection.reconnected" | "connection.imported";
      connectionId: string;
      userId: string;
    }
  | { event: "connection.validated"; connectionId: string; errorCode: ConnectionErrorCode | null }
  | { event: "connection.refreshed"; connectionId: string; durationMs: number; expiresAt: Date }
  | {
      event: "connection.failing" | "connection.reconnect_required";
      connectionId: string;
      errorCode: ConnectionErrorCode;
      nextRefreshAt: Date | null;
    }
  | { event: "callback.accepted"; callbackId: string; kind: MetaCallbackKind; flavour: Flavour }
  | { event: "callback.worked"; callbackId: string; kind: MetaCallbackKind; outcome: MetaCallbackOutcome }
  | { event: "callback.failed"; callbackId: string; error: unknown }
  | { event: "callbacks.failed"; error: unknown }
  | { event: "connection.erased"; connectionId: string; userId: string }
  | { event: "user.erased"; userId: string }
  | { event: "farewell.said"; sinkId: string; connectionId: string; outcome: "told" | "again" | "given_up" }
  | { event: "connection.disconnected"; connectionId: string; userId: string }
  | { event: "connection.restored"; connectionId: string; expiresAt: Date }
  | ({ event: "sink.delivered" } & OfDelivery)
  | ({
      event: "sink.failed";
      httpStatus: number | null;
      errorCode: ConnectionErrorCode;
      /** Null when it waits for the next token. */
      againInMs: number | null;
    } & OfDelivery)
  | { event: "sink.crashed"; sinkId: string; error: unknown }
  | { event: "sinks.failed"; error: unknown }
  | { event: "key.created" | "key.revoked" | "key.used"; keyId: string; userId: string }
  | { event: "key.use_not_noted"; keyId: string; error: unknown }
  | { event: "session.use_not_noted"; error: unknown }
  | { event: "connection.lease_lost"; connectionId: string }
  | { event: "connection.crashed"; connectionId: string; error: unknown }
  | { event: "sweep.failed"; error: unknown }
  | { event: "connection.expiring"; connectionId: string; daysLeft: number }
  | ({ event: "alert.sent"; alertId: string; kind: AlertKind; outcome: string } & AlertReceipt)
  | ({ event: "app.degraded"; errorCode: ConnectionErrorCode } & AppKey)
  | ({ event: "app.recovered" } & AppKey)
  | { event: "sign_in.failed"; attemptId: string; errorCode: ConnectionErrorCode; step: string | null };

type OfDelivery = { sinkId: string; connectionId: string; kind: SinkKind; durationMs: number };

/** The ways of signing in that are configured. */
export type Logins = { instagram?: InstagramLogin; facebook?: FacebookLogin };

/** What the use cases stand on. Production, tests and the simulator differ only in what is handed in. */
export type ConnectionsDeps = {
  store: Store;
  /** The ways of signing in that are configured. */
  logins: Logins;
  /** The same hosts, each with the other login's app: for finding out that the two were exchanged. */
  exchangedLogins?: Logins;
  seal: TokenSeal;
  schedule: RefreshSchedule;
  /** How long a lease lasts: longer than the longest upstream call, so that nobody takes over what still goes on. */
  leaseMs: number;
  /** Sends an alert to whoever wants to hear of it; null when nobody does, and they are shown only. */
  sendAlert: SendAlert | null;
  /** Puts tokens where they are read; null in a process that delivers to no sinks. */
  sinkWriter: SinkWriter | null;
  /** How many processes answer requests: what a limit is divided by while they cannot count together. */
  processes: number;
  /** Signs reconnect links, and makes ids of people that nobody else can make. */
  linkKey: KeyObject;
  /** The app secrets that callbacks of Meta's may be signed with, each with the login whose people they are about. */
  callbackSecrets: readonly { flavour: Flavour; key: KeyObject }[];
  /** Public origin of the web app; redirect addresses are made from it, never from a request. */
  appUrl: string;
  /** The clock by which tokens age. A simulator may move it. */
  now: () => Date;
  /** The clock by which people live: sessions, sign-in attempts. */
  wallNow: () => Date;
  /** True while Instagram's answers show our clock to be far off: nothing is known to be due then. */
  isClockWrong: () => boolean;
  /** Uniform in [0, 1): jitter. */
  random: () => number;
  onEvent: (event: ConnectionsEvent) => void;
};
