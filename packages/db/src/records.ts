/** How somebody signs in: Instagram Login or Facebook Login. Never mixed within one connection. */
export type Flavour = "instagram" | "facebook";

/** `active`: kept alive. `reconnect_required`: only the person can help. `disconnected`: they left. */
export type ConnectionStatus = "active" | "reconnect_required" | "disconnected";

/** What Instagram says about the account. Counts are null where Instagram did not answer. */
export type AccountProfile = {
  username: string;
  name: string | null;
  accountType: string;
  pictureUrl: string | null;
  followersCount: number | null;
  followsCount: number | null;
  mediaCount: number | null;
};

/** A long-lived token as it rests in the database: sealed, with what the policy needs to know of it. */
export type StoredToken = {
  sealedToken: string;
  tokenIssuedAt: Date;
  /** When it stops working as far as is known: its own expiry, or the end of data access if that comes first. */
  tokenExpiresAt: Date;
  isExpiryEstimated: boolean;
  /** The token has no expiry date of its own. */
  hasNoExpiry: boolean;
  /** When access to the person's data ends unless they come back; null when no such end was told. */
  dataAccessExpiresAt: Date | null;
  /** Granted scopes; null when Instagram did not say, which is not the same as none. */
  permissions: string[] | null;
  /** When the next refresh is due, as the policy answered at the time of writing. */
  nextRefreshAt: Date;
};

/** What keeps an app's connections apart: how they sign in, and the client id their tokens were issued to. */
export type AppKey = { flavour: Flavour; appId: string };

/** One Instagram account kept for one user. */
export type ConnectionRecord = AccountProfile & {
  id: string;
  userId: string;
  /** The professional account id (`17841…`), the same in both flavours: the key of a connection. */
  accountId: string;
  /** The id this app knows the person by; Meta's callbacks carry it. */
  appScopedId: string;
  flavour: Flavour;
  /** The client id the token was issued to. */
  appId: string;
  status: ConnectionStatus;
  /** The error code that led to `reconnect_required`. */
  statusReason: string | null;
  sealedToken: string | null;
  tokenIssuedAt: Date | null;
  tokenExpiresAt: Date | null;
  isExpiryEstimated: boolean;
  hasNoExpiry: boolean;
  dataAccessExpiresAt: Date | null;
  permissions: string[] | null;
  /** The scopes that were asked for when it was connected last; null for a token that was brought by hand. */
  requestedScopes: string[] | null;
  /** The Facebook Page through which the account is reached; null for Instagram Login. */
  pageId: string | null;
  pageName: string | null;
  /**
   * The token before this one, sealed for the same row: tried, and restored, should this one be refused.
   * Worth nothing after its own expiry.
   */
  previousSealedToken: string | null;
  previousTokenIssuedAt: Date | null;
  previousTokenExpiresAt: Date | null;
  /** When it is looked at next; for `reconnect_required`: whether the token works again after all. */
  nextRefreshAt: Date | null;
  /** Since a call was about to be sent whose outcome is not known: a claim that finds it set settles it first. */
  attemptSentAt: Date | null;
  /**
   * When the person last allowed it: the start of the sign-in or import that brought the token, by the clock that
   * tokens age by. Null of connections from before this was kept.
   */
  authorizedAt: Date | null;
  /** The last time a refresh or sign-in brought a new token. */
  renewedAt: Date | null;
  /** The last time Instagram or Facebook accepted the token. */
  provedAt: Date | null;
  /** Failed attempts since the last success. */
  failedAttempts: number;
  lastErrorCode: string | null;
  lastErrorAt: Date | null;
  /** When the failures began that have not ended. */
  failingSinceAt: Date | null;
  /** The id of the alert that told of what is wrong now; null when nothing was told. */
  incidentId: string | null;
  /** The fewest days before the expiry of this token that a warning was given at. */
  warnedDays: number | null;
  /**
   * Grows with every write that changes the token or anything a person sees; taking a lease does not.
   * A holder of an older version cannot write (fencing).
   */
  version: number;
  createdAt: Date;
  updatedAt: Date;
};

/** The fields of a connection that a list or page may show. The sealed tokens stay behind. */
export type ConnectionSummary = Omit<ConnectionRecord, "sealedToken" | "previousSealedToken">;

