import type {
  AccountProfile,
  AlertDelivery,
  AlertRecord,
  AppKey,
  BreakerRecord,
  ConnectionRecord,
  ConnectionSummary,
  Flavour,
  FleetStats,
  Lease,
  LeasedConnection,
  NewAlert,
  ProcessBeat,
  RefreshAttempt,
  RunRecord,
  RunningProcess,
  SessionRecord,
  SignInAttempt,
  StoredToken,
} from "./records.ts";

/** A sign-in attempt as it is begun: secrets arrive hashed. */
export type NewSignInAttempt = {
  id: string;
  /** SHA-256 of the secret part of `state`. */
  stateHash: string;
  /** SHA-256 of the secret in the cookie that binds the attempt to its browser. */
  browserHash: string;
  flavour: Flavour;
  redirectUri: string;
  returnTo: string;
  linkUserId: string | null;
  expectedAccountId: string | null;
  createdAt: Date;
  expiresAt: Date;
};

/** What a callback presents to take an attempt. */
export type SignInClaimInput = {
  id: string;
  stateHash: string;
  browserHash: string;
  /** SHA-256 of the authorization code; null when the person refused. */
  codeHash: string | null;
  flavour: Flavour;
  /** By people's clocks, like the times of the attempt. */
  now: Date;
};

/** Why a callback may not take an attempt. Nothing was changed. */
export type SignInRefusal = "unknown" | "wrong_browser" | "expired" | "wrong_flavour" | "other_code";

/**
 * `claimed`: this caller, and no other, may exchange the code.
 * `repeated`: the same callback was here before; `attempt` says how far it is.
 */
export type SignInClaim =
  | { kind: "claimed"; attempt: SignInAttempt }
  | { kind: "repeated"; attempt: SignInAttempt }
  | { kind: "refused"; reason: SignInRefusal };

/** Everything a finished sign-in writes, in one transaction. */
export type CompleteSignInInput = {
  attemptId: string;
  flavour: Flavour;
  accountId: string;
  appScopedId: string;
  appId: string;
  profile: AccountProfile;
  /** Sealed for `connectionId`. */
  token: StoredToken;
  /** The id the token was sealed for: the existing connection's, or a fresh one. */
  connectionId: string;
  /** Used when nobody has this account yet and no user is linked. */
  newUserId: string;
  /** The session to open: signing in and adding an account both give the browser a new one. */
  session: SessionRecordInput;
  /** The session that this one replaces (the browser's old one), deleted in the same transaction. */
  replacedSessionIdHash: string | null;
  history: RefreshAttempt;
  /** Written, with the connection's and its user's ids put in, where the connection had an open incident. */
  recovery: NewAlert;
  /** When tokens age. */
  now: Date;
  /** When people's clocks tick: sessions and attempts. */
  wallNow: Date;
};

/** A new session; its user is decided by the transaction. */
export type SessionRecordInput = Omit<SessionRecord, "userId">;

/**
 * `account_held`: another user has this account; nothing was written but the attempt's failure.
 * `connection_moved`: the account's connection has another id than the token was sealed for: seal again.
 * `attempt_gone`: the attempt is no longer being exchanged; nothing was written.
 */
export type CompleteSignInResult =
  | { kind: "completed"; userId: string; connectionId: string; isNewUser: boolean; isNewConnection: boolean }
  | { kind: "account_held" }
  | { kind: "connection_moved"; connectionId: string }
  | { kind: "attempt_gone" };

/** A claim on due connections. */
export type ClaimDueInput = {
  owner: string;
  /** Connections whose `nextRefreshAt` is not later than this are due. */
  now: Date;
  leaseMs: number;
  limit: number;
  /**
   * `due`: all but those of `pausedApps`. `abandoned`: of these only what somebody else has begun and left,
   * its lease having lapsed. `app`: only those of one app, paused or not.
   */
  of:
    | { kind: "due" | "abandoned"; pausedApps: readonly AppKey[] }
    | { kind: "app"; app: AppKey };
};

/** A claim on one connection, due or not. */
export type ClaimOneInput = { connectionId: string; owner: string; leaseMs: number };

