import { asc, eq, inArray, lte, sql } from "../drizzle.ts";

import { alertRow } from "../alert-row.ts";
import { auditRow } from "../audit-row.ts";
import { checked } from "../checked-limit.ts";
import {
  auditOfErasure,
  judgeErasure,
  judgeRevocation,
  nothingErased,
  revocationOf,
  type EndingConnection,
  type ErasedCounts,
} from "../judge-gone.ts";
import { slot, slotsOf } from "../slots.ts";
import type { ErasureStore, RevokeConnectionInput } from "../store/erasures.ts";
import { connectionSummaryColumns } from "./columns.ts";
import { prepareEndStatements, type EndStatements } from "./end-statements.ts";
import type { Engine } from "./engine.ts";
import { connections, identities, sinkFarewells } from "./schema.ts";

/** How connections lose their tokens, and how they and their people end. */
export function createErasureMethods({ db, read, write, writeWithoutSync }: Engine): ErasureStore {
  const ending = prepareEndStatements(db);
  const { identitiesOf, ofPerson, claimFarewells, putOff, forget } = prepareStatements(db);

  return {
    listIdentities: (userId) => read(() => identitiesOf.all({ userId })),
    findConnectionsOfPerson: (person) => read(() => ofPerson.all(person)),
    revokeConnection: (input) =>
      write(() => {
        const found = ending.findConnection.get({ id: input.connectionId });
        const verdict = judgeRevocation(found, input);
        if (found !== undefined && verdict === "done") revoke(ending, found, input);
        return verdict;
      }),
    eraseConnection: ({ connectionId, authorizedBefore, erasedAt, audit }) =>
      write(() => {
        const found = ending.findConnection.get({ id: connectionId });
        const verdict = judgeErasure(found, { authorizedBefore });
        if (found === undefined || verdict !== "done") return verdict;
        const counts = nothingErased();
        eraseConnection(ending, found, erasedAt, counts);
        eraseUserWithoutConnections(ending, found.userId, erasedAt, counts);
        ending.insertAudit.run(auditRow(auditOfErasure(audit, counts)));
        return "done";
      }),
    eraseIdentities: ({ erasedAt, audit, ...person }) =>
      write(() => {
        const removed = ending.removeIdentities.all(person);
        if (removed.length === 0) return false;
        const counts = { ...nothingErased(), identities: removed.length };
        for (const userId of new Set(removed.map((row) => row.userId)))
          eraseUserWithoutConnections(ending, userId, erasedAt, counts);
        ending.insertAudit.run(auditRow(auditOfErasure(audit, counts)));
        return true;
      }),
    eraseUser: ({ userId, erasedAt, audit }) =>
      write(() => {
        const counts = nothingErased();
        for (const connection of ending.connectionsOfUser.all({ userId }))
          eraseConnection(ending, connection, erasedAt, counts);
        eraseUserWithoutConnections(ending, userId, erasedAt, counts);
        if (counts.users === 0) return false;
        ending.insertAudit.run(auditRow(auditOfErasure(audit, counts)));
        return true;
      }),
    claimFarewells: ({ wallNow, leaseMs, limit }) =>
      writeWithoutSync(() => {
        const until = new Date(wallNow.getTime() + leaseMs);
        return claimFarewells.all({ wallNow, nextDeliveryAt: until, limit: checked(limit) });
      }),
    settleFarewell: ({ id, nextDeliveryAt }) =>
      write(() => void (nextDeliveryAt === null ? forget.run({ id }) : putOff.run({ id, nextDeliveryAt }))),
  };
}

function revoke(statements: EndStatements, found: EndingConnection, input: RevokeConnectionInput): void {
  const { id, userId } = found;
  const { values, alert } = revocationOf(found, input);
  statements.takeTokens.run(values);
  statements.stopSinks.run({ connectionId: id });
  if (alert !== null) statements.insertAlert.run(alertRow(alert));
  if ((statements.countActive.get({ userId })?.left ?? 0) > 0) return;
  statements.endSessions.run({ userId });
  statements.endKeys.run({ userId, wallNow: input.wallNow });
}

function eraseConnection(
  statements: EndStatements,
  { id, accountId }: EndingConnection,
  erasedAt: Date,
  counts: ErasedCounts,
): void {
  counts.webhooks += statements.sayFarewell.run({ connectionId: id, erasedAt }).changes;
  statements.removeAttempts.run({ connectionId: id, expectedAccountId: accountId });
  counts.connections += statements.removeConnection.run({ id }).changes;
  statements.entomb.run({ id, erasedAt });
}

/** Nobody is left without an account: without one there is no way to sign in, and nothing to sign in for. */
function eraseUserWithoutConnections(
  statements: EndStatements,
  userId: string,
  erasedAt: Date,
  counts: ErasedCounts,
): void {
  if ((statements.countConnections.get({ userId })?.left ?? 0) > 0) return;
  statements.removeAttemptsOfUser.run({ userId });
  counts.identities += statements.countIdentities.get({ userId })?.left ?? 0;
  const { changes } = statements.removeUser.run({ id: userId });
  counts.users += changes;
  if (changes > 0) statements.entomb.run({ id: userId, erasedAt });
}

function prepareStatements(db: Engine["db"]) {
  const slots = slotsOf(sinkFarewells);
  const identity = slotsOf(identities);
  const providerUserId = slot(identities.providerUserId, "providerUserId");
  const accountsOfThem = db
    .select({ accountId: identities.providerUserId })
    .from(identities)
    .where(
      sql`${identities.flavour} = ${identity.flavour} and ${identities.flavour} = 'instagram'
        and (${identities.appScopedId} = ${providerUserId} or ${identities.providerUserId} = ${providerUserId})`,
    );
  const waiting = db
    .select({ id: sinkFarewells.id })
    .from(sinkFarewells)
    .where(lte(sinkFarewells.nextDeliveryAt, slot(sinkFarewells.nextDeliveryAt, "wallNow")))
    .orderBy(asc(sinkFarewells.nextDeliveryAt))
    .limit(sql.placeholder("limit"));
  return {
    identitiesOf: db
      .select({
        flavour: identities.flavour,
        providerUserId: identities.providerUserId,
        appScopedId: identities.appScopedId,
        createdAt: identities.createdAt,
        updatedAt: identities.updatedAt,
      })
      .from(identities)
      .where(eq(identities.userId, identity.userId))
      .orderBy(asc(identities.createdAt), asc(identities.providerUserId))
      .prepare(),
    ofPerson: db
      .select(connectionSummaryColumns)
      .from(connections)
      .where(
        sql`(${connections.appScopedId} = ${providerUserId} and ${connections.flavour} = ${identity.flavour})
          or (${connections.accountId} = ${providerUserId} and ${connections.flavour} = ${identity.flavour}
            and ${connections.flavour} = 'instagram')
          or ${inArray(connections.accountId, accountsOfThem)}`,
      )
      .orderBy(asc(connections.id))
      .prepare(),
    claimFarewells: db
      .update(sinkFarewells)
      .set({ nextDeliveryAt: slots.nextDeliveryAt, attempts: sql`${sinkFarewells.attempts} + 1` })
      .where(inArray(sinkFarewells.id, waiting))
      .returning()
      .prepare(),
    putOff: db
      .update(sinkFarewells)
      .set({ nextDeliveryAt: slots.nextDeliveryAt })
      .where(eq(sinkFarewells.id, slots.id))
      .prepare(),
    forget: db.delete(sinkFarewells).where(eq(sinkFarewells.id, slots.id)).prepare(),
  };
}
