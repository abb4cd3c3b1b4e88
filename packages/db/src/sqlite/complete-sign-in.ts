import { and, desc, eq, sql } from "drizzle-orm";

import type { SignInAttempt } from "../records.ts";
import type { CompleteSignInInput, CompleteSignInResult, Store } from "../store.ts";
import type { Engine } from "./engine.ts";
import { connections, identities, refreshAttempts, sessions, signInAttempts, users } from "./schema.ts";
import { slot, slotsOf } from "./slots.ts";

type Statements = ReturnType<typeof prepareStatements>;
type Flow = Pick<SignInAttempt, "flavour" | "linkUserId" | "status">;
type ExistingConnection = { id: string; userId: string };

/** The end of a sign-in, all of it in one write. */
export function createCompleteSignIn(engine: Engine): Pick<Store, "completeSignIn"> {
  const statements = prepareStatements(engine);
  return { completeSignIn: (input) => engine.write(() => complete(statements, input)) };
}

function complete(statements: Statements, input: CompleteSignInInput): CompleteSignInResult {
  const attempt = statements.findAttempt.get({ id: input.attemptId });
  if (attempt === undefined || !isOpenTo(statements, attempt, input)) return { kind: "attempt_gone" };

  const existing = statements.findConnection.get({ accountId: input.accountId });
  const identity = statements.findHolder.get({ providerUserId: input.accountId, flavour: input.flavour });
  const holderId = existing?.userId ?? identity?.userId ?? null;
  if (attempt.linkUserId !== null && holderId !== null && holderId !== attempt.linkUserId) {
    statements.failAttempt.run({ id: input.attemptId, finishedAt: input.wallNow });
    return { kind: "account_held" };
  }
  if (existing !== undefined && existing.id !== input.connectionId) {
    return { kind: "connection_moved", connectionId: existing.id };
  }

  const knownUserId = holderId ?? attempt.linkUserId;
  const userId = knownUserId ?? input.newUserId;
  if (knownUserId === null) statements.insertUser.run({ id: userId, createdAt: input.wallNow });
  writeSignIn(statements, input, userId, existing);
  return {
    kind: "completed",
    userId,
    connectionId: input.connectionId,
    isNewUser: knownUserId === null,
    isNewConnection: existing === undefined,
  };
}

/** Being exchanged, of this flavour, and for a user who is still here if it was begun for one. */
function isOpenTo(statements: Statements, attempt: Flow, input: CompleteSignInInput): boolean {
  if (attempt.status !== "exchanging" || attempt.flavour !== input.flavour) return false;
  return attempt.linkUserId === null || statements.findUser.get({ id: attempt.linkUserId }) !== undefined;
}

function writeSignIn(
  statements: Statements,
  input: CompleteSignInInput,
  userId: string,
  existing: ExistingConnection | undefined,
): void {
  const { flavour, accountId, appScopedId, connectionId, now, wallNow } = input;
  statements.saveIdentity.run({
    flavour,
    providerUserId: accountId,
    appScopedId,
    userId,
    createdAt: wallNow,
    updatedAt: wallNow,
  });

  const connection = {
    ...input.profile,
    ...input.token,
    id: connectionId,
    appScopedId,
    flavour,
    appId: input.appId,
    renewedAt: now,
    updatedAt: now,
  };
  if (existing === undefined)
    statements.insertConnection.run({ ...connection, userId, accountId, createdAt: now });
  else statements.renewConnection.run(connection);

  if (input.replacedSessionIdHash !== null) {
    statements.deleteSession.run({ idHash: input.replacedSessionIdHash });
  }
  statements.insertSession.run({ ...input.session, userId });
  statements.insertHistory.run({ ...input.history, connectionId });
  statements.completeAttempt.run({ id: input.attemptId, userId, connectionId, finishedAt: wallNow });
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
  const signedIn = {
    ...renewed,
    status: "active",
    statusReason: null,
    failedAttempts: 0,
    lastErrorCode: null,
    lastErrorAt: null,
    leaseOwner: null,
    leaseUntil: null,
  } as const;
  return {
    findConnection: db
      .select({ id: connections.id, userId: connections.userId })
      .from(connections)
      .where(eq(connections.accountId, slot(connections.accountId, "accountId")))
      .prepare(),
    insertConnection: db
      .insert(connections)
      .values({ ...signedIn, userId, accountId, createdAt, id, version: 1 })
      .prepare(),
    // A refresh that is under way loses: the lease is gone and the version has grown.
    renewConnection: db
      .update(connections)
      .set({ ...signedIn, version: sql`${connections.version} + 1` })
      .where(eq(connections.id, id))
      .prepare(),
  };
}
