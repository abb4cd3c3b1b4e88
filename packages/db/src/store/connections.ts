import type { AuditEvent } from "./audit-events.ts";
import type { HistoryQuery, RefreshAttempt } from "./history.ts";

/** How somebody signs in: Instagram Login or Facebook Login. Never mixed within one connection. */
export type Flavour = "instagram" | "facebook";

/** What keeps an app's connections apart: how they sign in, and the client id their tokens were issued to. */
export type AppKey = { flavour: Flavour; appId: string };

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

/** The version of each of a user's connections: differs when, and only when, something changed. */
export type ConnectionVersions = Record<string, number>;

/** Connections as people and operators see them. */
export type ConnectionStore = {
  /** The connection id of an account, whoever holds it: what a token must be sealed for. */
  findConnectionIdByAccount(accountId: string): Promise<string | null>;
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
   * Forgets the sealed tokens, stops renewing, and has no sink wait. False when the user has no such connection; one
   * that is disconnected already stays as it is, and the event is not written.
   */
  disconnect(
    input: { userId: string; connectionId: string; now: Date },
    audit?: AuditEvent,
  ): Promise<boolean>;
};
