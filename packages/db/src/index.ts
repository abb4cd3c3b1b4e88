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
export type {
  AccountProfile,
  AlertDelivery,
  AlertKind,
  AlertRecord,
  ApiKeyAction,
  ApiKeyRecord,
  AppKey,
  AttemptKind,
  AttemptTrigger,
  AuditDetail,
  AuditEvent,
  BreakerRecord,
  ConnectionRecord,
  ConnectionStatus,
  ConnectionSummary,
  DeliveryState,
  Flavour,
  FleetStats,
  Lease,
  LeasedConnection,
  MetaCallback,
  MetaCallbackKind,
  MetaCallbackOutcome,
  NewAlert,
  NewMetaCallback,
  PermitGrant,
  ProcessBeat,
  ProcessKind,
  RefreshAttempt,
  RunningProcess,
  RunRecord,
  SessionRecord,
  SignInAttempt,
  LeasedSink,
  NewSink,
  SinkDelivery,
  SinkFarewell,
  SinkKind,
  SinkLease,
  SinkRecord,
  SinkStats,
  StoredToken,
  UserRecord,
  UserWithAccounts,
} from "./records.ts";
export {
  StoreError,
  type AcceptedMetaCallback,
  type AcceptMetaCallbackInput,
  type ApiKeyMatch,
  type AuditQuery,
  type ChangeWatch,
  type ClaimDueInput,
  type ClaimOneInput,
  type ClaimOneResult,
  type ClaimSinkResult,
  type CompleteMetaCallbackInput,
  type CompleteSignInInput,
  type CompleteSignInResult,
  type ConnectionVersions,
  type HistoryQuery,
  type ImportAccountInput,
  type ImportAccountResult,
  type KeyCheck,
  type NewAccount,
  type NewApiKey,
  type NewIdentity,
  type NewSignInAttempt,
  type OfferedChoice,
  type OpenBreakerInput,
  type OpenSignInAttemptsQuery,
  type RecordAlertDeliveryInput,
  type RecordFailureInput,
  type RecordSinkDeliveryInput,
  type RecordValidationInput,
  type RestorePreviousInput,
  type Rewrap,
  type SaveRefreshedInput,
  type SealedColumn,
  type SealedCount,
  type SealedRow,
  type SessionRecordInput,
  type SignInClaim,
  type SignInClaimInput,
  type SignInRefusal,
  type Store,
  type StoreErrorCode,
  type TakePermitsInput,
  type WarnExpiringInput,
  type WrittenConnection,
} from "./store.ts";
