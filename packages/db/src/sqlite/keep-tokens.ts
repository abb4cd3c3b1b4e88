import { and, eq, isNull, sql } from "../drizzle.ts";

import { auditRowOf } from "../audit-row.ts";
import { decideImport } from "../decide-import.ts";
import { slotsOf } from "../slots.ts";
import type { ImportAccountInput, ImportAccountResult, TokenStore } from "../store/keep-tokens.ts";
import { prepareAccountStatements, writeAccount, type AccountStatements } from "./accounts.ts";
import type { Engine } from "./engine.ts";
import { connections } from "./schema.ts";

/** Tokens that come by hand, and looks at those that are there. */
export function createTokenKeeping({ db, write }: Engine, leaseNow: () => number): TokenStore {
  const accounts = prepareAccountStatements(db);
  const { find, prove, hasten } = prepareValidation(db);

  return {
    importAccount: (input) => write(() => importAccount(accounts, input, new Date(leaseNow()))),
    recordValidation: ({ connectionId, version, finding, history, now }) =>
      write(() => {
        if (find.get({ id: connectionId }) === undefined) return false; // erased while it was looked at
        accounts.insertHistory.run({ ...history, connectionId });
        const looked = { id: connectionId, version, updatedAt: now, provedAt: now, nextRefreshAt: now };
        if (finding.kind === "unclear") return false;
        if (finding.kind === "refused") return hasten.run(looked).changes === 1;
        return prove.run({ ...looked, ...finding.profile, permissions: finding.permissions }).changes === 1;
      }),
  };
}

function importAccount(
  statements: AccountStatements,
  input: ImportAccountInput,
  leaseNow: Date,
): ImportAccountResult {
  const { account, flavour, now } = input;
  const existing = statements.findConnection.get({ accountId: account.accountId });
  const isUserHere = input.userId !== null && statements.findUser.get({ id: input.userId }) !== undefined;
  const result = decideImport({ existing, isUserHere }, input);
  if (result.kind !== "imported") return result;
  const { userId } = result;
  const isNewUser = userId === input.newUserId;
  if (isNewUser) statements.insertUser.run({ id: userId, createdAt: input.wallNow });
  writeAccount(statements, account, { userId, flavour, now, existing, leaseNow });
  if (input.audit !== null) statements.insertAudit.run(auditRowOf(input.audit, userId));
  return result;
}

function prepareValidation(db: Engine["db"]) {
  const slots = slotsOf(connections);
  // While somebody refreshes it, nothing is written: the version must not grow under their hands.
  const isAsItWas = and(
    eq(connections.id, slots.id),
    eq(connections.version, slots.version),
    isNull(connections.leaseOwner),
  );
  const changed = { version: sql`${connections.version} + 1`, updatedAt: slots.updatedAt };
  return {
    find: db.select({ id: connections.id }).from(connections).where(eq(connections.id, slots.id)).prepare(),
    prove: db
      .update(connections)
      .set({
        username: slots.username,
        name: slots.name,
        accountType: slots.accountType,
        pictureUrl: slots.pictureUrl,
        followersCount: slots.followersCount,
        followsCount: slots.followsCount,
        mediaCount: slots.mediaCount,
        permissions: slots.permissions,
        provedAt: slots.provedAt,
        ...changed,
      })
      .where(isAsItWas)
      .prepare(),
    hasten: db
      .update(connections)
      .set({ nextRefreshAt: slots.nextRefreshAt, ...changed })
      .where(isAsItWas)
      .prepare(),
  };
}
