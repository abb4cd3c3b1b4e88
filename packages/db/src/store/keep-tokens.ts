import type { NewAccount, SignInAudit, WrittenConnection } from "./complete-sign-in.ts";
import type { AccountProfile, Flavour } from "./connections.ts";
import type { RefreshAttempt } from "./history.ts";

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

/** Tokens that come by hand, and looks at those that are there. */
export type TokenStore = {
  /** Keeps a token that was brought by hand, as `completeSignIn` keeps one, without signing anybody in. */
  importAccount(input: ImportAccountInput): Promise<ImportAccountResult>;
  /**
   * Writes down a look at a token. False when nothing but the history was written: the connection has changed since, or
   * is being refreshed. Nothing at all is written of one that is gone.
   */
  recordValidation(input: RecordValidationInput): Promise<boolean>;
};
