import { and, eq, sql } from "../drizzle.ts";

import { auditRowOf } from "../audit-row.ts";
import { decideSignIn, isIdentityWritten, type SignInFindings } from "../decide-sign-in.ts";
import type { CompleteSignInInput, CompleteSignInResult, SignInStore } from "../store/complete-sign-in.ts";
import { identityOf } from "../written-by-sign-in.ts";
import { prepareAccountStatements, writeAccount } from "./accounts.ts";
import type { Announce } from "./announcements.ts";
import type { Engine, Run } from "./engine.ts";
import type { LeaseClock } from "./lease-clock.ts";
import { identities, sessions, signInAttempts, users } from "./schema.ts";
import { slot, slotsOf } from "./slots.ts";

type Statements = ReturnType<typeof prepareStatements> & { leaseClock: LeaseClock };
type Completed = Extract<CompleteSignInResult, { kind: "completed" }>;

/**
 * The end of a sign-in, in one transaction of three round trips: look, write, commit. Whoever comes for the
 * same account or identity at the same time waits for its lock, also where no row of it exists yet.
 */
export function createCompleteSignIn(
  engine: Engine,
  announce: Announce,
  leaseClock: LeaseClock,
): SignInStore {
  const statements = prepareStatements(engine.db);
  return {
    completeSignIn: async (input) => {
      const result = await engine.transaction((run, isRepeat) =>
        complete(run, { ...statements, leaseClock }, input, isRepeat),
      );
      if (result.kind === "completed") announce();
      return result;
    },
  };
}

async function complete(
  run: Run,
  statements: Statements,
  input: CompleteSignInInput,
  isRepeat: boolean,
): Promise<CompleteSignInResult> {
  const { attemptId: id, flavour } = input;
  const { providerUserId } = input.identity;
  const [, [done], [attempt], [linkedUser], [holder], , existing] = await Promise.all([
    Promise.all(locksOf(input).map((locked) => run(statements.lock, { locked }))),
    isRepeat ? run(statements.findDone, { idHash: input.session.idHash, id }) : [],
    run(statements.findAttempt, { id }),
    run(statements.findLinkedUser, { id }),
    run(statements.findHolder, { providerUserId, flavour }), // people before their connections, as an erasure has them
    Promise.all(input.accounts.map(({ accountId }) => run(statements.lockOwner, { accountId }))),
    Promise.all(
      input.accounts.map(async ({ accountId }) => (await run(statements.findConnection, { accountId }))[0]),
    ),
  ]);
  if (done !== undefined) return resultOf(input, done.userId, existing);
  const findings = {
    attempt,
    isLinkedUserHere: linkedUser !== undefined,
    existing,
    identityUserId: holder?.userId ?? null,
  };
  const result = decideSignIn(findings, input);
  if (result.kind === "account_held") await run(statements.failAttempt, { id, finishedAt: input.wallNow });
  if (result.kind === "completed") await writeSignIn(run, statements, input, { ...result, findings });
  return result;
}

/** In one order for everybody, so that nobody waits for each other in a circle. */
function locksOf({ accounts, identity, flavour }: CompleteSignInInput): string[] {
  const locks = new Set(accounts.map(({ accountId }) => accountId));
  if (flavour === "facebook") locks.add(`of ${flavour} ${identity.providerUserId}`);
  return [...locks].sort();
}

/** What a transaction did whose answer was lost: nobody else knows its session. */
function resultOf(
  input: CompleteSignInInput,
  userId: string,
  existing: SignInFindings["existing"],
): Completed {
  return {
    kind: "completed",
    userId,
    isNewUser: userId === input.newUserId,
    connections: input.accounts.map(({ connectionId }, index) => ({
      connectionId,
      isNew: existing[index]?.createdAt.getTime() === input.now.getTime(),
    })),
  };
}

