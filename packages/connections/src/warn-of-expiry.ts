import { alertAbout, WARNING_DAYS } from "./alerts.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { isErrorCode } from "./errors.ts";
import { renewalOf } from "./token-life.ts";

const DAY_MS = 86_400_000;
const WARNED_AT_ONCE = 200;

/**
 * Warns of connections whose token ends within 14, 7, 3 or 1 days and which could not be renewed, or which only
 * the person can renew: once for
 * each of these, and of the nearest only where several were passed at once. Returns how many warnings were
 * given, by this call and not by another process.
 *
 * @throws what the store throws.
 */
export async function warnOfExpiry(deps: ConnectionsDeps): Promise<number> {
  let warned = 0;
  for (;;) {
    const now = deps.now();
    const thresholdsDays = WARNING_DAYS;
    const expiring = await deps.store.listExpiring({ now, thresholdsDays, limit: WARNED_AT_ONCE });
    let given = 0;
    for (const connection of expiring) {
      const msLeft = (connection.tokenExpiresAt?.getTime() ?? 0) - now.getTime();
      const warnedDays = Math.min(...WARNING_DAYS.filter((days) => msLeft <= days * DAY_MS));
      const code = connection.lastErrorCode;
      const failure = code !== null && isErrorCode(code) ? code : null;
      const isAsked = renewalOf(connection.flavour) === "person" && failure === null;
      const errorCode = isAsked ? "data_access_ending" : failure;
      const what = { kind: "connection.expiring", errorCode, daysLeft: warnedDays } as const;
      const alert = alertAbout(deps, connection, what);
      const { id: connectionId, version } = connection;
      if (!(await deps.store.warnExpiring({ connectionId, version, warnedDays, alert }))) continue;
      given += 1;
      deps.onEvent({ event: "connection.expiring", connectionId, daysLeft: warnedDays });
    }
    warned += given;
    // Those that changed under our hands are seen by the next sweep.
    if (expiring.length < WARNED_AT_ONCE || given === 0) return warned;
  }
}
