import type {
  AccountProfile,
  AlertDelivery,
  ApiKeyRecord,
  AppKey,
  AuditEvent,
  ConnectionRecord,
  Flavour,
  Lease,
  LeasedConnection,
  MetaCallback,
  MetaCallbackOutcome,
  NewAlert,
  NewMetaCallback,
  RefreshAttempt,
  SessionRecord,
  SignInAttempt,
  LeasedSink,
  NewSink,
  SinkDelivery,
  SinkLease,
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
  requestedScopes: string[];
  createdAt: Date;
  expiresAt: Date;
};

/** Which attempts to look for among those that have no result yet. */
export type OpenSignInAttemptsQuery = { returnTo: string; createdAfter: Date; wallNow: Date; limit: number };

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

/** One account with the token to keep for it. */
export type NewAccount = {
  accountId: string;
  appScopedId: string;
  appId: string;
  profile: AccountProfile;
  /** Sealed for `connectionId`. */
  token: StoredToken;
  /** The id the token was sealed for: the existing connection's, or a fresh one. */
  connectionId: string;
  /** Whether that is a connection that was found: where it is gone by now, its id is not used again. */
  wasFound?: boolean;
  requestedScopes: string[] | null;
  pageId: string | null;
  pageName: string | null;
  history: RefreshAttempt;
  /**
   * Written, with the connection's and its user's ids put in, where the connection had an open incident. Null where
   * none was found: a new one has no incident.
   */
  recovery: NewAlert | null;
  /** Written where the connection is a new one. */
  audit: SignInAudit | null;
};

/**
 * An event of whoever signs in, which is known once they have: their id is put in, as the actor too where that is
 * null.
 */
export type SignInAudit = Omit<AuditEvent, "actor" | "userId"> & { actor: string | null };

/** Who signed in, within their flavour: a professional account, or a Facebook user. */
export type NewIdentity = { providerUserId: string; appScopedId: string };

/** Everything a finished sign-in writes, in one transaction. */
export type CompleteSignInInput = {
  attemptId: string;
  flavour: Flavour;
  identity: NewIdentity;
  /** One or more, of different accounts. */
  accounts: readonly NewAccount[];
  /** Used when nobody is known by the identity or an account, and no user is linked. */
  newUserId: string;
  /** The session to open: signing in and adding an account both give the browser a new one. */
  session: SessionRecordInput;
  /** The session that this one replaces (the browser's old one), deleted in the same transaction. */
  replacedSessionIdHash: string | null;
  /** Says that somebody signed in. */
  audit: SignInAudit | null;
  /** When tokens age. */
  now: Date;
  /** When people's clocks tick: sessions and attempts. */
  wallNow: Date;
};

/** A new session; its user is decided by the transaction. */
export type SessionRecordInput = Omit<SessionRecord, "userId">;

/**
 * `account_held`: another user has one of the accounts; nothing was written but the attempt's failure.
 * `connection_moved`: the connection of an account has another id than its token was sealed for, or was erased
 * meanwhile, where the id is null: seal again, for a fresh one then.
 * `attempt_gone`: the attempt is no longer being exchanged; nothing was written.
 */
export type CompleteSignInResult =
  | { kind: "completed"; userId: string; isNewUser: boolean; connections: readonly WrittenConnection[] }
  | { kind: "account_held"; accountId: string }
  | { kind: "connection_moved"; connectionIds: ReadonlyMap<string, string | null> }
  | { kind: "attempt_gone" };

/** What a person may pick from after their code was exchanged. */
export type OfferedChoice = { attempt: SignInAttempt; sealedChoice: string };

/** A connection that an account was written to. */
export type WrittenConnection = { connectionId: string; isNew: boolean };

/** A token that was brought by hand, and is kept from now on. */
export type ImportAccountInput = {
  flavour: Flavour;
  account: NewAccount;
  /** Whose it becomes; null for whoever has the account, or a new user where nobody has. */
  userId: string | null;
  newUserId: string;
  /** Says that the token was brought. */
  audit: SignInAudit | null;
  /** When tokens age. */
  now: Date;
  /** When people's clocks tick. */
  wallNow: Date;
};

/**
 * `account_held`: another user has this account. `connection_moved`: seal again for this id, or a fresh one where it is
 * null: the connection was erased meanwhile.
 * `user_missing`: there is no such user. Nothing was written in any of these cases.
 */
export type ImportAccountResult =
  | ({ kind: "imported"; userId: string } & WrittenConnection)
  | { kind: "account_held" }
  | { kind: "connection_moved"; connectionId: string | null }
  | { kind: "user_missing" };

/** What a look at a connection's token found. */
export type RecordValidationInput = {
  connectionId: string;
  /** The version that was looked at: what has changed meanwhile is not overwritten. */
  version: number;
  /**
   * `works`: it was accepted, for this account. `refused`: it was not; the connection is due at once, for a refresh
   * to settle it. `unclear`: nothing was proved, and nothing but the history is written.
   */
  finding:
    | { kind: "works"; profile: AccountProfile; permissions: string[] | null }
    | { kind: "refused" }
    | { kind: "unclear" };
  history: RefreshAttempt;
  now: Date;
};

