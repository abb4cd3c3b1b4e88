import { and, asc, eq, gt, lte, or, sql } from "../drizzle.ts";

import { alertRow } from "../alert-row.ts";
import { checked } from "../checked-limit.ts";
import { expiringBounds } from "../expiring.ts";
import { slot, slotsOf } from "../slots.ts";
import type { WarningStore } from "../store/warnings.ts";
import { prepareInsertAlert } from "./alerts.ts";
import { connectionSummaryColumns } from "./columns.ts";
import type { Engine } from "./engine.ts";
import { connections } from "./schema.ts";

/** Who is warned that a token ends, and that they were. */
export function createWarningMethods({ db, read, write }: Engine): WarningStore {
  const { listExpiring, warn } = prepareStatements(db);
  const insertAlert = prepareInsertAlert(db);

  return {
    listExpiring: async ({ now, thresholdsDays, limit }) => {
      const values = { limit: checked(limit), thresholds: JSON.stringify(thresholdsDays) };
      if (thresholdsDays.length === 0) return [];
      return read(() => listExpiring.all({ ...values, ...expiringBounds(now, thresholdsDays) }));
    },
    warnExpiring: ({ connectionId, version, warnedDays, alert }) =>
      write(() => {
        if (warn.run({ id: connectionId, version, warnedDays, incidentId: alert.id }).changes === 0)
          return false;
        insertAlert.run(alertRow(alert));
        return true;
      }),
  };
}

function prepareStatements(db: Engine["db"]) {
  const slots = slotsOf(connections);
  const { tokenExpiresAt, nextRefreshAt, warnedDays } = connections;
  const isWithinOne = sql`exists (select 1 from json_each(${sql.placeholder("thresholds")}) as threshold
    where ${tokenExpiresAt} <= ${slot(tokenExpiresAt, "now")} + threshold.value * 86400000
    and (${warnedDays} is null or ${warnedDays} > threshold.value))`;
  const isLate = or(
    gt(connections.failedAttempts, 0),
    lte(nextRefreshAt, slot(nextRefreshAt, "dueSince")),
    // Nobody but the person can renew it: there is nothing to wait for.
    sql`${connections.flavour} = 'facebook'`,
  );

  return {
    listExpiring: db
      .select(connectionSummaryColumns)
      .from(connections)
      .where(
        and(
          sql`${connections.status} = 'active'`, // as text, so that the index is seen to fit
          gt(tokenExpiresAt, slot(tokenExpiresAt, "endsAfter")),
          lte(tokenExpiresAt, slot(tokenExpiresAt, "endsBy")),
          isLate,
          isWithinOne,
        ),
      )
      .orderBy(asc(tokenExpiresAt))
      .limit(sql.placeholder("limit"))
      .prepare(),
    warn: db
      .update(connections)
      .set({
        warnedDays: slots.warnedDays,
        incidentId: sql`coalesce(${connections.incidentId}, ${slots.incidentId})`,
        version: sql`${connections.version} + 1`,
      })
      .where(and(eq(connections.id, slots.id), eq(connections.version, slots.version)))
      .prepare(),
  };
}
