import { asc, eq, lte, sql } from "../drizzle.ts";

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
import type { AuditEvent } from "../store/audit-events.ts";
import type { ErasureStore, RevokeConnectionInput } from "../store/erasures.ts";
import type { Announce } from "./announcements.ts";
import { connectionSummaryColumns } from "./columns.ts";
import { prepareEndStatements, type EndStatements } from "./end-statements.ts";
import type { Engine, Run } from "./engine.ts";
import { alerts, connections, identities, sinkFarewells } from "./schema.ts";
import { slot, slotsOf } from "./slots.ts";

/**
 * How connections lose their tokens, and how they and their people end. The user is locked before their connections, and
 * whoever renews one of these waits for it, and finds its lease gone.
 */
export function createErasureMethods(
  { db, read, transaction, write }: Engine,
  announce: Announce,
): ErasureStore {
  const ending = prepareEndStatements(db);
  const { identitiesOf, ofPerson, claimFarewells, putOff, forget, findAlert } = prepareStatements(db);
  const repeatable = { isRepeatable: true };
  /** Whether a transaction whose answer was lost had gone through. */
  const wasDone = async (run: Run, isRepeat: boolean, { id }: AuditEvent): Promise<boolean> =>
    isRepeat && (await run(ending.findAudit, { id })).length > 0;

  return {
    listIdentities: (userId) => read((run) => run(identitiesOf, { userId })),
    findConnectionsOfPerson: (person) => read((run) => run(ofPerson, person)),
    revokeConnection: async (input) => {
      const result = await transaction(async (run, isRepeat) => {
        const [, [found], [told]] = await Promise.all([
          run(ending.lockUserOfConnection, { id: input.connectionId }),
          run(ending.lockConnection, { id: input.connectionId }),
          isRepeat ? run(findAlert, { id: input.alert.id }) : [],
        ]);
        if (told !== undefined) return "done";
        const verdict = judgeRevocation(found, input);
        if (found !== undefined && verdict === "done") await revoke(run, ending, found, input);
        return verdict;
      });
      announce();
      return result;
    },
    eraseConnection: async ({ connectionId, authorizedBefore, erasedAt, audit }) => {
      const result = await transaction(async (run, isRepeat) => {
        if (await wasDone(run, isRepeat, audit)) return "done";
        const [, [found]] = await Promise.all([
          run(ending.lockUserOfConnection, { id: connectionId }),
          run(ending.lockConnection, { id: connectionId }),
        ]);
        const verdict = judgeErasure(found, { authorizedBefore });
        if (found === undefined || verdict !== "done") return verdict;
        const counts = nothingErased();
        await eraseConnection(run, ending, found, erasedAt, counts);
        await eraseUserWithoutConnections(run, ending, found.userId, erasedAt, counts);
        await run(ending.insertAudit, auditRow(auditOfErasure(audit, counts)));
        return "done";
      });
      announce();
      return result;
    },
    eraseIdentities: ({ erasedAt, audit, ...person }) =>
      transaction(async (run, isRepeat) => {
        if (await wasDone(run, isRepeat, audit)) return true;
        const removed = await run(ending.removeIdentities, person);
        if (removed.length === 0) return false;
        const counts = { ...nothingErased(), identities: removed.length };
        for (const userId of new Set(removed.map((row) => row.userId))) {
          await run(ending.lockUser, { id: userId });
          await eraseUserWithoutConnections(run, ending, userId, erasedAt, counts);
        }
        await run(ending.insertAudit, auditRow(auditOfErasure(audit, counts)));
        return true;
      }),
    eraseUser: async ({ userId, erasedAt, audit }) => {
      const result = await transaction(async (run, isRepeat) => {
        if (await wasDone(run, isRepeat, audit)) return true;
        const [, found] = await Promise.all([
          run(ending.lockUser, { id: userId }),
          run(ending.lockConnectionsOfUser, { userId }),
        ]);
        const counts = nothingErased();
        for (const connection of found) await eraseConnection(run, ending, connection, erasedAt, counts);
        await eraseUserWithoutConnections(run, ending, userId, erasedAt, counts);
        if (counts.users === 0) return false;
        await run(ending.insertAudit, auditRow(auditOfErasure(audit, counts)));
        return true;
      });
      announce();
      return result;
    },
    // Done twice it takes others: those of the first time are told once that lease has lapsed.
    claimFarewells: async ({ wallNow, leaseMs, limit }) => {
      const nextDeliveryAt = new Date(wallNow.getTime() + leaseMs);
      const values = { wallNow, nextDeliveryAt, limit: checked(limit) };
      return await write((run) => run(claimFarewells, values), { isDurable: false, ...repeatable });
    },
    settleFarewell: async ({ id, nextDeliveryAt }) => {
      await write(
        async (run) =>
          void (nextDeliveryAt === null
            ? await run(forget, { id })
            : await run(putOff, { id, nextDeliveryAt })),
        repeatable,
      );
    },
  };
}