/** A claim on due connections. */
export type ClaimDueInput = {
  owner: string;
  /** Connections whose `nextRefreshAt` is not later than this are due. */
  now: Date;
  leaseMs: number;
  limit: number;
  /**
   * `due`: all but those of `pausedApps`. `abandoned`: of these only what somebody else has begun and left,
   * its lease having lapsed. `app`: only active ones of one app, paused or not.
   */
  of: { kind: "due" | "abandoned"; pausedApps: readonly AppKey[] } | { kind: "app"; app: AppKey };
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
  /** Null when no new token was brought: the one that is there was proved to work. */
  renewedAt: Date | null;
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
export type WarnExpiringInput = {
  connectionId: string;
  version: number;
  warnedDays: number;
  alert: NewAlert;
};

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

/** A key as it is made: its secret arrives hashed. */
export type NewApiKey = Omit<ApiKeyRecord, "lastUsedAt" | "revokedAt"> & { secretHash: string };

/** What a key opens: itself, and the connection that was asked for where it is the same user's. */
export type ApiKeyMatch = { key: ApiKeyRecord; connection: ConnectionRecord | null };

/** A request for permits: of the limit of that name, `limit` are given out in each window of `windowMs`. */
export type TakePermitsInput = { name: string; wanted: number; limit: number; windowMs: number };

/** A sealed known text per key id, so that a wrong key is noticed before it seals anything. */
export type KeyCheck = {
  keyId: string;
  sealed: string;
  /** Since when nobody may seal with it, and nobody has to have it; null while it is in use. */
  retiredAt: Date | null;
};

/** The columns that hold sealed texts, of which each is bound to its row. */
export type SealedColumn =
  | "connections.sealed_token"
  | "connections.previous_sealed_token"
  | "sign_in_attempts.sealed_choice"
  | "sinks.sealed_settings"
  | "sink_farewells.sealed_settings";

/** A sealed text where it is kept. */
export type SealedRow = {
  /** The id of its row. */
  id: string;
  /** Null for a sink, living or erased, whose settings belong to no flavour. */
  flavour: Flavour | null;
  sealed: string;
};

/** How many texts of a column were sealed with a key; the id is empty where the text names none. */
export type SealedCount = { column: SealedColumn; keyId: string; rows: number };

/** One sealed text in the place of another, of the same content. */
export type Rewrap = { id: string; from: string; to: string };

/** Writes a new sink, unless its connection has as many as it may have. */
export type CreateSinkInput = { sink: NewSink; most: number };

/** `too_many`: the connection has as many as it may have. `missing`: there is no such connection. */
export type CreateSinkResult = "created" | "too_many" | "missing";

/** Sets a sink up anew, in place: whatever it held counts no more, and the present token is due there. */
export type UpdateSinkInput = Omit<NewSink, "createdAt"> & { updatedAt: Date };

/** `busy`: somebody is delivering to it now. */
export type ClaimSinkResult = ({ kind: "leased" } & LeasedSink) | { kind: "busy" } | { kind: "missing" };

/**
 * Writes down an attempt to deliver. `again`: it is tried so long from now. `stopped`: there is nothing to deliver
 * before the next token.
 */
export type RecordSinkDeliveryInput = {
  lease: SinkLease;
  delivery: SinkDelivery;
  outcome: { kind: "delivered" } | { kind: "again"; waitMs: number } | { kind: "stopped" };
};

/** A callback as it arrives, with the event that says so where it is news. */
export type AcceptMetaCallbackInput = { callback: NewMetaCallback; audit: AuditEvent };

/** The callback as it is kept. `isNew`: it is to be worked off because of this request, and no earlier one. */
export type AcceptedMetaCallback = { callback: MetaCallback; isNew: boolean };

/** A callback that was worked off: whom it is about is forgotten by this. */
export type CompleteMetaCallbackInput = {
  id: string;
  /** The request that was worked off: a later one about the same person stays open. */
  issuedAt: Date;
  outcome: MetaCallbackOutcome;
  completedAt: Date;
  audit: AuditEvent;
};

/** One page of the audit, newest first: what comes before an event, of one user or of everybody. */
export type AuditQuery = {
  userId: string | null;
  /** Only of this kind, or of those that begin with it and a dot. */
  kind?: string;
  /** Only from then on. */
  since?: Date;
  before: Pick<AuditEvent, "at" | "id"> | null;
  limit: number;
};

/** Takes the tokens of a connection whose person has removed the app. */
export type RevokeConnectionInput = {
  connectionId: string;
  /** The login they removed it from: a connection that is of another one by now stays. */
  flavour: Flavour;
  /** Only where they allowed it last before this. */
  authorizedBefore: Date;
  errorCode: string;
  /** Tells them, where they have not been asked to reconnect already; whose connection it is is put in. */
  alert: NewAlert;
  now: Date;
  wallNow: Date;
};

/**
 * `done`: what was asked for was done now. `newer`: the person has allowed the app since, and nothing was done. `gone`:
 * there is nothing left to do it to.
 */
export type GoneResult = "done" | "newer" | "gone";

/** Erases a connection and all that belongs to it, and its user with it where it was their last. */
export type EraseConnectionInput = {
  connectionId: string;
  /** Only where the person allowed it last before this. */
  authorizedBefore: Date;
  /** By people's clocks. */
  erasedAt: Date;
  /** Written, with what was erased in numbers, where anything was. */
  audit: AuditEvent;
};

/** Erases who somebody is at a login, where no connection of theirs there is left; and the user, where none is left at all. */
export type EraseIdentitiesInput = {
  flavour: Flavour;
  /** Either of the ids the login knows them by. */
  providerUserId: string;
  erasedAt: Date;
  audit: AuditEvent;
};

/** Erases a user and everything about them. */
export type EraseUserInput = { userId: string; erasedAt: Date; audit: AuditEvent };

/** What came of telling a webhook that its connection was erased. */
export type SettleFarewellInput = {
  id: string;
  /** When it is told again; null when it is not, because it was told, or never will be. */
  nextDeliveryAt: Date | null;
};