/**
 * A time-bound right to refresh one connection. Every write made under it names owner and version. The store
 * makes the owner unique per claim: it begins with the name the claimant gave, then `#`.
 */
export type Lease = { connectionId: string; owner: string; version: number };

/** A connection with the lease that was just taken on it. */
export type LeasedConnection = { lease: Lease; connection: ConnectionRecord };

/** Who asked for an attempt. */
export type AttemptTrigger = "person" | "worker" | "api" | "cli" | "cron";

/** What was attempted. */
export type AttemptKind = "sign_in" | "refresh" | "restore" | "proof" | "import" | "validate";

/** One row of a connection's history. */
export type RefreshAttempt = {
  id: string;
  /**
   * `restore`: the current token was refused, and the previous one put back. `proof`: a token that nobody can
   * refresh was looked at. `import`: a token was brought by hand. `validate`: a person asked whether it works.
   */
  kind: AttemptKind;
  trigger: AttemptTrigger;
  startedAt: Date;
  finishedAt: Date;
  outcome: "succeeded" | "failed";
  errorCode: string | null;
  /** Meta's trace id of the answer that failed. */
  traceId: string | null;
  /** The expiry the connection had after this attempt. */
  tokenExpiresAt: Date | null;
  /** The calls that were made, in the words of whoever wrote it; null where nobody took them down. */
  transcript: string | null;
};

/** One run through the authorization request, from its start to its result. Single use. */
export type SignInAttempt = {
  id: string;
  flavour: Flavour;
  redirectUri: string;
  /** A path of our own web app. */
  returnTo: string;
  /** The user who was signed in when it started, if any: the account is then added to that user. */
  linkUserId: string | null;
  /** The account that has to come back, for a reconnect; null when any will do. */
  expectedAccountId: string | null;
  /** The scopes that were asked for. */
  requestedScopes: string[];
  /** `choosing`: the code was exchanged, and the person picks among the accounts it gives access to. */
  status: "started" | "exchanging" | "choosing" | "completed" | "failed";
  createdAt: Date;
  expiresAt: Date;
  finishedAt: Date | null;
  userId: string | null;
  connectionId: string | null;
  errorCode: string | null;
  /** Which step failed, for the page that explains it. */
  failedStep: string | null;
  /** The calls that a failed one made; those of one that went well are in the connection's history. */
  transcript: string | null;
};

/** Somebody who has connected an account. Who they are is known by their accounts alone. */
export type UserRecord = { id: string; createdAt: Date };

/** A user with the accounts they connected, oldest first; disconnected ones too. */
export type UserWithAccounts = UserRecord & {
  accounts: { connectionId: string; username: string; flavour: Flavour; status: ConnectionStatus }[];
};

/** Who a user is at one of the logins. */
export type IdentityRecord = {
  flavour: Flavour;
  /** The professional account id, or with Facebook Login the Facebook user's. */
  providerUserId: string;
  /** The id the app knows them by. */
  appScopedId: string;
  createdAt: Date;
  updatedAt: Date;
};

/** A server as it makes itself known; the store notes by its own clock when it was last seen. */
export type ProcessBeat = {
  id: string;
  kind: ProcessKind;
  startedAt: Date;
  /** When it last finished a sweep that went through; null for none yet. */
  sweptAt: Date | null;
  /** The ids of the keys it has for tokens, the one it seals with first; null where it does not say. */
  keyIds: string[] | null;
};

/** Which kind of server. */
export type ProcessKind = "api" | "worker";

/** A server that counts as running. */
export type RunningProcess = ProcessBeat & { seenAt: Date };

/** A signed-in browser. The id itself is never stored, only its hash. */
export type SessionRecord = {
  idHash: string;
  userId: string;
  userAgent: string | null;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
};

/** What an alert tells of. */
export type AlertKind =
  | "connection.failing"
  | "connection.expiring"
  | "connection.reconnect_required"
  | "connection.recovered"
  | "app.degraded"
  | "app.recovered";

