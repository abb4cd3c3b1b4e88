import type { Flavour, Store } from "@perennial/db";
import type { InstagramLogin } from "@perennial/instagram";

import type { ConnectionErrorCode } from "./errors.ts";
import type { RefreshSchedule } from "./policy.ts";
import type { TokenSeal } from "./token-seal.ts";

/** Something that happened to a connection, for logs and metrics. Ids and codes only, never a token. */
export type ConnectionsEvent =
  | { event: "connection.created" | "connection.reconnected"; connectionId: string; userId: string }
  | { event: "connection.refreshed"; connectionId: string; durationMs: number; expiresAt: Date }
  | {
      event: "connection.failing" | "connection.reconnect_required";
      connectionId: string;
      errorCode: ConnectionErrorCode;
      nextRefreshAt: Date | null;
    }
  | { event: "connection.disconnected"; connectionId: string; userId: string }
  | { event: "connection.lease_lost"; connectionId: string }
  | { event: "sign_in.failed"; attemptId: string; errorCode: ConnectionErrorCode; step: string | null };

/** What the use cases stand on. Production, tests and the simulator differ only in what is handed in. */
export type ConnectionsDeps = {
  store: Store;
  /** The ways of signing in that are configured. */
  logins: Partial<Record<Flavour, InstagramLogin>>;
  seal: TokenSeal;
  schedule: RefreshSchedule;
  /** Public origin of the web app; redirect addresses are made from it, never from a request. */
  appUrl: string;
  /** The clock by which tokens age. A simulator may move it. */
  now: () => Date;
  /** The clock by which people live: sessions, sign-in attempts. */
  wallNow: () => Date;
  /** Uniform in [0, 1): jitter. */
  random: () => number;
  onEvent: (event: ConnectionsEvent) => void;
};