async function revoke(
  run: Run,
  statements: EndStatements,
  found: EndingConnection,
  input: RevokeConnectionInput,
): Promise<void> {
  const { id, userId } = found;
  const { wallNow } = input;
  const { values, alert } = revocationOf(found, input);
  const [, , , [active]] = await Promise.all([
    run(statements.takeTokens, values),
    run(statements.stopSinks, { connectionId: id }),
    alert === null ? null : run(statements.insertAlert, alertRow(alert)),
    run(statements.countActive, { userId }),
  ]);
  if ((active?.left ?? 0) > 0) return;
  await Promise.all([run(statements.endSessions, { userId }), run(statements.endKeys, { userId, wallNow })]);
}

async function eraseConnection(
  run: Run,
  statements: EndStatements,
  { id, accountId }: EndingConnection,
  erasedAt: Date,
  counts: ErasedCounts,
): Promise<void> {
  const [farewells, , removed] = await Promise.all([
    run(statements.sayFarewell, { connectionId: id, erasedAt }),
    run(statements.removeAttempts, { connectionId: id, expectedAccountId: accountId }),
    run(statements.removeConnection, { id }),
    run(statements.entomb, { id, erasedAt }),
  ]);
  counts.webhooks += farewells.rowCount ?? 0;
  counts.connections += removed.rowCount ?? 0;
}

/** Nobody is left without an account: without one there is no way to sign in, and nothing to sign in for. */
async function eraseUserWithoutConnections(
  run: Run,
  statements: EndStatements,
  userId: string,
  erasedAt: Date,
  counts: ErasedCounts,
): Promise<void> {
  const [[connections], [identities]] = await Promise.all([
    run(statements.countConnections, { userId }),
    run(statements.countIdentities, { userId }),
  ]);
  if ((connections?.left ?? 0) > 0) return;
  const [, removed] = await Promise.all([
    run(statements.removeAttemptsOfUser, { userId }),
    run(statements.removeUser, { id: userId }),
  ]);
  const changes = removed.rowCount ?? 0;
  counts.users += changes;
  if (changes === 0) return;
  counts.identities += identities?.left ?? 0;
  await run(statements.entomb, { id: userId, erasedAt });
}

function prepareStatements(db: Engine["db"]) {
  const slots = slotsOf(sinkFarewells);
  const identity = slotsOf(identities);
  const accountsOfThem = db
    .select({ accountId: identities.providerUserId })
    .from(identities)
    .where(
      sql`${identities.flavour} = ${identity.flavour} and ${identities.flavour} = 'instagram'
        and (${identities.appScopedId} = ${identity.providerUserId} or ${identities.providerUserId} = ${identity.providerUserId})`,
    );
  const waiting = db
    .select({ id: sinkFarewells.id })
    .from(sinkFarewells)
    .where(lte(sinkFarewells.nextDeliveryAt, slot(sinkFarewells.nextDeliveryAt, "wallNow")))
    .orderBy(asc(sinkFarewells.nextDeliveryAt))
    .limit(sql.placeholder("limit"))
    .for("update", { skipLocked: true });
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
      .prepare(""),
    // Arrays, not joins: what was found is looked up by its index, whatever the planner thinks of numbers.
    ofPerson: db
      .select(connectionSummaryColumns)
      .from(connections)
      .where(
        sql`(${connections.appScopedId} = ${identity.providerUserId} and ${connections.flavour} = ${identity.flavour})
          or (${connections.accountId} = ${identity.providerUserId} and ${connections.flavour} = ${identity.flavour}
            and ${connections.flavour} = 'instagram')
          or ${connections.accountId} = any(array(${accountsOfThem}))`,
      )
      .orderBy(asc(connections.id))
      .prepare(""),
    claimFarewells: db
      .update(sinkFarewells)
      .set({ nextDeliveryAt: slots.nextDeliveryAt, attempts: sql`${sinkFarewells.attempts} + 1` })
      .where(sql`${sinkFarewells.id} = any(array(${waiting}))`)
      .returning()
      .prepare(""),
    putOff: db
      .update(sinkFarewells)
      .set({ nextDeliveryAt: slots.nextDeliveryAt })
      .where(eq(sinkFarewells.id, slots.id))
      .prepare(""),
    forget: db.delete(sinkFarewells).where(eq(sinkFarewells.id, slots.id)).prepare(""),
    findAlert: db
      .select({ id: alerts.id })
      .from(alerts)
      .where(eq(alerts.id, slotsOf(alerts).id))
      .prepare(""),
  };
}
