import type { SQLWrapper } from "drizzle-orm";
import { and, desc, eq, sql } from "../drizzle.ts";

import { decideSignIn } from "../decide-sign-in.ts";
import { slot, slotsOf } from "../slots.ts";
import type { CompleteSignInInput, CompleteSignInResult, Store } from "../store.ts";
import { SETTLED, UNTROUBLED } from "../untroubled.ts";
import { connectionOf, identityOf, NO_PREVIOUS, recoveryOf } from "../written-by-sign-in.ts";
import { prepareInsertAlert } from "./alerts.ts";
import type { Engine } from "./engine.ts";
import { connections, identities, refreshAttempts, sessions, signInAttempts, users } from "./schema.ts";

type Statements = ReturnType<typeof prepareStatements>;
type Completed = Extract<CompleteSignInResult, { kind: "completed" }>;

/** The end of a sign-in, all of it in one write. */
export function createCompleteSignIn(engine: Engine): Pick<Store, "completeSignIn"> {
  const statements = prepareStatements(engine);
  return { completeSignIn: (input) => engine.write(() => complete(statements, input)) };
}

function complete(statements: Statements, input: CompleteSignInInput): CompleteSignInResult {
  const attempt = statements.findAttempt.get({ id: input.attemptId });
  const { linkUserId = null } = attempt ?? {};
  const holder = statements.findHolder.get({ providerUserId: input.accountId, flavour: input.flavour });
  const existing = statements.findConnection.get({ accountId: input.accountId });
  const result = decideSignIn(
    {
      attempt,
      isLinkedUserHere: linkUserId !== null && statements.findUser.get({ id: linkUserId }) !== undefined,
      existing,
      identityUserId: holder?.userId ?? null,
    },
    input,
  );
  if (result.kind === "account_held") {
    statements.failAttempt.run({ id: input.attemptId, finishedAt: input.wallNow });
  }
  if (result.kind !== "completed") return result;
  if (result.isNewUser) statements.insertUser.run({ id: result.userId, createdAt: input.wallNow });
  writeSignIn(statements, input, result);
  const hadIncident = (existing?.incidentId ?? null) !== null;
  if (hadIncident) statements.insertAlert.run(recoveryOf(input, result.userId));
  return result;
}

function writeSignIn(
  statements: Statements,
  input: CompleteSignInInput,
  { userId, connectionId, isNewConnection }: Completed,
): void {
  statements.saveIdentity.run(identityOf(input, userId));
  const connection = connectionOf(input, userId);
  if (isNewConnection) statements.insertConnection.run(connection);
  else statements.renewConnection.run(connection);

  if (input.replacedSessionIdHash !== null) {
    statements.deleteSession.run({ idHash: input.replacedSessionIdHash });
  }
  statements.insertSession.run({ ...input.session, userId });
  statements.insertHistory.run({ ...input.history, connectionId });
  statements.completeAttempt.run({ id: input.attemptId, userId, connectionId, finishedAt: input.wallNow });
}

function prepareStatements({ db }: Engine) {
  return {
    ...prepareAttemptStatements(db),
    ...prepareIdentityStatements(db),
    ...prepareConnectionStatements(db),
    deleteSession: db
      .delete(sessions)
      .where(eq(sessions.idHash, slotsOf(sessions).idHash))
      .prepare(),
    insertSession: db.insert(sessions).values(slotsOf(sessions)).prepare(),
    insertHistory: db.insert(refreshAttempts).values(slotsOf(refreshAttempts)).prepare(),
    insertAlert: prepareInsertAlert(db),
  };
}

function prepareAttemptStatements(db: Engine["db"]) {
  const slots = slotsOf(signInAttempts);
  const isExchanging = and(eq(signInAttempts.id, slots.id), eq(signInAttempts.status, "exchanging"));
  return {
    findAttempt: db
      .select({
        flavour: signInAttempts.flavour,
        linkUserId: signInAttempts.linkUserId,
        status: signInAttempts.status,
      })
      .from(signInAttempts)
      .where(eq(signInAttempts.id, slots.id))
      .prepare(),
    failAttempt: db
      .update(signInAttempts)
      .set({
        status: "failed",
        errorCode: "account_held",
        failedStep: "stored",
        finishedAt: slots.finishedAt,
      })
      .where(isExchanging)
      .prepare(),
    completeAttempt: db
      .update(signInAttempts)
      .set({
        status: "completed",
        userId: slots.userId,
        connectionId: slots.connectionId,
        finishedAt: slots.finishedAt,
      })
      .where(isExchanging)
      .prepare(),
  };
}

function prepareIdentityStatements(db: Engine["db"]) {
  const slots = slotsOf(identities);
  return {
    findUser: db
      .select({ id: users.id })
      .from(users)
      .where(eq(users.id, slotsOf(users).id))
      .prepare(),
    insertUser: db.insert(users).values(slotsOf(users)).prepare(),
    // The account has one id in both flavours and one holder; the flavour at hand is asked first.
    findHolder: db
      .select({ userId: identities.userId })
      .from(identities)
      .where(eq(identities.providerUserId, slots.providerUserId))
      .orderBy(desc(eq(identities.flavour, slots.flavour)))
      .limit(1)
      .prepare(),
    saveIdentity: db
      .insert(identities)
      .values(slots)
      .onConflictDoUpdate({
        target: [identities.providerUserId, identities.flavour],
        set: { appScopedId: slots.appScopedId, userId: slots.userId, updatedAt: slots.updatedAt },
      })
      .prepare(),
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
      .where(eq(connections.accountId, slot(connections.accountId, "accountId")))
      .prepare(),
    insertConnection: db
      .insert(connections)
      .values({ ...signedIn, ...NO_PREVIOUS, userId, accountId, createdAt, id, version: 1 })
      .prepare(),
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
      .prepare(),
  };
}
