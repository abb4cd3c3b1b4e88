import { and, eq, isNotNull, lte, ne, sql } from "../drizzle.ts";

import { createMigrationCheck } from "../pending-migrations.ts";
import { PRUNED_AT_ONCE, pruneBounds } from "../prune-bounds.ts";
import type { ChangeStore } from "../store/changes.ts";
import type { UpkeepStore } from "../store/upkeep.ts";
import type { Engine } from "./engine.ts";
import { MIGRATIONS_FOLDER } from "./migrate.ts";
import { ONE_ROW } from "./one-row.ts";
import { leaseNowOf, leaseNowValue, type LeaseClock } from "./lease-clock.ts";
import {
  alerts,
  apiKeys,
  auditEvents,
  keyChecks,
  metaCallbacks,
  rateLimits,
  runs,
  sessions,
  signInAttempts,
  sinkDeliveries,
} from "./schema.ts";
import { slotsOf } from "./slots.ts";

type UpkeepMethods = UpkeepStore & Pick<ChangeStore, "changeMarker">;

/** What a store does for itself: pruning, key checks, change marks, its own health. */
export function createUpkeepMethods({ db, read, write }: Engine, leaseClock: LeaseClock): UpkeepMethods {
  const statements = prepareStatements(db);
  const refuseUnmigrated = createMigrationCheck(MIGRATIONS_FOLDER);
  const repeatable = { isRepeatable: true };

  return {
    prune: async (wallNow) => {
      const { dayAgo, weekAgo, quarterAgo, longAgo } = pruneBounds(wallNow);
      let total = 0;
      for (;;) {
        const results = await write(
          (run) =>
            Promise.all([
              run(statements.pruneSessions, { expiresAt: wallNow }),
              run(statements.pruneAttempts, { createdAt: dayAgo }),
              run(statements.pruneRuns, { startedAt: weekAgo }),
              run(statements.pruneAlerts, { createdAt: quarterAgo }),
              run(statements.pruneReceipts, { startedAt: quarterAgo }),
              run(statements.pruneApiKeys, { revokedAt: quarterAgo }),
              run(statements.pruneWindows, leaseNowValue(leaseClock)),
              run(statements.pruneCallbacks, { acceptedAt: longAgo }),
              run(statements.pruneEvents, { at: longAgo }),
            ]),
          repeatable,
        );
        const gone = results.map((result) => result.rowCount ?? 0);
        total += gone.reduce((sum, count) => sum + count, 0);
        if (gone.every((count) => count < PRUNED_AT_ONCE)) return total;
      }
    },
    listKeyChecks: () => read((run) => run(statements.allKeyChecks)),
    addKeyCheck: async (check) => {
      await write((run) => run(statements.addKeyCheck, check), repeatable);
    },
    changeMarker: async () => {
      const [row] = await read((run) => run(statements.snapshot));
      return row?.snapshot ?? "";
    },
    checkWritable: async () => {
      await write((run) => run(statements.writeNothing), repeatable);
    },
    checkMigrated: async () => {
      const applied = await read((run) => run(statements.journal));
      refuseUnmigrated(applied.map((row) => Number(row.createdAt)));
    },
    readDurability: async () => {
      const settings = await write((run) => run(statements.durability), repeatable);
      return settings.map(({ name, value }) => ({ name, value, isDurable: value !== "off" }));
    },
  };
}

