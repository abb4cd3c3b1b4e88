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
  tokenExpiresAt: Date;
  isExpiryEstimated: boolean;
  /** Granted scopes; null when Instagram did not say, which is not the same as none. */
  permissions: string[] | null;
  /** When the next refresh is due, as the policy answered at the time of writing. */
  nextRefreshAt: Date;
};

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
  permissions: string[] | null;
  nextRefreshAt: Date | null;
  /** The last time a refresh or sign-in brought a new token. */
  renewedAt: Date | null;
  /** Failed attempts since the last success. */
  failedAttempts: number;
  lastErrorCode: string | null;
  lastErrorAt: Date | null;
  /**
   * Grows with every write that changes the token or anything a person sees; taking a lease does not.
   * A holder of an older version cannot write (fencing).
   */
  version: number;
  createdAt: Date;
  updatedAt: Date;
};

/** The fields of a connection that a list or page may show. The sealed token stays behind. */
export type ConnectionSummary = Omit<ConnectionRecord, "sealedToken">;

/**
 * A time-bound right to refresh one connection. Every write made under it names owner and version. The store
 * makes the owner unique per claim: it begins with the name the claimant gave, then `#`.
 */
export type Lease = { connectionId: string; owner: string; version: number };

/** A connection with the lease that was just taken on it. */
export type LeasedConnection = { lease: Lease; connection: ConnectionRecord };

/** Who asked for an attempt. */
export type AttemptTrigger = "person" | "worker" | "api" | "cli";

/** One row of a connection's history. */
export type RefreshAttempt = {
  id: string;
  kind: "sign_in" | "refresh";
  trigger: AttemptTrigger;
  startedAt: Date;
  finishedAt: Date;
  outcome: "succeeded" | "failed";
  errorCode: string | null;
  /** Meta's trace id of the answer that failed. */
  traceId: string | null;
  /** The expiry the connection had after this attempt. */
  tokenExpiresAt: Date | null;
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
  status: "started" | "exchanging" | "completed" | "failed";
  createdAt: Date;
  expiresAt: Date;
  finishedAt: Date | null;
  userId: string | null;
  connectionId: string | null;
  errorCode: string | null;
  /** Which step failed, for the page that explains it. */
  failedStep: string | null;
};

/** A server as it makes itself known; the store notes by its own clock when it was last seen. */
export type ProcessBeat = { id: string; kind: ProcessKind; startedAt: Date };

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
