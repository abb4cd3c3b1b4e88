import { and, eq } from "../drizzle.ts";

import { auditRowOf } from "../audit-row.ts";
import { decideSignIn, isIdentityWritten } from "../decide-sign-in.ts";
import { slotsOf } from "../slots.ts";
import type { CompleteSignInInput, CompleteSignInResult, SignInStore } from "../store/complete-sign-in.ts";
import { identityOf } from "../written-by-sign-in.ts";
import { prepareAccountStatements, writeAccount } from "./accounts.ts";
import type { Engine } from "./engine.ts";
import { identities, sessions, signInAttempts } from "./schema.ts";

type Statements = ReturnType<typeof prepareStatements>;

/** The end of a sign-in, all of it in one write. */
export function createCompleteSignIn(engine: Engine, leaseNow: () => number): SignInStore {
  const statements = prepareStatements(engine);
  return { completeSignIn: (input) => engine.write(() => complete(statements, input, new Date(leaseNow()))) };
}

function complete(statements: Statements, input: CompleteSignInInput, leaseNow: Date): CompleteSignInResult {
  const { attemptId: id, wallNow, now, flavour } = input;
  const attempt = statements.findAttempt.get({ id });
  const { linkUserId = null } = attempt ?? {};
  const { providerUserId } = input.identity;
  const findings = {
    attempt,
    isLinkedUserHere: linkUserId !== null && statements.findUser.get({ id: linkUserId }) !== undefined,
    existing: input.accounts.map(({ accountId }) => statements.findConnection.get({ accountId })),
    identityUserId: statements.findHolder.get({ providerUserId, flavour })?.userId ?? null,
  };
  const result = decideSignIn(findings, input);
  if (result.kind === "account_held") statements.failAttempt.run({ id, finishedAt: wallNow });
  if (result.kind !== "completed") return result;

  const { userId } = result;
  if (result.isNewUser) statements.insertUser.run({ id: userId, createdAt: wallNow });
  if (isIdentityWritten(findings, input, userId)) statements.saveIdentity.run(identityOf(input, userId));
  for (const [index, account] of input.accounts.entries())
    writeAccount(statements, account, { userId, flavour, now, existing: findings.existing[index], leaseNow });
  if (input.replacedSessionIdHash !== null)
    statements.deleteSession.run({ idHash: input.replacedSessionIdHash });
  statements.insertSession.run({ ...input.session, userId });
  if (input.audit !== null) statements.insertAudit.run(auditRowOf(input.audit, userId));
  const connectionId = input.accounts[0]?.connectionId ?? null;
  statements.completeAttempt.run({ id, userId, connectionId, finishedAt: wallNow });
  return result;
}

function prepareStatements({ db }: Engine) {
  return {
    ...prepareAttemptStatements(db),
    ...prepareIdentityStatements(db),
    ...prepareAccountStatements(db),
    deleteSession: db
      .delete(sessions)
      .where(eq(sessions.idHash, slotsOf(sessions).idHash))
      .prepare(),
    insertSession: db.insert(sessions).values(slotsOf(sessions)).prepare(),
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
        expectedAccountId: signInAttempts.expectedAccountId,
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
        sealedChoice: null,
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
        sealedChoice: null,
      })
      .where(isExchanging)
      .prepare(),
  };
}

function prepareIdentityStatements(db: Engine["db"]) {
  const slots = slotsOf(identities);
  return {
    findHolder: db
      .select({ userId: identities.userId })
      .from(identities)
      .where(and(eq(identities.providerUserId, slots.providerUserId), eq(identities.flavour, slots.flavour)))
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
