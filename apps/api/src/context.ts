import type { Acting, Connections, LiveSession } from "@perennial/connections";
import type { Guide } from "@perennial/runtime";

import type { ReportSource } from "./report-source.ts";

/** Cookies of one request: what came in, and what the answer will set. */
export type CookieJar = {
  get(name: string): string | null;
  /** The names that came in and begin with a prefix. */
  names(prefix: string): string[];
  set(name: string, value: string, options: { maxAgeSeconds: number }): void;
  clear(name: string): void;
};

/** The session this request acts under: the id as the browser holds it, and what its row says. */
export type RequestSession = LiveSession & { sessionId: string };

/** The clock of the simulator, while it is in use. */
export type SimulatorControl = {
  /** Moves the simulator's clock forward and waits until this process follows it. */
  advance(byMs: number): Promise<Date>;
};

/** What the api can say of the installation it is part of. */
export type Installation = {
  /** How to go live with a real app. Holds nothing that a sign-in does not show to everybody. */
  guide: Guide;
  /** What the doctor finds, as old as half a minute. For who may operate it. */
  report: ReportSource;
};

/** What every procedure is handed. */
export type ApiContext = {
  connections: Connections;
  session: RequestSession | null;
  /** The session id that the cookie carries, live or not. */
  presentedSessionId: string | null;
  openSession(session: { id: string; userId: string; expiresAt: Date }): void;
  closeSession(): void;
  attemptCookies: AttemptCookies;
  simulator: SimulatorControl | null;
  installation: Installation;
  /** Whether who asks may see how the installation is. */
  mayOperate(): boolean;
  userAgent: string | null;
  /** Takes what a call costs of the limits of its kind. @throws {TooManyRequests} */
  admit(kind: "change" | "read", procedure: string): Promise<void>;
  /** Takes what a report costs of its limits. @throws {TooManyRequests} */
  admitReport(): Promise<void>;
  /** Counts an event stream until it is disposed of. @throws {TooManyRequests} */
  enterStream(whose: string): Disposable;
  requestId: string;
  /** As whose doing what is done is written down. */
  acting: Acting;
};

/** One short-lived cookie per sign-in attempt, so that two tabs do not take each other's. */
export type AttemptCookies = {
  bind(attemptId: string, browserSecret: string): void;
  secretOf(attemptId: string): string | null;
};
