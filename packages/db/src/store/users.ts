import type { ConnectionStatus, Flavour } from "./connections.ts";

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

/** Users as operators see them. */
export type UserStore = {
  /** A user, or null. */
  findUser(id: string): Promise<UserRecord | null>;
  /** Every user with the accounts they connected, in id order, for operators: `after` is the last id of the previous page. */
  pageUsers(input: { after: string | null; limit: number }): Promise<UserWithAccounts[]>;
};
