import { and, asc, eq, gt, lte, or, sql } from "../drizzle.ts";

import { alertRow } from "../alert-row.ts";
import { checked } from "../checked-limit.ts";
import { expiringBounds } from "../expiring.ts";
import type { WarningStore } from "../store/warnings.ts";
import { alertsOf } from "./alerts.ts";
import type { Announce } from "./announcements.ts";
import { connectionSummaryColumns } from "./columns.ts";
import type { Engine } from "./engine.ts";
import { alerts, connections } from "./schema.ts";
import { namedSlots, slot, slotsOf } from "./slots.ts";

/** Who is warned that a token ends, and that they were. */
export function createWarningMethods({ db, read, write }: Engine, announce: Announce): WarningStore {
  const { listExpiring, warn, findAlert } = prepareStatements(db);

  return {
    listExpiring: async ({ now, thresholdsDays, limit }) => {
      const values = { limit: checked(limit), thresholds: [...thresholdsDays] };
      if (thresholdsDays.length === 0) return [];
      return read((run) => run(listExpiring, { ...values, ...expiringBounds(now, thresholdsDays) }));
    },
    warnExpiring: async ({ connectionId, version, warnedDays, alert }) => {
      const values = {
        ...alertRow(alert),
        warnedId: connectionId,
        version,
        warnedDays,
        incidentId: alert.id,
      };
      const isDone = await write(
        async (run, isRepeat) => {
          // Found with the id that only this caller knows: it was written before its answer was lost.
          const [warned, found] = await Promise.all([
            run(warn, values),
            isRepeat ? run(findAlert, { id: alert.id }) : [],
          ]);
          return warned.length > 0 || found.length > 0;
        },
        { isRepeatable: true },
      );
      if (isDone) announce();
      return isDone;
    },
  };
}

function prepareStatements(db: Engine["db"]) {
  const slots = slotsOf(connections);
  const { tokenExpiresAt, nextRefreshAt, warnedDays } = connections;
  const isWithinOne = sql`exists (
    select 1 from unnest(${sql.placeholder("thresholds")}::double precision[]) as threshold (days)
    where ${tokenExpiresAt} <= ${slot(tokenExpiresAt, "now")} + threshold.days * interval '86400 seconds'
    and (${warnedDays} is null or ${warnedDays} > threshold.days))`;
  const isLate = or(
    gt(connections.failedAttempts, 0),
    lte(nextRefreshAt, slot(nextRefreshAt, "dueSince")),
    // Nobody but the person can renew it: there is nothing to wait for.
    sql`${connections.flavour} = 'facebook'`,
  );
  const warned = db.$with("warned").as(
    db
      .update(connections)
      .set({
        warnedDays: slots.warnedDays,
        incidentId: sql`coalesce(${connections.incidentId}, ${slots.incidentId})`,
        version: sql`${connections.version} + 1`,
      })
      .where(
        and(eq(connections.id, slot(connections.id, "warnedId")), eq(connections.version, slots.version)),
      )
      .returning({ id: connections.id }),
  );
  const told = alertsOf(db, db.select(namedSlots(alerts)).from(warned));

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
      .prepare(""),
    warn: db.with(warned, told).select({ id: warned.id }).from(warned).prepare(""),
    findAlert: db
      .select({ id: alerts.id })
      .from(alerts)
      .where(eq(alerts.id, slotsOf(alerts).id))
      .prepare(""),
  };
}