/** `busy`: somebody else holds the lease. `missing`: no such connection, or it is disconnected. */
export type ClaimOneResult =
  | ({ kind: "leased" } & LeasedConnection)
  | { kind: "busy"; connection: ConnectionRecord }
  | { kind: "missing" };

/** What a successful refresh writes; the lease is released by it, and any incident is over. */
export type SaveRefreshedInput = {
  lease: Lease;
  token: StoredToken;
  /**
   * `replaced`: the token that was current becomes the previous one. `kept`: the previous one stays, since
   * the new token was got by it. `none`: there is none, since Instagram gave the same string again.
   */
  previous: "replaced" | "kept" | "none";
  history: RefreshAttempt;
  alerts: readonly NewAlert[];
  now: Date;
};

/** What puts the previous token back in the place of a refused one; the lease is released by it. */
export type RestorePreviousInput = {
  lease: Lease;
  nextRefreshAt: Date;
  history: RefreshAttempt;
  alerts: readonly NewAlert[];
  now: Date;
};

/** What a failed refresh writes; the lease is released by it and the sealed tokens stay as they are. */
export type RecordFailureInput = {
  lease: Lease;
  /** null leaves the status as it is. */
  reconnectReason: string | null;
  errorCode: string;
  /** null with a reason: not looked at again by itself. null without one: the time stays as it is. */
  nextRefreshAt: Date | null;
  /** The alert that tells of it from now on; null leaves what was told as it is. */
  incidentId: string | null;
  history: RefreshAttempt;
  alerts: readonly NewAlert[];
  now: Date;
};

/** What a claim to warn writes, if the connection is still what it was. */
export type WarnExpiringInput = { connectionId: string; version: number; warnedDays: number; alert: NewAlert };

/** What opens an app's breaker. */
export type OpenBreakerInput = {
  app: AppKey;
  errorCode: string;
  /** How long to the first probe. */
  waitMs: number;
  now: Date;
  /** Null when it is not worth one. */
  alert: NewAlert | null;
};

/** What came of sending an alert's webhook once. */
export type RecordAlertDeliveryInput = {
  delivery: AlertDelivery;
  /** `again` sends it once more at `nextDeliveryAt`. */
  outcome: { kind: "delivered" | "given_up" } | { kind: "again"; nextDeliveryAt: Date };
};

/** One page of history, newest first: what started earlier than `before`. */
export type HistoryQuery = { userId: string; connectionId: string; limit: number; before: Date | null };

/** The version of each of a user's connections: differs when, and only when, something changed. */
export type ConnectionVersions = Record<string, number>;

/** Somebody's watch for changes; costs the engine what it costs until it is stopped. */
export type ChangeWatch = {
  /** How long to wait between two looks at the marker. It may change while watching. */
  readonly pollIntervalMs: number;
  stop: () => void;
};

/** A sealed known text per key id, so that a wrong key is noticed before it seals anything. */
export type KeyCheck = { keyId: string; sealed: string };

/**
 * Everything Perennial keeps. Each method is one whole operation and atomic, and seen by every process once
 * its promise has resolved. From then on it survives a power cut too, but for what is cheap to lose: sign-in
 * attempts that are under way, leases, beats, and when a session was last used. Tokens arrive and leave sealed. Every engine passes `store.contract.ts`.
 *
 * Two clocks are told apart: `now` is when tokens age (a simulator may move it), `wallNow` when
 * sessions and attempts do. Leases go by the store's own clock, so that two hosts agree.
 *
 * @throws {StoreError} `busy` when the database stays locked beyond the busy time, `unavailable` when it
 *   cannot be read or written, `corrupt` when it is damaged; writes fail as `moved` while the database moves house
 *   and ever after. Nothing else is thrown for reasons outside
 *   the caller's hands.
 * @throws {RangeError} when an id is in use already, a record belongs to something that does not exist, or
 *   a limit is no whole number from 0 on. Nothing was written.
 */