function prepareStatements(db: Engine["db"]) {
  // What somebody else is writing at this moment is left for the next time: pruning waits for nobody.
  const oldSessions = db
    .select({ idHash: sessions.idHash })
    .from(sessions)
    .where(lte(sessions.expiresAt, slotsOf(sessions).expiresAt))
    .limit(PRUNED_AT_ONCE)
    .for("update", { skipLocked: true });
  const oldAttempts = db
    .select({ id: signInAttempts.id })
    .from(signInAttempts)
    .where(lte(signInAttempts.createdAt, slotsOf(signInAttempts).createdAt))
    .limit(PRUNED_AT_ONCE)
    .for("update", { skipLocked: true });
  const oldRuns = db
    .select({ id: runs.id })
    .from(runs)
    .where(lte(runs.startedAt, slotsOf(runs).startedAt))
    .limit(PRUNED_AT_ONCE)
    .for("update", { skipLocked: true });
  const oldAlerts = db
    .select({ id: alerts.id })
    .from(alerts)
    .where(and(lte(alerts.createdAt, slotsOf(alerts).createdAt), ne(alerts.deliveryState, "waiting")))
    .limit(PRUNED_AT_ONCE)
    .for("update", { skipLocked: true });
  const oldReceipts = db
    .select({ id: sinkDeliveries.id })
    .from(sinkDeliveries)
    .where(lte(sinkDeliveries.startedAt, slotsOf(sinkDeliveries).startedAt))
    .limit(PRUNED_AT_ONCE)
    .for("update", { skipLocked: true });
  const oldApiKeys = db
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .where(lte(apiKeys.revokedAt, slotsOf(apiKeys).revokedAt))
    .limit(PRUNED_AT_ONCE)
    .for("update", { skipLocked: true });
  const oldWindows = db
    .select({ name: rateLimits.name })
    .from(rateLimits)
    .where(lte(rateLimits.windowEndsAt, leaseNowOf(rateLimits.windowEndsAt)))
    .limit(PRUNED_AT_ONCE)
    .for("update", { skipLocked: true });
  const oldCallbacks = db
    .select({ id: metaCallbacks.id })
    .from(metaCallbacks)
    .where(
      and(
        lte(metaCallbacks.acceptedAt, slotsOf(metaCallbacks).acceptedAt),
        isNotNull(metaCallbacks.completedAt),
      ),
    )
    .limit(PRUNED_AT_ONCE)
    .for("update", { skipLocked: true });
  // The second condition is the trigger's, by the database's own clock.
  const oldEvents = db
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(
      and(
        lte(auditEvents.at, slotsOf(auditEvents).at),
        lte(auditEvents.at, sql`now() - interval '365 days'`),
      ),
    )
    .limit(PRUNED_AT_ONCE)
    .for("update", { skipLocked: true });
  const nothing = db.$with("nothing").as(
    db
      .delete(keyChecks)
      .where(eq(keyChecks.keyId, sql`''`))
      .returning({ keyId: keyChecks.keyId }),
  );
  const { keyId, sealed } = slotsOf(keyChecks);

  return {
    pruneSessions: db
      .delete(sessions)
      .where(sql`${sessions.idHash} = any(array(${oldSessions}))`)
      .prepare(""),
    pruneAttempts: db
      .delete(signInAttempts)
      .where(sql`${signInAttempts.id} = any(array(${oldAttempts}))`)
      .prepare(""),
    pruneRuns: db
      .delete(runs)
      .where(sql`${runs.id} = any(array(${oldRuns}))`)
      .prepare(""),
    pruneAlerts: db
      .delete(alerts)
      .where(sql`${alerts.id} = any(array(${oldAlerts}))`)
      .prepare(""),
    pruneReceipts: db
      .delete(sinkDeliveries)
      .where(sql`${sinkDeliveries.id} = any(array(${oldReceipts}))`)
      .prepare(""),
    pruneApiKeys: db
      .delete(apiKeys)
      .where(sql`${apiKeys.id} = any(array(${oldApiKeys}))`)
      .prepare(""),
    pruneWindows: db
      .delete(rateLimits)
      .where(sql`${rateLimits.name} = any(array(${oldWindows}))`)
      .prepare(""),
    pruneCallbacks: db
      .delete(metaCallbacks)
      .where(sql`${metaCallbacks.id} = any(array(${oldCallbacks}))`)
      .prepare(""),
    pruneEvents: db
      .delete(auditEvents)
      .where(sql`${auditEvents.id} = any(array(${oldEvents}))`)
      .prepare(""),
    allKeyChecks: db.select().from(keyChecks).orderBy(keyChecks.keyId).prepare(""),
    addKeyCheck: db.insert(keyChecks).values({ keyId, sealed }).onConflictDoNothing().prepare(""),
    // Every transaction that writes is above the snapshot or listed in it until it ends. A sequence or a time
    // of change would miss one that takes its number early and commits late.
    snapshot: db
      .select({ snapshot: sql<string>`pg_current_snapshot()::text` })
      .from(ONE_ROW)
      .prepare(""),
    durability: db
      .select({ name: sql<string>`name`, value: sql<string>`current_setting(name)` })
      .from(sql`(values ('fsync'), ('synchronous_commit')) as setting (name)`)
      .prepare(""),
    journal: db
      .select({ createdAt: sql<string>`created_at::text` })
      .from(sql`public.__drizzle_migrations`)
      .prepare(""),
    // Refused where the database is read-only, and then a real commit, synced like any other, of a message in
    // the log that nobody reads.
    writeNothing: db
      .with(nothing)
      .select({ written: sql`pg_logical_emit_message(true, 'perennial', '')::text` })
      .from(ONE_ROW)
      .prepare(""),
  };
}
