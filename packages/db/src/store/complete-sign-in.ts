import type { NewAlert } from "./alerts.ts";
import type { AuditEvent } from "./audit-events.ts";
import type { AccountProfile, Flavour, StoredToken } from "./connections.ts";
import type { RefreshAttempt } from "./history.ts";
import type { SessionRecordInput } from "./sessions.ts";

/** Who signed in, within their flavour: a professional account, or a Facebook user. */
export type NewIdentity = { providerUserId: string; appScopedId: string };

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

/** A connection that an account was written to. */
export type WrittenConnection = { connectionId: string; isNew: boolean };

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

/** The end of a sign-in. */
export type SignInStore = {
  /**
   * User, identity, connection, session, history and the attempt's end, all or nothing. The token of a connection
   * that was active becomes its previous one, where both are of one flavour and app.
   */
  completeSignIn(input: CompleteSignInInput): Promise<CompleteSignInResult>;
};
