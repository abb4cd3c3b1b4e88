import type { AttemptTrigger, Flavour, UserWithAccounts } from "@perennial/db";

import {
  createApiKey,
  listApiKeys,
  revokeApiKey,
  type ApiKeyView,
  type CreatedKey,
  type CreateKeyRequest,
} from "./api-keys/manage-keys.ts";
import { createKeyVisits, type KeyVisits } from "./api-keys/visit.ts";
import { createAccount, type Account } from "./account/create-account.ts";
import { createAppGuard } from "./app-guard.ts";
import { createCallbacks, type Callbacks } from "./callbacks/create-callbacks.ts";
import { deliverAlerts } from "./deliver-alerts.ts";
import { diagnose, type Diagnosis } from "./diagnosis/diagnose.ts";
import { exportAttempt, type ExportedAttempt } from "./diagnosis/export-attempt.ts";
import { recordedAttempt, recordedSignIn, type NamedAttempt } from "./diagnosis/recorded-attempts.ts";
import { createEvidenceSource } from "./diagnosis/gather-evidence.ts";
import type { ConnectionsDeps, ConnectionsEvent } from "./deps.ts";
import { disconnect } from "./disconnect.ts";
import { handOut, type HandedOutToken } from "./hand-out.ts";
import { createChangeFeed } from "./change-feed.ts";
import { getConnection, listConnections, listHistory } from "./connection-list.ts";
import { viewFleet, viewPausedLogins, type FleetView, type PausedLogin } from "./fleet.ts";
import { tend } from "./tend.ts";
import { createRefresher, type RefreshRequest } from "./refresh.ts";
import type { RefreshResult } from "./refresh-result.ts";
import { createAudit, type Audit } from "./audit/create-audit.ts";
import { createFindSession, endSession, type LiveSession } from "./sessions.ts";
import {
  listSessions,
  revokeSession,
  revokeSessions,
  type OfSessions,
  type SessionView,
} from "./session-list.ts";
import { beginSignIn, type BeginSignInInput, type BegunSignIn } from "./begin-sign-in.ts";
import {
  createSignInCompletion,
  type ChooseRequest,
  type CompleteSignInRequest,
} from "./complete-sign-in.ts";
import type { SignInProgress } from "./sign-in-progress.ts";
import type { OfBrowser, SignedIn, SignInResult } from "./sign-in-result.ts";
import { sweepAndWarn, type SweepReport } from "./sweep.ts";
import type { SweepOptions } from "./sweep-options.ts";
import { createSweepRuns, type SweepRuns } from "./sweep-runs.ts";
import { viewAlert, type AlertView } from "./view-alert.ts";
import type { ConnectionView, HistoryEntry } from "./views.ts";
import type { AccountChoice } from "./account-choice.ts";
import { importToken, type ImportRequest, type ImportResult } from "./import/import-token.ts";
import {
  findByUsername,
  findConnection,
  findUser,
  pageConnections,
  type OwnedConnection,
  type UserView,
} from "./operators.ts";
import {
  beginTerminalSignIn,
  type BeginTerminalSignInInput,
  type BegunTerminalSignIn,
} from "./terminal/begin-terminal-sign-in.ts";
import {
  completeTerminalSignIn,
  type CompleteTerminalSignInInput,
  type TerminalSignInResult,
} from "./terminal/complete-terminal-sign-in.ts";
import { createRateLimiter, type RateLimiter } from "./rate-limiter.ts";
import { recentPosts, type RecentPosts } from "./recent-posts.ts";
import { createSinks, type Sinks } from "./sinks/create-sinks.ts";
import { createSinkDelivery } from "./sinks/sink-delivery.ts";
import { validate, type Validation } from "./validate.ts";

