import { and, eq, isNull, sql } from "../drizzle.ts";

import { auditRowOf } from "../audit-row.ts";
import { decideImport } from "../decide-import.ts";
import type { FoundConnection } from "../decide-sign-in.ts";
import type { ImportAccountInput, ImportAccountResult, TokenStore } from "../store/keep-tokens.ts";
import { prepareAccountStatements, writeAccount, type AccountStatements } from "./accounts.ts";
import type { Announce } from "./announcements.ts";
import type { Engine, Run } from "./engine.ts";
import type { LeaseClock } from "./lease-clock.ts";
import { auditEvents, connections, refreshAttempts } from "./schema.ts";
import { namedSlots, slot, slotsOf } from "./slots.ts";

/**
 * Tokens that come by hand, and looks at those that are there. Of a look whose answer was lost, nobody could tell whose
 * doing it was.
 */
export function createTokenKeeping(
  { db, transaction, write }: Engine,
  announce: Announce,
  leaseClock: LeaseClock,
): TokenStore {
  const statements = { ...prepareAccountStatements(db), ...prepareDone(db) };
  const { insertHistory, prove, hasten } = prepareValidation(db);

  return {
    importAccount: async (input) => {
      const result = await transaction((run, isRepeat) =>
        importAccount(run, statements, input, { leaseClock, isRepeat }),
      );
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
  statements: AccountStatements & ReturnType<typeof prepareDone>,
  input: ImportAccountInput,
  { leaseClock, isRepeat }: { leaseClock: LeaseClock; isRepeat: boolean },
): Promise<ImportAccountResult> {
  const { account, flavour, now, audit } = input;
  const { accountId } = account;
  const [, [written], [told], [user], , [existing]] = await Promise.all([
    run(statements.lock, { locked: accountId }),
    isRepeat ? run(statements.findWritten, { id: account.history.id }) : [],
    isRepeat && audit !== null ? run(statements.findAudit, { id: audit.id }) : [],
    input.userId === null ? [] : run(statements.findUser, { id: input.userId }),
    run(statements.lockOwner, { accountId }),
    run(statements.findConnection, { accountId }),
  ]);
  if (written !== undefined && existing !== undefined) return resultOf(existing, now);
  if (told !== undefined) return { kind: "user_missing" }; // it was kept, and erased since: not once more
  const result = decideImport({ existing, isUserHere: user !== undefined }, input);
  if (result.kind !== "imported") return result;
  const { userId } = result;
  await Promise.all([
    userId === input.newUserId ? run(statements.insertUser, { id: userId, createdAt: input.wallNow }) : null,
    writeAccount(run, statements, account, { userId, flavour, now, existing, leaseClock }),
    audit === null ? null : run(statements.insertAudit, auditRowOf(audit, userId)),
  ]);
  return result;
}

/** What a transaction did whose answer was lost. */
function resultOf({ id, userId, createdAt }: FoundConnection, now: Date): ImportAccountResult {
  return { kind: "imported", userId, connectionId: id, isNew: createdAt.getTime() === now.getTime() };
}

/** Only this caller knows the ids: what is found was written before its answer was lost. */
function prepareDone(db: Engine["db"]) {
  return {
    findWritten: db
      .select({ id: refreshAttempts.id })
      .from(refreshAttempts)
      .where(eq(refreshAttempts.id, slotsOf(refreshAttempts).id))
      .prepare(""),
    findAudit: db
      .select({ id: auditEvents.id })
      .from(auditEvents)
      .where(eq(auditEvents.id, slotsOf(auditEvents).id))
      .prepare(""),
  };
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
