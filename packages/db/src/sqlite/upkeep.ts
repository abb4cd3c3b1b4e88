import type Database from "better-sqlite3";

import { and, inArray, isNotNull, lte, ne, sql } from "../drizzle.ts";

import { createMigrationCheck } from "../pending-migrations.ts";
import { PRUNED_AT_ONCE, pruneBounds } from "../prune-bounds.ts";
import { slotsOf } from "../slots.ts";
import type { ChangeStore } from "../store/changes.ts";
import type { DurabilitySetting, UpkeepStore } from "../store/upkeep.ts";
import type { Engine } from "./engine.ts";
import { MIGRATIONS_FOLDER, readJournal } from "./migrate.ts";
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

type UpkeepMethods = UpkeepStore & Pick<ChangeStore, "changeMarker" | "watchChanges">;

/** Between processes on one file nobody gives hints; asking costs a few microseconds. */
const POLL_INTERVAL_MS = 250;
/** What the trigger of the audit lets go, by SQLite's own clock: a year, whatever ours says. */
const MAY_BE_DELETED = sql`cast(strftime('%s', 'now') as integer) * 1000 - 31536000000`;
/** "PRNL": tells tools such as file(1) whose database this is. */
const APPLICATION_ID = 0x50524e4c;

/** What a store does for itself: pruning, key checks, change marks, its own health. */
export function createUpkeepMethods(
  { db, sqlite, read, write }: Engine,
  leaseNow: () => number,
): UpkeepMethods {
  const pruneSessions = db
    .delete(sessions)
    .where(lte(sessions.expiresAt, slotsOf(sessions).expiresAt))
    .prepare();
  const pruneAttempts = db
    .delete(signInAttempts)
    .where(lte(signInAttempts.createdAt, slotsOf(signInAttempts).createdAt))
    .prepare();
  const pruneRuns = db
    .delete(runs)
    .where(lte(runs.startedAt, slotsOf(runs).startedAt))
    .prepare();
  const oldAlerts = db
    .select({ id: alerts.id })
    .from(alerts)
    .where(and(lte(alerts.createdAt, slotsOf(alerts).createdAt), ne(alerts.deliveryState, "waiting")))
    .limit(PRUNED_AT_ONCE);
  const pruneAlerts = db.delete(alerts).where(inArray(alerts.id, oldAlerts)).prepare();
  const oldReceipts = db
    .select({ id: sinkDeliveries.id })
    .from(sinkDeliveries)
    .where(lte(sinkDeliveries.startedAt, slotsOf(sinkDeliveries).startedAt))
    .limit(PRUNED_AT_ONCE);
  const pruneReceipts = db.delete(sinkDeliveries).where(inArray(sinkDeliveries.id, oldReceipts)).prepare();
  const pruneApiKeys = db
    .delete(apiKeys)
    .where(lte(apiKeys.revokedAt, slotsOf(apiKeys).revokedAt))
    .prepare();
  const pruneWindows = db
    .delete(rateLimits)
    .where(lte(rateLimits.windowEndsAt, slotsOf(rateLimits).windowEndsAt))
    .prepare();
  const oldCallbacks = db
    .select({ id: metaCallbacks.id })
    .from(metaCallbacks)
    .where(
      and(
        lte(metaCallbacks.acceptedAt, slotsOf(metaCallbacks).acceptedAt),
        isNotNull(metaCallbacks.completedAt),
      ),
    )
    .limit(PRUNED_AT_ONCE);
  const pruneCallbacks = db.delete(metaCallbacks).where(inArray(metaCallbacks.id, oldCallbacks)).prepare();
  const oldEvents = db
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(and(lte(auditEvents.at, slotsOf(auditEvents).at), lte(auditEvents.at, MAY_BE_DELETED)))
    .limit(PRUNED_AT_ONCE);
  const pruneEvents = db.delete(auditEvents).where(inArray(auditEvents.id, oldEvents)).prepare();
  const { keyId, sealed } = slotsOf(keyChecks);
  const allKeyChecks = db.select().from(keyChecks).orderBy(keyChecks.keyId).prepare();
  const addKeyCheck = db.insert(keyChecks).values({ keyId, sealed }).onConflictDoNothing().prepare();
  const refuseUnmigrated = createMigrationCheck(MIGRATIONS_FOLDER);
  const changesOfOthers = sqlite.prepare<[], number>("PRAGMA data_version").pluck();
  const changesOfOurs = sqlite.prepare<[], number>("SELECT total_changes()").pluck();

  return {
    prune: async (wallNow) => {
      const { dayAgo, weekAgo, quarterAgo, longAgo } = pruneBounds(wallNow);
      let total = await write(() => {
        const sessionsGone = pruneSessions.run({ expiresAt: wallNow }).changes;
        const attemptsGone = pruneAttempts.run({ createdAt: dayAgo }).changes;
        const keysGone = pruneApiKeys.run({ revokedAt: quarterAgo }).changes;
        const windowsGone = pruneWindows.run({ windowEndsAt: new Date(leaseNow()) }).changes;
        const runsGone = pruneRuns.run({ startedAt: weekAgo }).changes;
        return sessionsGone + attemptsGone + keysGone + windowsGone + runsGone;
      });
      for (;;) {
        const alertsGone = await write(() => pruneAlerts.run({ createdAt: quarterAgo }).changes);
        const receiptsGone = await write(() => pruneReceipts.run({ startedAt: quarterAgo }).changes);
        const callbacksGone = await write(() => pruneCallbacks.run({ acceptedAt: longAgo }).changes);
        const eventsGone = await write(() => pruneEvents.run({ at: longAgo }).changes);
        const gone = [alertsGone, receiptsGone, callbacksGone, eventsGone];
        total += gone.reduce((sum, count) => sum + count, 0);
        if (gone.every((count) => count < PRUNED_AT_ONCE)) return total;
      }
    },
    listKeyChecks: () => read(() => allKeyChecks.all()),
    addKeyCheck: (check) => write(() => void addKeyCheck.run(check)),
    changeMarker: () => read(() => `${changesOfOthers.get()}.${changesOfOurs.get()}`),
    watchChanges: () => ({ pollIntervalMs: POLL_INTERVAL_MS, stop: () => undefined }),
    // Rewrites the first page with what it holds: a real commit, synced like any other, that changes nothing.
    checkWritable: () => write(() => void sqlite.pragma(`application_id = ${APPLICATION_ID}`)),
    checkMigrated: () => read(() => refuseUnmigrated(readJournal(sqlite))),
    readDurability: () => write(() => durabilityOf(sqlite)),
  };
}

const SYNCHRONOUS = ["OFF", "NORMAL", "FULL", "EXTRA"];
const SYNCHRONOUS_FULL = 2;

function durabilityOf(sqlite: Database.Database): DurabilitySetting[] {
  const synchronous = Number(sqlite.pragma("synchronous", { simple: true }));
  const journal = String(sqlite.pragma("journal_mode", { simple: true }));
  return [
    {
      name: "synchronous",
      value: SYNCHRONOUS[synchronous] ?? String(synchronous),
      isDurable: synchronous >= SYNCHRONOUS_FULL,
    },
    { name: "journal_mode", value: journal, isDurable: journal !== "memory" && journal !== "off" },
  ];
}