/** The use cases of Perennial, bound to what they stand on. */
export type Connections = {
  /** The flavours a person can sign in with here. */
  readonly flavours: readonly Flavour[];
  /** The instant by which tokens age. */
  now(): Date;
  /** Starts an authorization request. @throws {ConnectionError} `flavour_not_configured`, `return_path_refused` */
  beginSignIn(input: BeginSignInInput): Promise<BegunSignIn>;
  /** Finishes it: one exchange per (state, code). @throws {ConnectionError} with the step that failed */
  completeSignIn(request: CompleteSignInRequest): Promise<SignInResult>;
  /** What the person may choose from. @throws {ConnectionError} `sign_in_expired`, `sign_in_wrong_browser` */
  accountChoice(input: OfBrowser): Promise<AccountChoice>;
  /** Ends a sign-in with the chosen accounts. @throws {ConnectionError} `choice_invalid`, `account_held` and as above */
  chooseAccounts(input: OfBrowser & ChooseRequest): Promise<SignedIn>;
  /** The result of an attempt that this browser began, without its code: for a reload of the callback page. */
  resumeSignIn(input: OfBrowser): Promise<SignInResult>;
  /** The steps of an attempt as they happen, from the beginning. Ends when the attempt does. */
  watchSignIn(input: OfBrowser & { signal: AbortSignal }): AsyncIterable<SignInProgress>;

  /** The live session behind a session id, or null. */
  findSession(sessionId: string): Promise<LiveSession | null>;
  /** Ends a session in every process at once. */
  endSession(sessionId: string): Promise<void>;
  /** A user's sessions: the one that asks, then the one that was used last. */
  listSessions(of: OfSessions): Promise<SessionView[]>;
  /** Ends one of them. @throws {ConnectionError} `session_not_found`, also for another user's */
  revokeSession(input: { userId: string; id: string }): Promise<void>;
  /** Ends all of them but the one that asks; returns how many there were. */
  revokeSessions(of: OfSessions): Promise<number>;
  /** What was done, by whom and to whom. */
  readonly audit: Audit;

  /** A user's connections, those that need them first. */
  list(userId: string): Promise<ConnectionView[]>;
  /** One connection. @throws {ConnectionError} `connection_not_found`, also for another user's */
  get(userId: string, connectionId: string): Promise<ConnectionView>;
  /** History, newest first. @throws {ConnectionError} `connection_not_found` */
  history(input: {
    userId: string;
    connectionId: string;
    limit: number;
    before: Date | null;
  }): Promise<HistoryEntry[]>;
  /** Refreshes one connection; concurrent requests share one upstream call. */
  refresh(request: RefreshRequest): Promise<RefreshResult>;
  /** Proves that a connection's token works. @throws {ConnectionError} see {@link validate} */
  validate(input: {
    connectionId: string;
    userId: string | null;
    trigger: AttemptTrigger;
  }): Promise<Validation>;
  /** Keeps a token that is brought by hand. @throws {ConnectionError} see {@link importToken} */
  importToken(request: ImportRequest): Promise<ImportResult>;
  /** The newest posts of a connection's account. @throws {ConnectionError} see {@link recentPosts} */
  recentPosts(input: {
    connectionId: string;
    userId: string;
    limit: number;
    trigger: AttemptTrigger;
  }): Promise<RecentPosts>;
  /** Refreshes everything that is due, and warns of what ends soon. */
  sweep(options: SweepOptions): Promise<SweepReport>;
  /** Sweeps that go on after their caller was answered. */
  sweepRuns(options: { processId: string; concurrency: number }): SweepRuns;
  /**
   * What cannot wait for the next sweep: settles what a crash has left, and probes apps that are paused. True
   * when an app has recovered, and its connections are due.
   */
  tend(options: SweepOptions): Promise<boolean>;
  /** Sends the alerts that wait; returns how many. */
  deliverAlerts(signal: AbortSignal): Promise<number>;
  /** What a user was told about their connections, newest first. */
  alerts(input: { userId: string; limit: number }): Promise<AlertView[]>;
  /** The logins that many connections fail with at the moment, and that are left alone until they work again. */
  pausedLogins(): Promise<PausedLogin[]>;
  /** What everybody was told, and about apps, for operators. */
  allAlerts(input: { limit: number }): Promise<AlertView[]>;
  /** The whole fleet in numbers, for metrics and operators. */
  fleet(): Promise<FleetView>;
  /** A working token for code that may have it: the only door plaintext leaves by. */
  handOut(input: { connectionId: string; trigger: AttemptTrigger }): Promise<HandedOutToken>;
  /** What a failed sign-in has left, to hand to somebody. @throws {ConnectionError} see {@link recordedSignIn} */
  exportSignIn(input: OfBrowser): Promise<ExportedAttempt>;
  /** The same of a line of a connection's history; null when there is none. @throws {ConnectionError} `connection_not_found` */
  exportAttempt(input: NamedAttempt): Promise<ExportedAttempt | null>;
  /** Why a sign-in failed, with evidence, for the browser that began it. @throws {ConnectionError} see {@link recordedSignIn} */
  diagnoseSignIn(input: OfBrowser): Promise<Diagnosis | null>;
  /** Why a connection's last attempt failed; null when none did. @throws {ConnectionError} `connection_not_found` */
  diagnoseConnection(input: { userId: string; connectionId: string }): Promise<Diagnosis | null>;
  /** Makes a key for other code. @throws {ConnectionError} see {@link createApiKey} */
  createApiKey(request: CreateKeyRequest): Promise<CreatedKey>;
  /** A user's keys, newest first, revoked ones too. */
  listApiKeys(userId: string): Promise<ApiKeyView[]>;
  /** Ends a key at once, in every process. @throws {ConnectionError} `key_not_found`, also for another user's */
  revokeApiKey(input: { userId: string; id: string }): Promise<void>;
  /** Other code, let in by its key. */
  readonly visits: KeyVisits;
  /** Limits that all processes share. */
  readonly limiter: RateLimiter;
  /** Forgets the token and stops renewing. @throws {ConnectionError} `connection_not_found` */
  disconnect(input: { userId: string; connectionId: string }): Promise<void>;
  /** Yields whenever something about a user's connections was committed, by whatever process. */
  watch(userId: string, signal: AbortSignal): AsyncIterable<{ changed: string[] }>;

  /** Starts an authorization request at a terminal. @throws {ConnectionError} see {@link beginTerminalSignIn} */
  beginTerminalSignIn(input: BeginTerminalSignInInput): Promise<BegunTerminalSignIn>;
  /** Finishes it, in any process. @throws {ConnectionError} see {@link completeTerminalSignIn} */
  completeTerminalSignIn(input: CompleteTerminalSignInInput): Promise<TerminalSignInResult>;
  /** One connection, whoever has it, for operators. @throws {ConnectionError} `connection_not_found` */
  findConnection(connectionId: string): Promise<OwnedConnection>;
  /** The connections that go by a username, for operators. Walks all connections. */
  findByUsername(input: { username: string; limit: number }): Promise<ConnectionView[]>;
  /** One user with their connections, for operators. @throws {ConnectionError} `user_not_found` */
  findUser(userId: string): Promise<UserView>;
  /** Every user with their accounts, page by page, for operators. */
  pageUsers(input: { after: string | null; limit: number }): Promise<UserWithAccounts[]>;
  /** Every connection, page by page, for operators. */
  page(input: { after: string | null; limit: number }): Promise<ConnectionView[]>;
  /** Where tokens are read, and how they get there. */
  readonly sinks: Sinks;
  /** What Meta tells of people. */
  readonly callbacks: Callbacks;
  /** What people may ask for about everything that is theirs. */
  readonly account: Account;
};