/** Something that a person or operator has to be told once. Ids and codes only. */
export type NewAlert = {
  id: string;
  kind: AlertKind;
  /** Whose connection it is about; null for an app. */
  userId: string | null;
  connectionId: string | null;
  flavour: Flavour;
  appId: string;
  /** What was the matter; null for a recovery. */
  errorCode: string | null;
  /** For `connection.expiring`: the threshold that was passed, in days. */
  daysLeft: number | null;
  /** The expiry the token had then; null for an app. */
  tokenExpiresAt: Date | null;
  /** By the clock that tokens age by. */
  createdAt: Date;
  /** When the webhook is to be sent, by people's clocks; null where none is configured. */
  deliverAt: Date | null;
};

/**
 * `none`: there was no webhook to send it to. `waiting`: to be sent, for the first time or again.
 * `given_up`: never accepted, however often it was sent.
 */
export type DeliveryState = "none" | "waiting" | "delivered" | "given_up";

/** An alert as it is kept. */
export type AlertRecord = Omit<NewAlert, "deliverAt"> & {
  deliveryState: DeliveryState;
  deliveryAttempts: number;
  /** When it is sent next; null unless it waits. */
  nextDeliveryAt: Date | null;
  deliveredAt: Date | null;
};

/** One attempt to send an alert's webhook. */
export type AlertDelivery = {
  id: string;
  alertId: string;
  startedAt: Date;
  durationMs: number;
  /** Null when no answer came. */
  httpStatus: number | null;
  /** Why it counts as failed, as a code; null when the receiver accepted. */
  errorCode: string | null;
};

/** An app whose connections are left alone, but for one probe now and then. */
export type BreakerRecord = AppKey & {
  /** The failure that many connections shared. */
  errorCode: string;
  openedAt: Date;
  /** How often it was probed since. */
  probes: number;
  /** Whether the next probe may be taken, by the clock that leases go by. */
  isProbeDue: boolean;
  /** By the clock that leases go by. */
  nextProbeAt: Date;
  /** The alert that told of it; null when it was not worth one. */
  incidentId: string | null;
};

/** A sweep that was asked for over HTTP. */
export type RunRecord = {
  id: string;
  /** The server it runs in, as `listRunningProcesses` knows it. */
  processId: string;
  startedAt: Date;
  finishedAt: Date | null;
  /** What came of it, in numbers; null until it has finished, and when it failed. */
  counts: Record<string, number> | null;
  /** What it failed with. */
  errorCode: string | null;
};

/** A setting of the database that decides whether what was committed survives a power cut. */
export type DurabilitySetting = { name: string; value: string; isDurable: boolean };

/** The fleet in numbers, for metrics. */
export type FleetStats = {
  active: number;
  /** Active, and the last attempt failed. */
  failing: number;
  reconnectRequired: number;
  /** Active, with a token that has run out by the clock. */
  expired: number;
  /** To be looked at by now. */
  due: number;
  /** The soonest expiry of an active connection that still lies ahead; null for none. */
  nearestExpiryAt: Date | null;
};

/** What a key may be used for: look at connections, fetch their tokens, have them refreshed. */
export type ApiKeyAction = "read" | "token" | "refresh";

/** A key of a user for other code. The key itself is stored nowhere, only its hash. */
export type ApiKeyRecord = {
  id: string;
  userId: string;
  name: string;
  /** The last characters of the secret, by which a person knows it again. */
  hint: string;
  actions: ApiKeyAction[];
  /** Null means all connections of the user, later ones too. */
  connectionIds: string[] | null;
  /** Addresses and ranges it may be used from; null means anywhere. */
  allowedAddresses: string[] | null;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  /** A revoked key is kept for 90 days, so that whoever still uses it is told since when. */
  revokedAt: Date | null;
};

/** Permits of a limit that were taken together. */
export type PermitGrant = {
  /** How many; fewer than asked for once the window has no more. */
  granted: number;
  /** How many the window still has. */
  left: number;
  /** By the clock that leases go by. */
  windowEndsAt: Date;
  /** How long it lasted yet when they were taken. */
  endsInMs: number;
};

/** The kinds of places a token can be delivered to. */
export type SinkKind = "env_file" | "json_file" | "redis" | "upstash" | "command" | "webhook";

