export { openStore, type OpenStoreOptions } from "./open-store.ts";
export type {
  AccountProfile,
  AttemptTrigger,
  ConnectionRecord,
  ConnectionStatus,
  ConnectionSummary,
  Flavour,
  Lease,
  LeasedConnection,
  RefreshAttempt,
  SessionRecord,
  SignInAttempt,
  StoredToken,
} from "./records.ts";
export { openPostgresStore, type PostgresStoreOptions } from "./postgres/open.ts";
export { openSqliteStore, type SqliteStoreOptions } from "./sqlite/open.ts";
export {
  StoreError,
  type ChangeWatch,
  type ClaimDueInput,
  type ClaimOneInput,
  type ClaimOneResult,
  type CompleteSignInInput,
  type CompleteSignInResult,
  type ConnectionVersions,
  type HistoryQuery,
  type KeyCheck,
  type NewSignInAttempt,
  type RecordFailureInput,
  type SaveRefreshedInput,
  type SessionRecordInput,
  type SignInClaim,
  type SignInClaimInput,
  type SignInRefusal,
  type Store,
  type StoreErrorCode,
} from "./store.ts";