/** With these a connection has got another token, which its sinks wait for. */
const SWAPS: ReadonlySet<ConnectionsEvent["event"]> = new Set([
  "connection.refreshed",
  "connection.restored",
  "connection.reconnected",
  "connection.imported",
]);

/** Binds the use cases to a store, the logins, a seal and two clocks. */
export function createConnections(given: ConnectionsDeps): Connections {
  const deps: ConnectionsDeps = {
    ...given,
    onEvent: (event) => {
      given.onEvent(event);
      if (SWAPS.has(event.event)) delivery.wake();
    },
  };
  const delivery = createSinkDelivery(deps);
  const completion = createSignInCompletion(deps);
  const guard = createAppGuard(deps);
  const engine = { deps, guard };
  const refresh = createRefresher(engine);
  const feed = createChangeFeed(deps.store);
  const evidenceOf = createEvidenceSource(deps, guard);

  return {
    flavours: (["instagram", "facebook"] as const).filter((flavour) => deps.logins[flavour] !== undefined),
    now: deps.now,
    beginSignIn: (input) => beginSignIn(deps, input),
    completeSignIn: completion.complete,
    accountChoice: completion.choice,
    chooseAccounts: completion.choose,
    resumeSignIn: completion.resume,
    watchSignIn: completion.watch,
    findSession: createFindSession(deps),
    endSession: (sessionId) => endSession(deps, sessionId),
    listSessions: (of) => listSessions(deps, of),
    revokeSession: (input) => revokeSession(deps, input),
    revokeSessions: (of) => revokeSessions(deps, of),
    audit: createAudit(deps),
    list: (userId) => listConnections(deps, userId),
    get: (userId, connectionId) => getConnection(deps, userId, connectionId),
    history: (input) => listHistory(deps, input),
    refresh,
    validate: (input) => validate(deps, input),
    importToken: (request) => importToken(deps, request),
    recentPosts: (input) => recentPosts(deps, refresh, input),
    sweep: (options) => sweepAndWarn(engine, options),
    sweepRuns: (options) => createSweepRuns(engine, options),
    tend: (options) => tend(engine, options),
    deliverAlerts: (signal) => deliverAlerts(deps, signal),
    alerts: async (input) => (await deps.store.listAlerts(input)).map(viewAlert),
    allAlerts: async (input) => (await deps.store.listAllAlerts(input)).map(viewAlert),
    pausedLogins: () => viewPausedLogins(guard),
    fleet: () => viewFleet(deps, guard),
    handOut: (input) => handOut(deps, refresh, input),
    exportSignIn: async (input) => await exportAttempt(evidenceOf, await recordedSignIn(deps, input)),
    exportAttempt: async (input) => {
      const recorded = await recordedAttempt(deps, input);
      return recorded === null ? null : await exportAttempt(evidenceOf, recorded);
    },
    diagnoseSignIn: async (input) => await diagnose(evidenceOf, await recordedSignIn(deps, input)),
    diagnoseConnection: async (input) => {
      const failed = await recordedAttempt(deps, input);
      return failed === null ? null : await diagnose(evidenceOf, failed);
    },
    createApiKey: (request) => createApiKey(deps, request),
    listApiKeys: (userId) => listApiKeys(deps, userId),
    revokeApiKey: (input) => revokeApiKey(deps, input),
    visits: createKeyVisits(deps, refresh),
    limiter: createRateLimiter(deps),
    disconnect: (input) => disconnect(deps, input),
    watch: feed.watch,
    beginTerminalSignIn: (input) => beginTerminalSignIn(deps, input),
    completeTerminalSignIn: (input) => completeTerminalSignIn(deps, completion, input),
    findConnection: (connectionId) => findConnection(deps, connectionId),
    findByUsername: (input) => findByUsername(deps, input),
    findUser: (userId) => findUser(deps, userId),
    pageUsers: (input) => deps.store.pageUsers(input),
    page: (input) => pageConnections(deps, input),
    sinks: createSinks(deps, delivery),
    callbacks: createCallbacks(deps, delivery.wakeFarewells),
    account: createAccount(deps, delivery.wakeFarewells),
  };
}