/** A place where a connection's token is read, as it is set up. */
export type NewSink = {
  id: string;
  connectionId: string;
  kind: SinkKind;
  name: string;
  /** Where it is, as it may be shown: no secret. */
  target: string;
  sealedSettings: string;
  /** By people's clocks. */
  createdAt: Date;
};

/** The same, with how far its delivery is. */
export type SinkRecord = NewSink & {
  updatedAt: Date;
  /** Counts the tokens it should have been given. */
  generation: number;
  /** When its token is delivered next, by the clock that leases go by; null unless it waits. */
  nextDeliveryAt: Date | null;
  /** Attempts since the last one that went well. */
  failedAttempts: number;
  /** What the last attempt failed with; null when it went well, or there was none. */
  lastErrorCode: string | null;
  deliveredAt: Date | null;
  /** Issue time of the token it holds; null while it holds none, or may hold an older one elsewhere. */
  deliveredTokenIssuedAt: Date | null;
};

/** A time-bound right to deliver to one sink, and which of its tokens it is about. */
export type SinkLease = { sinkId: string; owner: string; generation: number };

/** A sink with the lease that was just taken on it. */
export type LeasedSink = { lease: SinkLease; sink: SinkRecord };

/** The receipt of one attempt to deliver a token. */
export type SinkDelivery = {
  id: string;
  sinkId: string;
  startedAt: Date;
  durationMs: number;
  /** Which token it was; null when there was none to deliver. */
  tokenIssuedAt: Date | null;
  /** Null where nothing was asked over HTTP, or no answer came. */
  httpStatus: number | null;
  /** Why it counts as failed, as a code; null when it went well. */
  errorCode: string | null;
};

/** Sinks in numbers, for metrics. */
export type SinkStats = {
  sinks: number;
  /** Have yet to be given the present token, for the first time or again. */
  waiting: number;
  /** The last attempt failed. */
  failing: number;
};

/** `deauthorize`: the person removed the app. `data_deletion`: they want everything about them gone. */
export type MetaCallbackKind = "deauthorize" | "data_deletion";

/**
 * What came of a callback. `unknown`: nobody here goes by that id. `outdated`: the person has allowed the app anew
 * since, and nothing was done.
 */
export type MetaCallbackOutcome = "revoked" | "erased" | "outdated" | "unknown";

/** Something Meta told of a person, accepted and to be worked off. */
export type NewMetaCallback = {
  /** Follows from the request: the same one, sent again, has the same. */
  id: string;
  kind: MetaCallbackKind;
  flavour: Flavour;
  /** Whom it is about, as the login knows them. */
  providerUserId: string;
  /** When Meta issued it, by the clock that tokens age by. */
  issuedAt: Date;
  /** Opens the page that says how far a deletion is; null of a deauthorization. */
  confirmationCode: string | null;
  /** By people's clocks. */
  acceptedAt: Date;
};

/** The same as it is kept. */
export type MetaCallback = Omit<NewMetaCallback, "providerUserId"> & {
  /** Null once it is worked off. */
  providerUserId: string | null;
  completedAt: Date | null;
  outcome: MetaCallbackOutcome | null;
};

/** A webhook of a connection that was erased, which has yet to be told of it. */
export type SinkFarewell = {
  /** The id of the sink, which its settings are sealed for. */
  id: string;
  connectionId: string;
  sealedSettings: string;
  /** By people's clocks, as the next two. */
  erasedAt: Date;
  /** How often somebody set out to tell it. */
  attempts: number;
  nextDeliveryAt: Date;
};

/** What is particular about an event: names and numbers, never a secret. */
export type AuditDetail = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** Something that was done and has to be answered for. */
export type AuditEvent = {
  /** Grows with time, so that events of one instant keep their order. */
  id: string;
  /** By people's clocks. */
  at: Date;
  kind: string;
  /** Who did it: the id of a user or of a key, or `operator`, `meta`, `system`, or `visitor` for who is not signed in. */
  actor: string;
  /** Whose account it was done to; null for nobody's. It outlives them, and leads nowhere then. */
  userId: string | null;
  /** What it was done to: the id of a connection, key, sink, session or callback. */
  subjectId: string | null;
  requestId: string | null;
  /** The network it came from, never the whole address; null where that is not known. */
  clientNetwork: string | null;
  detail: AuditDetail;
};