export type Store = AsyncDisposable & {
  /** Writes a new attempt. */
  createSignInAttempt(attempt: NewSignInAttempt): Promise<void>;
  /**
   * Takes an attempt for its one exchange, or says why not. A refusal changes nothing. The same callback is
   * `repeated` until ten minutes after the attempt's end, or, while it is being exchanged, a minute after
   * its `expiresAt`: one that a crash left behind is found as `exchanging` until then.
   */
  claimSignInAttempt(input: SignInClaimInput): Promise<SignInClaim>;
  /** An attempt seen from the browser that started it; null from anywhere else. */
  findSignInAttempt(input: { id: string; browserHash: string }): Promise<SignInAttempt | null>;
  /** Ends an attempt that is being exchanged (or was refused by the person). */
  failSignInAttempt(input: {
    id: string;
    errorCode: string;
    failedStep: string;
    wallNow: Date;
  }): Promise<void>;
  /** The connection id of an account, whoever holds it: what a token must be sealed for. */
  findConnectionIdByAccount(accountId: string): Promise<string | null>;
  /** User, identity, connection, session, history and the attempt's end, all or nothing. */
  completeSignIn(input: CompleteSignInInput): Promise<CompleteSignInResult>;

  /** A live session, or null when it is unknown or expired. */
  findSession(idHash: string, wallNow: Date): Promise<SessionRecord | null>;
  /** Notes that a session was used; never backwards, and not after its end. */
  touchSession(idHash: string, wallNow: Date): Promise<void>;
  /** Ends a session at once. Unknown ones are fine. */
  deleteSession(idHash: string): Promise<void>;

  /** A user's connections but the disconnected ones, oldest first. */
  listConnections(userId: string): Promise<ConnectionSummary[]>;
  /** One connection of a user; another user's id and a missing id both give null. Disconnected too. */
  findConnection(userId: string, connectionId: string): Promise<ConnectionSummary | null>;
  /** One connection with its sealed token, whoever owns it: for hand-outs and operators. */
  findConnectionById(connectionId: string): Promise<ConnectionRecord | null>;
  /** Every connection, in id order, for operators: `after` is the last id of the previous page. */
  pageConnections(input: { after: string | null; limit: number }): Promise<ConnectionSummary[]>;
  /** History of one connection of a user, newest first. */
  listHistory(query: HistoryQuery): Promise<RefreshAttempt[]>;
  /** The versions of the connections of each of these users, disconnected ones included, in one query. */
  connectionVersions(userIds: readonly string[]): Promise<ReadonlyMap<string, ConnectionVersions>>;

  /**
   * Leases what has been due for longest; the answer has the soonest expiry first. Costs what it takes, and a
   * little for each lease that is out: not what is due, and not what is stored.
   */
  claimDue(input: ClaimDueInput): Promise<LeasedConnection[]>;
  /** Leases one connection, unless it is disconnected. */
  claimOne(input: ClaimOneInput): Promise<ClaimOneResult>;
  /**
   * Notes that a call is about to be sent, makes the lease last from now on, and the connection due at once
   * should its holder not come back. False when the lease has lapsed or was lost: nothing may be sent.
   */
  recordIntent(input: { lease: Lease; leaseMs: number; now: Date }): Promise<boolean>;
  /** True when the lease still held and the token was stored. */
  saveRefreshed(input: SaveRefreshedInput): Promise<boolean>;
  /** True when the lease still held, there was a previous token, and it is the current one again. */
  restorePrevious(input: RestorePreviousInput): Promise<boolean>;
  /** True when the lease still held and the failure was stored. */
  recordFailure(input: RecordFailureInput): Promise<boolean>;
  /** Gives a lease back unused, with the time the connection is looked at next; null leaves that time. */
  releaseLease(lease: Lease, nextRefreshAt: Date | null): Promise<void>;
  /** Forgets the sealed tokens and stops renewing. False when the user has no such connection. */
  disconnect(input: { userId: string; connectionId: string; now: Date }): Promise<boolean>;

  /** The apps that are left alone. */
  listOpenBreakers(): Promise<BreakerRecord[]>;
  /**
   * Opens an app's breaker; true when this call did. One that is open already stays as it is, but for its
   * next probe, which is never earlier than asked for here.
   */
  openBreaker(input: OpenBreakerInput): Promise<boolean>;
  /** Takes the next probe of an open breaker, of which there were `probes` so far; true for one caller. */
  takeProbe(input: { app: AppKey; probes: number; waitMs: number }): Promise<boolean>;
  /**
   * Makes connections of an app due at the time of their expiry less the lead, soonest expiry first, where
   * they are overdue or wait for another attempt; those under lease are left out. Returns how many were
   * changed: fewer than the limit means that no more are left.
   */
  releaseBacklog(input: { app: AppKey; leadMs: number; now: Date; limit: number }): Promise<number>;
  /** Closes an app's breaker; true when this call did. The alert is written only where opening was told of. */
  closeBreaker(input: { app: AppKey; alert: NewAlert }): Promise<boolean>;

  /**
   * Active connections whose token ends within one of the thresholds, of which nobody was warned yet, and
   * whose renewal has failed or is a day late; soonest expiry first.
   */
  listExpiring(input: {
    now: Date;
    thresholdsDays: readonly number[];
    limit: number;
  }): Promise<ConnectionSummary[]>;
  /** Notes that a warning was given, and writes it. False when the connection has changed since it was read. */
  warnExpiring(input: WarnExpiringInput): Promise<boolean>;
  /** A user's alerts, newest first. */
  listAlerts(input: { userId: string; limit: number }): Promise<AlertRecord[]>;
  /** Everybody's and every app's alerts with what became of their webhooks, newest first, for operators. */
  listAllAlerts(input: { limit: number }): Promise<AlertRecord[]>;
  /** The attempts to send an alert's webhook, oldest first. */
  listAlertDeliveries(alertId: string): Promise<AlertDelivery[]>;
  /** Takes alerts to send, oldest first: nobody else gets them until `leaseMs` from now. */
  claimAlerts(input: { wallNow: Date; leaseMs: number; limit: number }): Promise<AlertRecord[]>;
  /** Writes down one attempt to send an alert. */
  recordAlertDelivery(input: RecordAlertDeliveryInput): Promise<void>;

  /** Writes down that a sweep was asked for. */
  createRun(run: Pick<RunRecord, "id" | "processId" | "startedAt">): Promise<void>;
  /** Writes down what came of it. */
  finishRun(run: Pick<RunRecord, "id" | "finishedAt" | "counts" | "errorCode">): Promise<void>;
  /** A sweep that was asked for. */
  findRun(id: string): Promise<RunRecord | null>;
  /** The fleet in numbers. Reads what is stored: not for every request. */
  fleetStats(now: Date): Promise<FleetStats>;

  /** Deletes expired sessions, runs older than a week, and attempts older than a day; returns how many rows went. */
  prune(wallNow: Date): Promise<number>;
  /** The check values stored so far. */
  listKeyChecks(): Promise<KeyCheck[]>;
  /** Stores a check value for a key id that has none yet. */
  addKeyCheck(check: KeyCheck): Promise<void>;

  /** Makes a server known, and that it still runs. Costs no sync of the disk. */
  beatProcess(process: ProcessBeat): Promise<void>;
  /** The servers that run: their last beat was less than 30 seconds ago, by the clock that leases go by. */
  listRunningProcesses(): Promise<RunningProcess[]>;
  /** Says that a server has ended. Unknown ones are fine. */
  removeProcess(id: string): Promise<void>;

  /**
   * Differs from this store's earlier answer whenever any process committed a change in between, however
   * long its transaction took; now and then for nothing. Cheap enough to poll; means nothing to another store.
   */
  changeMarker(): Promise<string>;
  /**
   * Says how closely `changeMarker` has to be polled, and calls `onHint` where the engine hears of a commit
   * sooner. A hint may come for nothing and may be missed: only the marker is the truth.
   */
  watchChanges(onHint: () => void): ChangeWatch;
  /** Proves that the database can be written. */
  checkWritable(): Promise<void>;
  /**
   * Proves that every migration of this version is applied; ones of a newer version may be there as well.
   *
   * @throws {StoreError} `unavailable` when one is missing: an older database was put in the place of this one.
   */
  checkMigrated(): Promise<void>;
};

/** Why the store could not do its work. */
export type StoreErrorCode = "busy" | "unavailable" | "schema_newer" | "corrupt" | "moved";

/** What is said to whoever writes to a database that moves or has moved. */
export const MOVED_MESSAGE =
  "The database is moving to another address or has moved there: here it can be read, and not written.";

/** The database could not be read or written. Messages name no values. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Whether the same call may work a moment later. */
  get retryable(): boolean {
    return this.code === "busy" || this.code === "unavailable";
  }
}
