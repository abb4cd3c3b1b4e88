import type Database from "better-sqlite3";

import type { Store } from "../store.ts";
import { createAlertMethods } from "./alerts.ts";
import { createApiKeyMethods } from "./api-keys.ts";
import { createAuditMethods } from "./audit-events.ts";
import { createBreakerMethods } from "./breakers.ts";
import { createChangeCount } from "./change-count.ts";
import { createCompleteSignIn } from "./complete-sign-in.ts";
import { createConnectionMethods } from "./connections.ts";
import type { Damage } from "./damage.ts";
import { createEngine } from "./engine.ts";
import { createErasureMethods } from "./erasures.ts";
import { createFleetStats } from "./fleet-stats.ts";
import { createTokenKeeping } from "./keep-tokens.ts";
import { createLeaseMethods } from "./leases.ts";
import { createMetaCallbackMethods } from "./meta-callbacks.ts";
import { createPermitMethods } from "./permits.ts";
import { createProcessMethods } from "./processes.ts";
import { createRunMethods } from "./runs.ts";
import { createSealedColumns } from "./sealed-columns.ts";
import { createSessionMethods } from "./sessions.ts";
import { createSignInAttemptMethods } from "./sign-in-attempts.ts";
import { createSinkMethods } from "./sinks.ts";
import { createUpkeepMethods } from "./upkeep.ts";
import { createUserMethods } from "./users.ts";
import { createWarningMethods } from "./warnings.ts";
import { createLeasedWrites } from "./writes-under-lease.ts";

/** What a store needs to know beside its connection. */
export type SqliteStoreSettings = { leaseNow: () => number; busyTimeoutMs: number; damage: Damage };

/** Prepares every statement once, when it is first run, and binds the methods of a store to a migrated connection, which it then owns. */
export function createSqliteStore(sqlite: Database.Database, settings: SqliteStoreSettings): Store {
  const engine = createEngine(sqlite, settings.busyTimeoutMs, settings.damage);
  return {
    ...createSignInAttemptMethods(engine),
    ...createCompleteSignIn(engine, settings.leaseNow),
    ...createTokenKeeping(engine, settings.leaseNow),
    ...createSessionMethods(engine),
    ...createConnectionMethods(engine),
    ...createLeaseMethods(engine, settings.leaseNow),
    ...createLeasedWrites(engine, settings.leaseNow),
    ...createBreakerMethods(engine, settings.leaseNow),
    ...createWarningMethods(engine),
    ...createAlertMethods(engine),
    ...createSinkMethods(engine, settings.leaseNow),
    ...createErasureMethods(engine),
    ...createMetaCallbackMethods(engine),
    ...createAuditMethods(engine),
    ...createRunMethods(engine),
    ...createFleetStats(engine),
    ...createProcessMethods(engine, settings.leaseNow),
    ...createSealedColumns(engine),
    ...createUserMethods(engine),
    ...createApiKeyMethods(engine),
    ...createPermitMethods(engine, settings.leaseNow),
    ...createUpkeepMethods(engine, settings.leaseNow),
    ...createChangeCount(engine),
    [Symbol.asyncDispose]: engine.close,
  };
}
