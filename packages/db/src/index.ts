export { BackupError, type BackupErrorCode } from "./backup/errors.ts";
export type { TokenCount } from "./backup/count-tokens.ts";
export { createBackup, type BackupProgress, type CreatedBackup } from "./backup/create-backup.ts";
export type { BackupManifest } from "./backup/manifest.ts";
export { restoreBackup, type RestoreReport } from "./backup/restore-backup.ts";
export { verifyBackup, type VerifiedBackup } from "./backup/verify-backup.ts";
export { abandonMove } from "./move/abandon-move.ts";
export { describeAtWork } from "./move/await-quiet.ts";
export type { OpensToken } from "./move/check-tokens.ts";
export { MoveError, type MoveErrorCode } from "./move/errors.ts";
export type { AtWork, Movable } from "./move/movable.ts";
export { moveHouse, type MoveReport, type MovedTableReport } from "./move/move-house.ts";
export { openMovable } from "./move/open-movable.ts";
export type { MoveProgress, OnProgress } from "./move/progress.ts";
export type { MovedTable } from "./move/rows.ts";
export { SEALED_COLUMNS } from "./sealed-columns.ts";
export { openStore, type OpenStoreOptions } from "./open-store.ts";
export { StoreError, type StoreErrorCode } from "./store-error.ts";
export type { Store } from "./store.ts";
export type {
  AlertDelivery,
  AlertKind,
  AlertRecord,
  DeliveryState,
  NewAlert,
  RecordAlertDeliveryInput,
} from "./store/alerts.ts";
export type { ApiKeyAction, ApiKeyMatch, ApiKeyRecord, NewApiKey } from "./store/api-keys.ts";
export type { AuditDetail, AuditEvent, AuditQuery } from "./store/audit-events.ts";
export type { BreakerRecord, OpenBreakerInput } from "./store/breakers.ts";
export type { ChangeWatch } from "./store/changes.ts";
export type {
  CompleteSignInInput,
  CompleteSignInResult,
  NewAccount,
  NewIdentity,
  SignInAudit,
  WrittenConnection,
} from "./store/complete-sign-in.ts";
export type {
  AccountProfile,
  AppKey,
  ConnectionRecord,
  ConnectionStatus,
  ConnectionSummary,
  ConnectionVersions,
  Flavour,
  StoredToken,
} from "./store/connections.ts";
export type {
  EraseConnectionInput,
  EraseIdentitiesInput,
  EraseUserInput,
  GoneResult,
  RevokeConnectionInput,
  SettleFarewellInput,
  SinkFarewell,
} from "./store/erasures.ts";
export type { FleetStats } from "./store/fleet-stats.ts";
export type { AttemptKind, AttemptTrigger, HistoryQuery, RefreshAttempt } from "./store/history.ts";
export type { ImportAccountInput, ImportAccountResult, RecordValidationInput } from "./store/keep-tokens.ts";
export type {
  ClaimDueInput,
  ClaimOneInput,
  ClaimOneResult,
  Lease,
  LeasedConnection,
} from "./store/leases.ts";
export type {
  AcceptMetaCallbackInput,
  AcceptedMetaCallback,
  CompleteMetaCallbackInput,
  MetaCallback,
  MetaCallbackKind,
  MetaCallbackOutcome,
  NewMetaCallback,
} from "./store/meta-callbacks.ts";
export type { PermitGrant, TakePermitsInput } from "./store/permits.ts";
export type { ProcessBeat, ProcessKind, RunningProcess } from "./store/processes.ts";
export type { RunRecord } from "./store/runs.ts";
export type { Rewrap, SealedColumn, SealedCount, SealedRow } from "./store/sealed-columns.ts";
export type { SessionRecord, SessionRecordInput } from "./store/sessions.ts";
export type {
  NewSignInAttempt,
  OfferedChoice,
  OpenSignInAttemptsQuery,
  SignInAttempt,
  SignInClaim,
  SignInClaimInput,
  SignInRefusal,
} from "./store/sign-in-attempts.ts";
export type {
  ClaimSinkResult,
  LeasedSink,
  NewSink,
  RecordSinkDeliveryInput,
  SinkDelivery,
  SinkKind,
  SinkLease,
  SinkRecord,
  SinkStats,
} from "./store/sinks.ts";
export type { KeyCheck } from "./store/upkeep.ts";
export type { IdentityRecord, UserRecord, UserWithAccounts } from "./store/users.ts";
export type { WarnExpiringInput } from "./store/warnings.ts";
export type {
  RecordFailureInput,
  RestorePreviousInput,
  SaveRefreshedInput,
} from "./store/writes-under-lease.ts";
