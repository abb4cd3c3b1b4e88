export type { Account } from "./account/create-account.ts";
export type { EraseAccountRequest } from "./account/erase-account.ts";
export type { AccountExport } from "./account/export-account.ts";
export type { AcceptedCallback, CallbackRequest } from "./callbacks/accept-callback.ts";
export type { Callbacks, DeletionStatus } from "./callbacks/create-callbacks.ts";
export {
  SIGN_IN_LIFETIME_MS,
  redirectUriOf,
  type BeginSignInInput,
  type BegunSignIn,
} from "./begin-sign-in.ts";
export { BUNDLE_FORMAT, attemptBundle, type AttemptBundle } from "./attempt-bundle.ts";
export { catalogueEntry } from "./catalogue/catalogue.ts";
export type { CatalogueEntry, EndedBy } from "./catalogue/entry.ts";
export type { CommandFaultCode, TypingFaultCode } from "./catalogue/of-commands.ts";
export { OF_REQUESTS, type RequestFaultCode } from "./catalogue/of-requests.ts";
export { explainAttempt, type Diagnosis } from "./diagnosis/diagnose.ts";
export type { ExportedAttempt } from "./diagnosis/export-attempt.ts";
export { CREDENTIALS_VERDICTS, type CredentialsVerdict } from "./diagnosis/ask-about-app.ts";
export type { Evidence } from "./diagnosis/gather-evidence.ts";
export type { RankedCause } from "./diagnosis/rank-causes.ts";
export type { AccountChoice, Standing } from "./account-choice.ts";
export type { ChooseRequest, CompleteSignInRequest } from "./complete-sign-in.ts";
export type { SignInProgress } from "./sign-in-progress.ts";
export type { OfBrowser, SignedIn, SignInResult } from "./sign-in-result.ts";
export {
  KEY_ACTIONS,
  type ApiKeyView,
  type CreatedKey,
  type CreateKeyRequest,
} from "./api-keys/manage-keys.ts";
export { createConnections, type Connections } from "./create-connections.ts";
export type { ConnectionsDeps, ConnectionsEvent, Logins } from "./deps.ts";
export {
  ConnectionError,
  isErrorCode,
  isErrorReason,
  type ConnectionErrorCode,
  type OwnErrorCode,
  type SignInStep,
} from "./errors.ts";
export type { AlertMessage, AlertReceipt, SendAlert } from "./deliver-alerts.ts";
export { failureClassOf, type FailureClass } from "./failure-classes.ts";
export { EXPLANATIONS } from "./explanations.ts";
export type { Explanation } from "./sinks/sink-explanations.ts";
export type { FleetView, PausedLogin } from "./fleet.ts";
export type { HandedOutToken } from "./hand-out.ts";
export type { ImportedConnection, ImportRequest, ImportResult } from "./import/import-token.ts";
export { KeyRotationError, type KeyRotationErrorCode } from "./keys/errors.ts";
export {
  rotationStatus,
  type KeyStanding,
  type RotationStatus,
  type RotationStep,
} from "./keys/key-standing.ts";
export type { RewrapReport, UnreadableText } from "./keys/rewrap-sealed.ts";
export { dropKey, refuseUnlessEverywhere, rewrapTokens, type KeyRotationDeps } from "./keys/rotate-keys.ts";
export {
  REQUIRED_OUTAGE_MS,
  outageSurvivedMs,
  type RefreshSchedule,
  type Renewal,
  type TokenMilestones,
  type TokenPhase,
} from "./policy.ts";
export type { RefreshRequest } from "./refresh.ts";
export type { RefreshResult } from "./refresh-result.ts";
export { META, OPERATOR, VISITOR, actingAs, type Acting } from "./audit/acting.ts";
export { auditEvent, type AuditAbout } from "./audit/audit-event.ts";
export { AUDIT_KINDS, type AuditKind } from "./audit/audit-kinds.ts";
export type { ActivityView, Audit } from "./audit/create-audit.ts";
export type { OfSessions, SessionView } from "./session-list.ts";
export { SESSION_IDLE_MS, SESSION_LIFETIME_MS, type LiveSession, type OpenedSession } from "./sessions.ts";
export type { SweepReport } from "./sweep.ts";
export type { SweepOptions } from "./sweep-options.ts";
export type { SweepRun, SweepRuns } from "./sweep-runs.ts";
export type { Sinks } from "./sinks/create-sinks.ts";
export { placeInJson } from "./sinks/kinds/json-file.ts";
export { MOST_SINKS, type OfSink, type SavedSink, type SaveSinkRequest } from "./sinks/manage-sinks.ts";
export { sinkName, sinkSettings, type SinkSettings } from "./sinks/settings.ts";
export type {
  OpenedSink,
  SinkAnnouncement,
  SinkDelivering,
  SinkKindView,
  SinkMessage,
  SinkOrigin,
  SinkOutcome,
  SinkWriter,
} from "./sinks/sink-writer.ts";
export type { SinkReceiptView, SinkState, SinkView } from "./sinks/view-sink.ts";
export { storedTokenOf } from "./token-life.ts";
export {
  TokenSealError,
  createTokenSeal,
  isTokenKeyId,
  type SealedFor,
  type SealedForSink,
  type TokenKey,
  type TokenSeal,
  type TokenSealErrorCode,
} from "./token-seal.ts";
export { noteCall, type AttemptStep, type Transcript } from "./transcript.ts";
export type { OwnedConnection, UserView } from "./operators.ts";
export type { BeginTerminalSignInInput, BegunTerminalSignIn } from "./terminal/begin-terminal-sign-in.ts";
export type {
  CompleteTerminalSignInInput,
  TerminalSignInResult,
} from "./terminal/complete-terminal-sign-in.ts";
export type { ApiKeyAction } from "@perennial/db";
export {
  canonicalAddress,
  coarseNetworkOf,
  createAddressRanges,
  isAddressRange,
  networkOf,
  type AddressRanges,
} from "./addresses.ts";
export type {
  CallerRequest,
  HandOutResult,
  TokenHandOut,
  TokenRefusal,
  TokenUnchanged,
} from "./api-keys/hand-out-to-caller.ts";
export type { ReadyHandOut, ReadyRequest } from "./api-keys/ready-hand-outs.ts";
export type {
  ConnectionVisit,
  KeyRefusal,
  KeyRefusalCode,
  KeyVisit,
  KeyVisits,
  ListVisit,
  VisitRequest,
} from "./api-keys/visit.ts";
export { requestUnderWay, underRequest } from "./request-under-way.ts";
export type { RateLimit, RateLimiter } from "./rate-limiter.ts";
export type { RecentPosts } from "./recent-posts.ts";
export { SCOPES_ASKED_FOR } from "./scopes.ts";
export type { Validation, ValidationChange } from "./validate.ts";
export type { AlertView } from "./view-alert.ts";
export type {
  ConnectionState,
  ConnectionView,
  Deadline,
  Deadlines,
  HistoryEntry,
  MissingScope,
  Problem,
  TokenLifeView,
} from "./views.ts";
