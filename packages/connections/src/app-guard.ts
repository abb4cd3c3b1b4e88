import type { AppKey, BreakerRecord } from "@perennial/db";

import { alertAboutApp } from "./alerts.ts";
import { appOf } from "./app-of.ts";
import {
  APP_THROTTLE_WAIT_MS,
  createFailureStreak,
  probeWaitMs,
  WORTH_AN_ALERT_MS,
  type FailureStreak,
} from "./breaker-policy.ts";
import type { ConnectionsDeps } from "./deps.ts";
import type { ConnectionErrorCode } from "./errors.ts";
import type { Failure } from "./failure-classes.ts";

const RELEASED_AT_ONCE = 1_000;
/** Longer than a token lives: so long before its expiry each one is due, and the soonest to expire first. */
const LONGEST_LIFE_MS = 90 * 86_400_000;

/** The breaker of each Meta app: this process watches, the database holds what all processes go by. */
export type AppGuard = {
  /** The apps that are left alone now. */
  openBreakers(): Promise<BreakerRecord[]>;
  /** The open breaker of an app, or null. */
  breakerOf(app: AppKey): Promise<BreakerRecord | null>;
  /** Instagram answered about a connection of this app. */
  noteAnswer(app: AppKey, connectionId: string): void;
  /** A connection of this app failed: opens the breaker when there is reason to. True when it is open now because of it. */
  noteFailure(app: AppKey, connectionId: string, failure: Failure): Promise<boolean>;
  /** When this process last paused an app, by `performance.now()`; long ago if never. */
  lastPausedAtMs(app: AppKey): number;
  /** Takes the next probe of an open breaker; true for one caller among all processes. */
  takeProbe(breaker: BreakerRecord): Promise<boolean>;
  /** The app works again: what was held back becomes due, soonest expiry first, and the breaker closes. */
  recover(app: AppKey): Promise<void>;
};

/** Makes the guard of one process. */
export function createAppGuard(deps: ConnectionsDeps): AppGuard {
  const streaks = new Map<string, FailureStreak>();
  const streakOf = (app: AppKey): FailureStreak => {
    const known = streaks.get(nameOf(app)) ?? createFailureStreak();
    streaks.set(nameOf(app), known);
    return known;
  };
  const pausedAtMs = new Map<string, number>();
  const pause = async (app: AppKey, errorCode: ConnectionErrorCode, waitMs: number): Promise<void> => {
    pausedAtMs.set(nameOf(app), performance.now()); // first: what is about to call has to know
    await open(deps, app, errorCode, waitMs);
  };
  const openBreakers = () => deps.store.listOpenBreakers();

  return {
    openBreakers,
    breakerOf: async (app) => (await openBreakers()).find((open) => nameOf(open) === nameOf(app)) ?? null,
    noteAnswer: (app, connectionId) => void streakOf(app).note(connectionId, { kind: "answered" }),

    noteFailure: async (app, connectionId, failure) => {
      if (failure.holdsBackApp) {
        await pause(app, failure.code, failure.retryAfterMs ?? APP_THROTTLE_WAIT_MS);
        return true;
      }
      // Nobody was asked: a row that does not open says nothing about the app, and holds up no other.
      if (failure.code === "token_unreadable") return false;
      const outcome = { kind: "failed", class: failure.class, code: failure.code } as const;
      const isAboutApp = failure.class === "retry" || failure.class === "operator";
      // A verdict on one connection, or a throttle of it, is an answer: the app works.
      const reason = streakOf(app).note(connectionId, isAboutApp ? outcome : { kind: "answered" });
      if (reason !== null) await pause(app, reason, probeWaitMs(0));
      return reason !== null;
    },

    lastPausedAtMs: (app) => pausedAtMs.get(nameOf(app)) ?? -Infinity,

    takeProbe: (breaker) =>
      deps.store.takeProbe({
        app: appOf(breaker),
        probes: breaker.probes,
        waitMs: probeWaitMs(breaker.probes + 1),
      }),

    recover: async (app) => {
      // Before the breaker closes: a crash in between leaves it open, and the next probe does this again.
      const input = { app, beforeExpiryMs: LONGEST_LIFE_MS, limit: RELEASED_AT_ONCE };
      let released: number;
      do released = await deps.store.releaseBacklog({ ...input, now: deps.now() });
      while (released === RELEASED_AT_ONCE);
      const isClosed = await deps.store.closeBreaker({
        app,
        alert: alertAboutApp(deps, app, "app.recovered", null),
      });
      if (isClosed) deps.onEvent({ event: "app.recovered", ...app });
    },
  };
}

async function open(
  deps: ConnectionsDeps,
  app: AppKey,
  errorCode: ConnectionErrorCode,
  waitMs: number,
): Promise<void> {
  const isThrottle = errorCode === "rate_limited";
  const isWorthAnAlert = !isThrottle || waitMs >= WORTH_AN_ALERT_MS;
  const isOpened = await deps.store.openBreaker({
    app,
    errorCode,
    waitMs,
    now: deps.now(),
    alert: isWorthAnAlert ? alertAboutApp(deps, app, "app.degraded", errorCode) : null,
  });
  if (isOpened) deps.onEvent({ event: "app.degraded", ...app, errorCode });
}

function nameOf({ flavour, appId }: AppKey): string {
  return `${flavour} ${appId}`;
}
