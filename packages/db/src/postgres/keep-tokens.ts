import { and, eq, isNull, sql } from "../drizzle.ts";

import { auditRowOf } from "../audit-row.ts";
import { decideImport } from "../decide-import.ts";
import type { ImportAccountInput, ImportAccountResult, Store } from "../store.ts";
import { prepareAccountStatements, writeAccount, type AccountStatements } from "./accounts.ts";
import type { Announce } from "./announcements.ts";
import type { Engine, Run } from "./engine.ts";
import type { LeaseClock } from "./lease-clock.ts";
import { connections, refreshAttempts } from "./schema.ts";
import { namedSlots, slot, slotsOf } from "./slots.ts";

/**
 * Tokens that come by hand, and looks at those that are there. Neither is repeatable: once an answer is lost,
 * nobody could tell whose doing it was.
 */
export function createTokenKeeping(
  { db, transaction, write }: Engine,
  announce: Announce,
  leaseClock: LeaseClock,
): Pick<Store, "importAccount" | "recordValidation"> {
  const accounts = prepareAccountStatements(db);
  const { insertHistory, prove, hasten } = prepareValidation(db);

  return {
    importAccount: async (input) => {
      const result = await transaction((run) => importAccount(run, accounts, input, leaseClock));
      if (result.kind === "imported") announce();
      return result;
    },
    recordValidation: async ({ connectionId, version, finding, history, now }) => {
      const looked = { id: connectionId, version, updatedAt: now, provedAt: now, nextRefreshAt: now };
      const update = async (run: Run): Promise<{ rowCount: number | null }> => {
        if (finding.kind === "unclear") return { rowCount: 0 };
        if (finding.kind === "refused") return await run(hasten, looked);
        return await run(prove, { ...looked, ...finding.profile, permissions: finding.permissions });
      };
      const [, written] = await write((run) =>
        Promise.all([run(insertHistory, { ...history, connectionId }), update(run)]),
      );
      announce();
      return written.rowCount === 1;
    },
  };
}

async function importAccount(
  run: Run,
  statements: AccountStatements,
  input: ImportAccountInput,
  leaseClock: LeaseClock,
): Promise<ImportAccountResult> {
  const { account, flavour, now } = input;
  const { accountId } = account;
  const [, [user], [existing]] = await Promise.all([
    run(statements.lock, { locked: accountId }),
    input.userId === null ? [] : run(statements.findUser, { id: input.userId }),
    run(statements.findConnection, { accountId }),
  ]);
  const result = decideImport({ existing, isUserHere: user !== undefined }, input);
  if (result.kind !== "imported") return result;
  const { userId } = result;
  await Promise.all([
    userId === input.newUserId ? run(statements.insertUser, { id: userId, createdAt: input.wallNow }) : null,
    writeAccount(run, statements, account, { userId, flavour, now, existing, leaseClock }),
    input.audit === null ? null : run(statements.insertAudit, auditRowOf(input.audit, userId)),
  ]);
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
    // Of a connection that was erased while it was looked at nothing is kept.
    insertHistory: db
      .insert(refreshAttempts)
      .select(
        db
          .select(namedSlots(refreshAttempts))
          .from(connections)
          .where(eq(connections.id, slot(connections.id, "connectionId")))
          .for("key share"),
      )
      .prepare(""),
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
      .prepare(""),
    hasten: db
      .update(connections)
      .set({ nextRefreshAt: slots.nextRefreshAt, ...changed })
      .where(isAsItWas)
      .prepare(""),
  };
}
