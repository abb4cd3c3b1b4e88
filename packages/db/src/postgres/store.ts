import type { Pool } from "pg";

import type { Store } from "../store.ts";
import { createAlertMethods } from "./alerts.ts";
import { createApiKeyMethods } from "./api-keys.ts";
import { createAnnouncements } from "./announcements.ts";
import { createAuditMethods } from "./audit-events.ts";
import { createBreakerMethods } from "./breakers.ts";
import { createChangeHints } from "./change-hints.ts";
import { createCompleteSignIn } from "./complete-sign-in.ts";
import { createConnectionMethods } from "./connections.ts";
import { createEngine } from "./engine.ts";
import { createErasureMethods } from "./erasures.ts";
import { createFleetStats } from "./fleet-stats.ts";
import { createTokenKeeping } from "./keep-tokens.ts";
import type { LeaseClock } from "./lease-clock.ts";
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

/** What a store needs to know beside its pool. */
export type PostgresStoreSettings = {
  /** For the one connection that listens, which is none of the pool's. */
  connectionString: string;
  leaseClock: LeaseClock;
  busyTimeoutMs: number;
};

/** Builds every statement once and binds the methods of a store to a pool on a migrated database, which it then owns. */
export function createPostgresStore(pool: Pool, settings: PostgresStoreSettings): Store {
  const engine = createEngine(pool, settings.busyTimeoutMs);
  const announcements = createAnnouncements(engine, () => {
    hints.wakeOwn();
  });
  const hints = createChangeHints(settings.connectionString, announcements.send);
  return {
    ...createSignInAttemptMethods(engine),
    ...createCompleteSignIn(engine, announcements.announce, settings.leaseClock),
    ...createTokenKeeping(engine, announcements.announce, settings.leaseClock),
    ...createSessionMethods(engine),
    ...createConnectionMethods(engine, announcements.announce),
    ...createLeaseMethods(engine, announcements.announce, settings.leaseClock),
    ...createLeasedWrites(engine, announcements.announce, settings.leaseClock),
    ...createBreakerMethods(engine, announcements.announce, settings.leaseClock),
    ...createWarningMethods(engine, announcements.announce),
    ...createAlertMethods(engine),
    ...createSinkMethods(engine, settings.leaseClock),
    ...createErasureMethods(engine, announcements.announce),
    ...createMetaCallbackMethods(engine),
    ...createAuditMethods(engine),
    ...createRunMethods(engine),
    ...createFleetStats(engine),
    ...createProcessMethods(engine, settings.leaseClock),
    ...createSealedColumns(engine),
    ...createUserMethods(engine),
    ...createApiKeyMethods(engine),
    ...createPermitMethods(engine, settings.leaseClock),
    ...createUpkeepMethods(engine, settings.leaseClock),
    watchChanges: hints.watch,
    changeCount: () => null, // to ask the server costs as much as to read
    [Symbol.asyncDispose]: async () => {
      announcements.close();
      await Promise.all([hints.close(), engine.close()]);
    },
  };
}
