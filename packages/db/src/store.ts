import type { AlertStore } from "./store/alerts.ts";
import type { ApiKeyStore } from "./store/api-keys.ts";
import type { AuditStore } from "./store/audit-events.ts";
import type { BreakerStore } from "./store/breakers.ts";
import type { ChangeStore } from "./store/changes.ts";
import type { SignInStore } from "./store/complete-sign-in.ts";
import type { ConnectionStore } from "./store/connections.ts";
import type { ErasureStore } from "./store/erasures.ts";
import type { FleetStore } from "./store/fleet-stats.ts";
import type { TokenStore } from "./store/keep-tokens.ts";
import type { LeaseStore } from "./store/leases.ts";
import type { MetaCallbackStore } from "./store/meta-callbacks.ts";
import type { PermitStore } from "./store/permits.ts";
import type { ProcessStore } from "./store/processes.ts";
import type { RunStore } from "./store/runs.ts";
import type { SealedColumnStore } from "./store/sealed-columns.ts";
import type { SessionStore } from "./store/sessions.ts";
import type { SignInAttemptStore } from "./store/sign-in-attempts.ts";
import type { SinkStore } from "./store/sinks.ts";
import type { UpkeepStore } from "./store/upkeep.ts";
import type { UserStore } from "./store/users.ts";
import type { WarningStore } from "./store/warnings.ts";
import type { LeasedWriteStore } from "./store/writes-under-lease.ts";

/**
 * Everything Perennial keeps. Each method is one whole operation and atomic, and seen by every process once
 * its promise has resolved. From then on it survives a power cut too, but for what is cheap to lose: sign-in
 * attempts that are under way, leases, intents, probes, runs, beats, permits, and when a session or key was last used. Tokens
 * arrive and leave sealed. Every engine passes `store.contract.ts`.
 *
 * Two clocks are told apart: `now` is when tokens age (a simulator may move it), `wallNow` when
 * sessions and attempts do, and webhooks are sent. Leases and breakers go by the store's own clock, so that two
 * hosts agree.
 *
 * @throws {StoreError} `busy` when the database stays locked beyond the busy time, `unavailable` when it
 *   cannot be read or written, `corrupt` when it is damaged; writes fail as `moved` while the database moves house
 *   and ever after. Nothing else is thrown for reasons outside the caller's hands.
 * @throws {RangeError} when an id is in use already, a record belongs to something that does not exist, or
 *   a limit is no whole number from 0 on. Nothing was written.
 */
export type Store = AsyncDisposable &
  ConnectionStore &
  SignInAttemptStore &
  SignInStore &
  TokenStore &
  UserStore &
  SessionStore &
  ApiKeyStore &
  PermitStore &
  LeaseStore &
  LeasedWriteStore &
  BreakerStore &
  WarningStore &
  AlertStore &
  SinkStore &
  ErasureStore &
  MetaCallbackStore &
  AuditStore &
  RunStore &
  FleetStore &
  ProcessStore &
  SealedColumnStore &
  UpkeepStore &
  ChangeStore;
