import type { AlertKind, AppKey, NewAlert } from "@perennial/db";

import type { ConnectionsDeps } from "./deps.ts";
import type { ConnectionErrorCode } from "./errors.ts";
import { newId } from "./ids.ts";

type AlertDeps = Pick<ConnectionsDeps, "sendAlert" | "now" | "wallNow">;

/** The warnings before a token's end, in days. */
export const WARNING_DAYS: readonly number[] = [14, 7, 3, 1];

/** An alert about one connection. The webhook, if there is one, goes out at once. */
export function alertAbout(
  deps: AlertDeps,
  connection: Pick<NewAlert, "userId" | "flavour" | "appId" | "tokenExpiresAt"> & { id: string },
  what: {
    kind: Exclude<AlertKind, "app.degraded" | "app.recovered">;
    errorCode?: ConnectionErrorCode | null;
    daysLeft?: number;
  },
): NewAlert {
  return {
    ...newAlert(deps, what.kind),
    userId: connection.userId,
    connectionId: connection.id,
    flavour: connection.flavour,
    appId: connection.appId,
    errorCode: what.errorCode ?? null,
    daysLeft: what.daysLeft ?? null,
    tokenExpiresAt: connection.tokenExpiresAt,
  };
}

/** An alert about all connections of an app at once. */
export function alertAboutApp(
  deps: AlertDeps,
  app: AppKey,
  kind: "app.degraded" | "app.recovered",
  errorCode: ConnectionErrorCode | null,
): NewAlert {
  return {
    ...newAlert(deps, kind),
    userId: null,
    connectionId: null,
    flavour: app.flavour,
    appId: app.appId,
    errorCode,
    daysLeft: null,
    tokenExpiresAt: null,
  };
}

function newAlert<Kind extends AlertKind>(deps: AlertDeps, kind: Kind) {
  return {
    id: newId("alt"),
    kind,
    createdAt: deps.now(),
    deliverAt: deps.sendAlert === null ? null : deps.wallNow(),
  };
}