async function writeSignIn(
  run: Run,
  statements: Statements,
  input: CompleteSignInInput,
  { userId, isNewUser, findings }: Completed & { findings: SignInFindings },
): Promise<void> {
  const { attemptId: id, flavour, now, replacedSessionIdHash, wallNow, audit } = input;
  const connectionId = input.accounts[0]?.connectionId ?? null;
  await Promise.all([
    isNewUser ? run(statements.insertUser, { id: userId, createdAt: wallNow }) : null,
    isIdentityWritten(findings, input, userId)
      ? run(statements.saveIdentity, identityOf(input, userId))
      : null,
    ...input.accounts.map((account, index) =>
      writeAccount(run, statements, account, {
        userId,
        flavour,
        now,
        existing: findings.existing[index],
        leaseClock: statements.leaseClock,
      }),
    ),
    replacedSessionIdHash === null ? null : run(statements.deleteSession, { idHash: replacedSessionIdHash }),
    run(statements.insertSession, { ...input.session, userId }),
    audit === null ? null : run(statements.insertAudit, auditRowOf(audit, userId)),
    run(statements.completeAttempt, { id, userId, connectionId, finishedAt: wallNow }),
  ]);
}

function prepareStatements(db: Engine["db"]) {
  return {
    ...prepareAttemptStatements(db),
    ...prepareIdentityStatements(db),
    ...prepareAccountStatements(db),
    deleteSession: db
      .delete(sessions)
      .where(eq(sessions.idHash, slotsOf(sessions).idHash))
      .prepare(""),
    insertSession: db.insert(sessions).values(slotsOf(sessions)).prepare(""),
  };
}

function prepareAttemptStatements(db: Engine["db"]) {
  const slots = slotsOf(signInAttempts);
  const isAttempt = eq(signInAttempts.id, slots.id);
  const isExchanging = and(isAttempt, eq(signInAttempts.status, "exchanging"));
  const linkUserId = db.select({ id: signInAttempts.linkUserId }).from(signInAttempts).where(isAttempt);
  return {
    findAttempt: db
      .select({
        flavour: signInAttempts.flavour,
        linkUserId: signInAttempts.linkUserId,
        expectedAccountId: signInAttempts.expectedAccountId,
        status: signInAttempts.status,
      })
      .from(signInAttempts)
      .where(isAttempt)
      .for("update")
      .prepare(""),
    findDone: db
      .select({ userId: sessions.userId })
      .from(signInAttempts)
      .innerJoin(sessions, eq(sessions.userId, signInAttempts.userId))
      .where(
        and(
          isAttempt,
          eq(signInAttempts.status, "completed"),
          eq(sessions.idHash, slot(sessions.idHash, "idHash")),
        ),
      )
      .prepare(""),
    findLinkedUser: db
      .select({ id: users.id })
      .from(users)
      .where(sql`${users.id} = (${linkUserId})`)
      .for("key share")
      .prepare(""),
    failAttempt: db
      .update(signInAttempts)
      .set({
        status: "failed",
        errorCode: "account_held",
        failedStep: "stored",
        finishedAt: slots.finishedAt,
        sealedChoice: null,
      })
      .where(isExchanging)
      .prepare(""),
    completeAttempt: db
      .update(signInAttempts)
      .set({
        status: "completed",
        userId: slots.userId,
        connectionId: slots.connectionId,
        finishedAt: slots.finishedAt,
        sealedChoice: null,
      })
      .where(isExchanging)
      .prepare(""),
  };
}

function prepareIdentityStatements(db: Engine["db"]) {
  const slots = slotsOf(identities);
  return {
    // A user who is being erased at this moment is waited for, and is nobody then.
    findHolder: db
      .select({ userId: users.id })
      .from(identities)
      .innerJoin(users, eq(users.id, identities.userId))
      .where(and(eq(identities.providerUserId, slots.providerUserId), eq(identities.flavour, slots.flavour)))
      .for("key share", { of: users })
      .prepare(""),
    saveIdentity: db
      .insert(identities)
      .values(slots)
      .onConflictDoUpdate({
        target: [identities.providerUserId, identities.flavour],
        set: { appScopedId: slots.appScopedId, userId: slots.userId, updatedAt: slots.updatedAt },
      })
      .prepare(""),
  };
}
