import type { UserWithAccounts } from "./store/users.ts";

/** A user beside one of their accounts, or beside none. */
export type UserRow = Pick<UserWithAccounts, "id" | "createdAt"> & {
  account: UserWithAccounts["accounts"][number] | null;
};

/** Puts rows that are in the order of users together, a user each. */
export function accountsByUser(rows: readonly UserRow[]): UserWithAccounts[] {
  const users: UserWithAccounts[] = [];
  for (const { id, createdAt, account } of rows) {
    let user = users.at(-1);
    if (user?.id !== id) {
      user = { id, createdAt, accounts: [] };
      users.push(user);
    }
    if (account !== null) user.accounts.push(account);
  }
  return users;
}
