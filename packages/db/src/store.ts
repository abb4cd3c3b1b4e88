import type {
  AlertDelivery,
  AlertRecord,
  ApiKeyRecord,
  AppKey,
  AuditEvent,
  BreakerRecord,
  ConnectionRecord,
  ConnectionSummary,
  DurabilitySetting,
  FleetStats,
  Flavour,
  IdentityRecord,
  Lease,
  LeasedConnection,
  MetaCallback,
  NewAlert,
  PermitGrant,
  ProcessBeat,
  RefreshAttempt,
  RunRecord,
  RunningProcess,
  SessionRecord,
  SignInAttempt,
  LeasedSink,
  SinkDelivery,
  SinkFarewell,
  SinkRecord,
  SinkStats,
  UserRecord,
  UserWithAccounts,
} from "./records.ts";
import type {
  AcceptedMetaCallback,
  AcceptMetaCallbackInput,
  AuditQuery,
  CompleteMetaCallbackInput,
  EraseConnectionInput,
  EraseIdentitiesInput,
  EraseUserInput,
  GoneResult,
  RevokeConnectionInput,
  SettleFarewellInput,
  NewSignInAttempt,
  SignInClaimInput,
  SignInClaim,
  CompleteSignInInput,
  CompleteSignInResult,
  ClaimDueInput,
  ClaimOneInput,
  ClaimOneResult,
  SaveRefreshedInput,
  RestorePreviousInput,
  RecordFailureInput,
  WarnExpiringInput,
  OpenBreakerInput,
  RecordAlertDeliveryInput,
  HistoryQuery,
  ImportAccountInput,
  ImportAccountResult,
  OfferedChoice,
  OpenSignInAttemptsQuery,
  RecordValidationInput,
  ConnectionVersions,
  ChangeWatch,
  KeyCheck,
  ClaimSinkResult,
  CreateSinkInput,
  CreateSinkResult,
  RecordSinkDeliveryInput,
  UpdateSinkInput,
  NewApiKey,
  ApiKeyMatch,
  TakePermitsInput,
  Rewrap,
  SealedColumn,
  SealedCount,
  SealedRow,
} from "./store-inputs.ts";

