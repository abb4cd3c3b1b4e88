import type { SQLWrapper } from "drizzle-orm";
import { and, desc, eq, sql } from "../drizzle.ts";

import { decideSignIn } from "../decide-sign-in.ts";
import type { CompleteSignInInput, CompleteSignInResult, Store } from "../store.ts";
import { SETTLED, UNTROUBLED } from "../untroubled.ts";
import { connectionOf, identityOf, NO_PREVIOUS, recoveryOf } from "../written-by-sign-in.ts";
import { prepareInsertAlert } from "./alerts.ts";
import { ONE_ROW } from "./one-row.ts";
import type { Announce } from "./announcements.ts";
import type { Engine, Run } from "./engine.ts";
import { connections, identities, refreshAttempts, sessions, signInAttempts, users } from "./schema.ts";
import { slot, slotsOf } from "./slots.ts";

type Statements = ReturnType<typeof prepareStatements>;
type Completed = Extract<CompleteSignInResult, { kind: "completed" }>;

/**
 * The end of a sign-in, in one transaction of three round trips: look, write, commit. Whoever comes for the
 * same account at the same time waits for the account's lock, also where no row of it exists yet.
 */
export function createCompleteSignIn(engine: Engine, announce: Announce): Pick<Store, "completeSignIn"> {
  const statements = prepareStatements(engine.db);
  return {
    completeSignIn: async (input) => {
      const result = await engine.transaction((run, isRepeat) => complete(run, statements, input, isRepeat));
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
  const { attemptId, accountId, flavour } = input;
  const [, [done], [attempt], [linkedUser], [existing], [holder]] = await Promise.all([
    run(statements.lockAccount, { accountId }),
    isRepeat ? run(statements.findDone, { idHash: input.session.idHash, id: attemptId }) : [],
    run(statements.findAttempt, { id: attemptId }),
    run(statements.findLinkedUser, { id: attemptId }),
    run(statements.findConnection, { accountId }),
    run(statements.findHolder, { providerUserId: accountId, flavour }),
  ]);
  if (done !== undefined) return resultOf(input, done);
  const findings = {
    attempt,
    isLinkedUserHere: linkedUser !== undefined,
    existing,
    identityUserId: holder?.userId ?? null,
  };
  const result = decideSignIn(findings, input);
  if (result.kind === "account_held") {
    await run(statements.failAttempt, { id: attemptId, finishedAt: input.wallNow });
  }
  if (result.kind === "completed") {
    const hadIncident = (existing?.incidentId ?? null) !== null;
    await writeSignIn(run, statements, input, { ...result, hadIncident });
  }
  return result;
}

/** What a transaction did whose answer was lost: nobody else knows its session. */
function resultOf(input: CompleteSignInInput, done: { userId: string; connectedAt: Date }): Completed {
  return {
    kind: "completed",
    userId: done.userId,
    connectionId: input.connectionId,
    isNewUser: done.userId === input.newUserId,
    isNewConnection: done.connectedAt.getTime() === input.now.getTime(),
  };
}

async function writeSignIn(
  run: Run,
  statements: Statements,
  input: CompleteSignInInput,
  { userId, connectionId, isNewUser, isNewConnection, hadIncident }: Completed & { hadIncident: boolean },
): Promise<void> {
  const { attemptId, replacedSessionIdHash, wallNow } = input;
  const connection = isNewConnection ? statements.insertConnection : statements.renewConnection;
  const ended = { id: attemptId, userId, connectionId, finishedAt: wallNow };
  await Promise.all([
    isNewUser ? run(statements.insertUser, { id: userId, createdAt: wallNow }) : null,
    run(statements.saveIdentity, identityOf(input, userId)),
    run(connection, connectionOf(input, userId)),
    replacedSessionIdHash === null ? null : run(statements.deleteSession, { idHash: replacedSessionIdHash }),
    run(statements.insertSession, { ...input.session, userId }),
    run(statements.insertHistory, { ...input.history, connectionId }),
    hadIncident ? run(statements.insertAlert, recoveryOf(input, userId)) : null,
    run(statements.completeAttempt, ended),
  ]);
}

function prepareStatements(db: Engine["db"]) {
  return {
    ...prepareAttemptStatements(db),
    ...prepareIdentityStatements(db),
    ...prepareConnectionStatements(db),
    deleteSession: db
      .delete(sessions)
      .where(eq(sessions.idHash, slotsOf(sessions).idHash))
      .prepare(""),
    insertSession: db.insert(sessions).values(slotsOf(sessions)).prepare(""),
    insertHistory: db.insert(refreshAttempts).values(slotsOf(refreshAttempts)).prepare(""),
    insertAlert: prepareInsertAlert(db),
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
        status: signInAttempts.status,
      })
      .from(signInAttempts)
      .where(isAttempt)
      .for("update")
      .prepare(""),
    findDone: db
      .select({ userId: sessions.userId, connectedAt: connections.createdAt })
      .from(signInAttempts)
      .innerJoin(sessions, eq(sessions.userId, signInAttempts.userId))
      .innerJoin(connections, eq(connections.id, signInAttempts.connectionId))
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
      })
      .where(isExchanging)
      .prepare(""),
  };
}

function prepareIdentityStatements(db: Engine["db"]) {
  const slots = slotsOf(identities);
  const account = sql`hashtextextended('perennial account ' || ${slot(connections.accountId, "accountId")}, 0)`;
  return {
    lockAccount: db
      .select({ lock: sql`pg_advisory_xact_lock(${account})` })
      .from(ONE_ROW)
      .prepare(""),
    insertUser: db.insert(users).values(slotsOf(users)).prepare(""),
    // The account has one id in both flavours and one holder; the flavour at hand is asked first.
    findHolder: db
      .select({ userId: identities.userId })
      .from(identities)
      .where(eq(identities.providerUserId, slots.providerUserId))
      .orderBy(desc(eq(identities.flavour, slots.flavour)))
      .limit(1)
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

function prepareConnectionStatements(db: Engine["db"]) {
  const { userId, accountId, createdAt, id, ...renewed } = slotsOf(connections);
  const signedIn = { ...renewed, ...UNTROUBLED, ...SETTLED };
  // A token of another app, or sealed for another flavour, is of no use to what the connection is from now on.
  const isSameApp = and(eq(connections.flavour, renewed.flavour), eq(connections.appId, renewed.appId));
  const isReplaced = and(eq(connections.status, sql`'active'`), isSameApp);
  const ifReplaced = (current: SQLWrapper) => sql`case when ${isReplaced} then ${current} end`;
  return {
    findConnection: db
      .select({ id: connections.id, userId: connections.userId, incidentId: connections.incidentId })
      .from(connections)
      .where(eq(connections.accountId, accountId))
      .for("update")
      .prepare(""),
    insertConnection: db
      .insert(connections)
      .values({ ...signedIn, ...NO_PREVIOUS, userId, accountId, createdAt, id, version: 1 })
      .prepare(""),
    // A refresh that is under way loses: the lease is gone and the version has grown.
    renewConnection: db
      .update(connections)
      .set({
        ...signedIn,
        previousSealedToken: ifReplaced(connections.sealedToken),
        previousTokenIssuedAt: ifReplaced(connections.tokenIssuedAt),
        previousTokenExpiresAt: ifReplaced(connections.tokenExpiresAt),
        version: sql`${connections.version} + 1`,
      })
      .where(eq(connections.id, id))
      .prepare(""),
  };
}