export { MOVED_MESSAGE, StoreError, type StoreErrorCode } from "./store-error.ts";
export type * from "./store-inputs.ts";

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
    transcript: string | null;
    wallNow: Date;
  }): Promise<void>;
  /** The connection id of an account, whoever holds it: what a token must be sealed for. */
  findConnectionIdByAccount(accountId: string): Promise<string | null>;
  /**
   * User, identity, connection, session, history and the attempt's end, all or nothing. The token of a connection
   * that was active becomes its previous one, where both are of one flavour and app.
   */
  completeSignIn(input: CompleteSignInInput): Promise<CompleteSignInResult>;
  /** Lets the person pick until `expiresAt`: keeps what they can pick from, sealed. False when the attempt is not being exchanged any more. */
  offerChoice(input: { id: string; sealedChoice: string; expiresAt: Date }): Promise<boolean>;
  /** What a person may pick from, seen from the browser that signed in; null from anywhere else, and once it is over. */
  findChoice(input: { id: string; browserHash: string; wallNow: Date }): Promise<OfferedChoice | null>;
  /** Takes the attempt of a choice for its one end; false when somebody else did. */
  takeChoice(id: string): Promise<boolean>;
  /** Keeps a token that was brought by hand, as `completeSignIn` keeps one, without signing anybody in. */
  importAccount(input: ImportAccountInput): Promise<ImportAccountResult>;
  /**
   * Writes down a look at a token. False when nothing but the history was written: the connection has changed since, or
   * is being refreshed. Nothing at all is written of one that is gone.
   */
  recordValidation(input: RecordValidationInput): Promise<boolean>;

  /**
   * Attempts that lead to `returnTo`, can still be finished and have no result yet, newest first. Begun after
   * `createdAfter`: older ones are not looked for.
   */
  listOpenSignInAttempts(query: OpenSignInAttemptsQuery): Promise<SignInAttempt[]>;

  /** A user, or null. */
  findUser(id: string): Promise<UserRecord | null>;
  /** Every user with the accounts they connected, in id order, for operators: `after` is the last id of the previous page. */
  pageUsers(input: { after: string | null; limit: number }): Promise<UserWithAccounts[]>;

  /** A live session, or null when it is unknown or expired. */
  findSession(idHash: string, wallNow: Date): Promise<SessionRecord | null>;
  /** Notes that a session was used; never backwards, and not after its end. */
  touchSession(idHash: string, wallNow: Date): Promise<void>;
  /** Ends a session at once, and writes the event where there was one to end. Unknown ones are fine. */
  deleteSession(idHash: string, audit?: AuditEvent): Promise<void>;
  /** A user's live sessions, the one that was used last first. */
  listSessions(input: { userId: string; wallNow: Date }): Promise<SessionRecord[]>;
  /**
   * Ends all sessions of a user at once, but for one where that is named; returns how many there were. The event is
   * written with that number, where there were any.
   */
  deleteSessions(input: { userId: string; exceptIdHash: string | null }, audit?: AuditEvent): Promise<number>;

  /** Writes a new key, and the event that says so. */
  createApiKey(key: NewApiKey, audit?: AuditEvent): Promise<void>;
  /** A user's keys, newest first, revoked ones too. */
  listApiKeys(userId: string): Promise<ApiKeyRecord[]>;
  /**
   * Ends a key at once, in every process. False when the user has none of that id; a revoked one stays as it is, and
   * the event is not written.
   */
  revokeApiKey(input: { userId: string; id: string; wallNow: Date }, audit?: AuditEvent): Promise<boolean>;
  /** The key with this hash, whatever its state, or null. */
  findApiKey(secretHash: string): Promise<ApiKeyRecord | null>;
  /**
   * The same together with one connection of its user, in one call: another user's and a missing one are null
   * alike. What the key may do with it is for the caller to judge.
   */
  findApiKeyWithConnection(input: { secretHash: string; connectionId: string }): Promise<ApiKeyMatch | null>;
  /** Notes that a key was used; never backwards. Costs no sync of the disk. */
  touchApiKey(id: string, wallNow: Date): Promise<void>;
  /**
   * Takes permits of a limit, as many as asked for while its window has some. However many processes take them,
   * no more than the limit are given out in a window. Windows go by the clock of the leases. Costs no sync.
   */
  takePermits(input: TakePermitsInput): Promise<PermitGrant>;
  /** Gives back permits that were not used, to the window they are of; to a later one they are worth nothing. */
  returnPermits(input: { name: string; count: number; windowEndsAt: Date }): Promise<void>;

  /** A user's connections but the disconnected ones, oldest first. */
  listConnections(userId: string): Promise<ConnectionSummary[]>;
  /** One connection of a user; another user's id and a missing id both give null. Disconnected too. */
  findConnection(userId: string, connectionId: string): Promise<ConnectionSummary | null>;
  /** One connection with its sealed token, whoever owns it: for hand-outs and operators. */
  findConnectionById(connectionId: string): Promise<ConnectionRecord | null>;
  /**
   * The connections that go by a username now, disconnected ones left out, in id order. Names are not unique: an
   * account that gave its name up keeps it here until it is looked at again. Walks all connections: for operators.
   */
  findConnectionsByUsername(input: { username: string; limit: number }): Promise<ConnectionSummary[]>;
  /** Every connection, in id order, for operators: `after` is the last id of the previous page. */
  pageConnections(input: { after: string | null; limit: number }): Promise<ConnectionSummary[]>;
  /** History of one connection of a user, newest first. */
  listHistory(query: HistoryQuery): Promise<RefreshAttempt[]>;
  /** The versions of the connections of each of these users, disconnected ones included, in one query. */
  connectionVersions(userIds: readonly string[]): Promise<ReadonlyMap<string, ConnectionVersions>>;

  /**
   * Leases what has been due for longest; the answer has the soonest expiry first. Costs what it takes, and a
   * little for whatever is due but passed over: leased, of a paused app, or not of the kind that is asked for.
   * What only a person can help is due too where its last failure said when to look again.
   */
  claimDue(input: ClaimDueInput): Promise<LeasedConnection[]>;
  /** Leases one connection, unless it is disconnected. */
  claimOne(input: ClaimOneInput): Promise<ClaimOneResult>;
  /**
   * Notes that a call is about to be sent, makes the lease last from now on, and the connection due at once
   * should its holder not come back. False when the lease has lapsed or was lost: nothing may be sent.
   */
  recordIntent(input: { lease: Lease; leaseMs: number; now: Date }): Promise<boolean>;
  /** True when the lease still held and the token was stored. Every sink of the connection is due with it. */
  saveRefreshed(input: SaveRefreshedInput): Promise<boolean>;
  /**
   * Puts the previous token back and ends its troubles; whether its expiry is an estimate stays as it was. True
   * when the lease still held and there was one.
   */
  restorePrevious(input: RestorePreviousInput): Promise<boolean>;
  /** True when the lease still held and the failure was stored. */
  recordFailure(input: RecordFailureInput): Promise<boolean>;
  /** Gives a lease back unused, with the time the connection is looked at next; null leaves that time. */
  releaseLease(lease: Lease, nextRefreshAt: Date | null): Promise<void>;
  /**
   * Forgets the sealed tokens, stops renewing, and has no sink wait. False when the user has no such connection; one
   * that is disconnected already stays as it is, and the event is not written.
   */
  disconnect(
    input: { userId: string; connectionId: string; now: Date },
    audit?: AuditEvent,
  ): Promise<boolean>;

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
   * Makes connections of an app due so long before their expiry, and thereby in its order, where they are
   * overdue or wait for another attempt; those under lease are left out. Returns how many were
   * changed: fewer than the limit means that no more are left.
   */
  releaseBacklog(input: { app: AppKey; beforeExpiryMs: number; now: Date; limit: number }): Promise<number>;
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
  /** Notes that a warning was given, as an incident unless there is one, and writes it. False when the connection has changed since it was read. */
  warnExpiring(input: WarnExpiringInput): Promise<boolean>;
  /** A user's alerts, newest first. */
  listAlerts(input: { userId: string; limit: number }): Promise<AlertRecord[]>;
  /** Everybody's and every app's alerts with what became of their webhooks, newest first, for operators. */
  listAllAlerts(input: { limit: number }): Promise<AlertRecord[]>;
  /** The attempts to send an alert's webhook, oldest first. */
  listAlertDeliveries(alertId: string): Promise<AlertDelivery[]>;
  /** Takes alerts to send, oldest first: nobody else gets them until `leaseMs` from now. */
  claimAlerts(input: { wallNow: Date; leaseMs: number; limit: number }): Promise<AlertRecord[]>;
  /**
   * Writes down one attempt to send an alert; the same one counts once, and a delivery is never taken back. Nothing is
   * written of an alert that is gone.
   */
  recordAlertDelivery(input: RecordAlertDeliveryInput): Promise<void>;

  /** Writes a new sink, which waits for its connection's token at once, and the event that says so. */
  createSink(input: CreateSinkInput, audit?: AuditEvent): Promise<CreateSinkResult>;
  /**
   * Sets up a sink anew; what is under way to it counts no more. False when the connection has no such sink, and
   * nothing was written.
   */
  updateSink(input: UpdateSinkInput, audit?: AuditEvent): Promise<boolean>;
  /** Forgets a sink and its receipts. False when the connection has no such sink, and nothing was written. */
  deleteSink(input: { id: string; connectionId: string }, audit?: AuditEvent): Promise<boolean>;
  /** One sink, whoever's it is. */
  findSink(id: string): Promise<SinkRecord | null>;
  /** The sinks of a connection, oldest first. */
  listSinks(connectionId: string): Promise<SinkRecord[]>;
  /** Whether a sink waits that nobody is delivering to: cheap enough to poll. */
  hasWaitingSinks(): Promise<boolean>;
  /** Leases sinks that wait, in the order in which they fell due. */
  claimSinks(input: { owner: string; leaseMs: number; limit: number }): Promise<LeasedSink[]>;
  /** Leases one sink, whether it waits or not. */
  claimSink(input: { id: string; owner: string; leaseMs: number }): Promise<ClaimSinkResult>;
  /**
   * Writes down an attempt and gives the lease back. A sink that was given a newer token meanwhile waits on. Who has
   * lost the lease may have overwritten a newer token with an older one: then the sink is due again at once.
   * The receipt is kept in any case, and the same one once; nothing is written for a sink that is gone.
   */
  recordSinkDelivery(input: RecordSinkDeliveryInput): Promise<void>;
  /** The receipts of a sink, newest first. */
  listSinkDeliveries(input: { sinkId: string; limit: number }): Promise<SinkDelivery[]>;
  /** All sinks in numbers. */
  sinkStats(): Promise<SinkStats>;

  /** Who a user is at the logins. */
  listIdentities(userId: string): Promise<IdentityRecord[]>;
  /**
   * The connections that somebody known to a login by this id allowed it, disconnected ones too; with those of
   * the accounts they are, whichever login holds them now. Another login's people of the same id are not among them.
   */
  findConnectionsOfPerson(input: { flavour: Flavour; providerUserId: string }): Promise<ConnectionSummary[]>;
  /**
   * Takes the tokens of a connection and asks for a reconnect. A refresh that is under way changes nothing any more. Where
   * the user is left without a connection that works, their sessions and keys end with it.
   */
  revokeConnection(input: RevokeConnectionInput): Promise<GoneResult>;
  /**
   * Erases a connection with its tokens, history, alerts and sinks; where it was its user's last, them with identities,
   * sessions and keys. Nothing that is under way brings any of it back. Its webhooks wait to be told.
   */
  eraseConnection(input: EraseConnectionInput): Promise<GoneResult>;
  /** True when there was an identity to erase. */
  eraseIdentities(input: EraseIdentitiesInput): Promise<boolean>;
  /** False when there is no such user. */
  eraseUser(input: EraseUserInput): Promise<boolean>;
  /** Takes webhooks that have to be told of an erasure: nobody else gets them until `leaseMs` from now. */
  claimFarewells(input: { wallNow: Date; leaseMs: number; limit: number }): Promise<SinkFarewell[]>;
  /** Writes down what came of it. What is not to be told again is forgotten. */
  settleFarewell(input: SettleFarewellInput): Promise<void>;

  /**
   * Keeps what Meta told of a person: one row for each of them and each kind, with one confirmation code for good. A
   * request that is newer than the last one is to be worked off; any other writes nothing.
   */
  acceptMetaCallback(input: AcceptMetaCallbackInput): Promise<AcceptedMetaCallback>;
  /** A callback that was accepted, or null. */
  findMetaCallback(id: string): Promise<MetaCallback | null>;
  /** Whether any was accepted then or later. */
  hasMetaCallbackSince(acceptedAt: Date): Promise<boolean>;
  /** The deletion behind a confirmation code, or null. */
  findMetaCallbackByCode(confirmationCode: string): Promise<MetaCallback | null>;
  /** The callbacks that have yet to be worked off, oldest first: cheap enough to poll. */
  listOpenMetaCallbacks(input: { limit: number }): Promise<MetaCallback[]>;
  /** Writes down what came of one, and forgets whom it was about. False when that was done, or a later request came. */
  completeMetaCallback(input: CompleteMetaCallbackInput): Promise<boolean>;

  /** Writes down what was done. What is there under the same id stays as it is: nothing changes an event. */
  appendAuditEvents(events: readonly AuditEvent[]): Promise<void>;
  /** What was done, newest first, for operators and for whoever it was done to. */
  listAuditEvents(query: AuditQuery): Promise<AuditEvent[]>;

  /** Writes down that a sweep was asked for. */
  createRun(run: Pick<RunRecord, "id" | "processId" | "startedAt">): Promise<void>;
  /** Writes down what came of it. */
  finishRun(run: Pick<RunRecord, "id" | "finishedAt" | "counts" | "errorCode">): Promise<void>;
  /** A sweep that was asked for. */
  findRun(id: string): Promise<RunRecord | null>;
  /** The newest sweep that was asked for and went through; null when none of the last week did. */
  findLatestRun(): Promise<RunRecord | null>;
  /** The fleet in numbers. Reads what is stored: not for every request. */
  fleetStats(now: Date): Promise<FleetStats>;

  /**
   * Deletes expired sessions, attempts older than a day, runs older than a week, alerts older than 90 days that do
   * not wait to be sent, receipts of that age, keys revoked longer ago than that, windows that are over, and callbacks
   * and events of the audit older than 400 days; returns how many rows went.
   */
  prune(wallNow: Date): Promise<number>;
  /** The check values stored so far. */
  listKeyChecks(): Promise<KeyCheck[]>;
  /** Stores a check value for a key id that has none yet. */
  addKeyCheck(check: Pick<KeyCheck, "keyId" | "sealed">): Promise<void>;

  /** How many sealed texts each key holds, column by column. Reads all of them. */
  countSealed(): Promise<SealedCount[]>;
  /** Texts of a column that were not sealed with a key, in the order of their ids: `after` is the last one before. */
  pageSealed(input: {
    column: SealedColumn;
    notWith: string;
    after: string | null;
    limit: number;
  }): Promise<SealedRow[]>;
  /**
   * Puts each text in the place of the one it was made from, where that is still there and nobody holds its row;
   * returns how many were written. Nothing else of a row changes: its version, its lease and its times stay, because
   * what the text says is the same.
   */
  rewrapSealed(input: { column: SealedColumn; rewraps: readonly Rewrap[] }): Promise<number>;
  /** Retires a key that no sealed text needs; returns how many still do, and with any nothing is changed. */
  retireKey(input: { keyId: string; wallNow: Date }): Promise<number>;

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
   * Grows whenever any process committed a change since the turn of the event loop before, now and then for nothing;
   * what was read while it stayed the same is what a read would give now. Null where the engine cannot tell for much
   * less than a read costs, or not at this moment.
   */
  changeCount(): number | null;
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
  /** What a commit of tokens goes by, as the database itself says in the middle of one. */
  readDurability(): Promise<DurabilitySetting[]>;
};
