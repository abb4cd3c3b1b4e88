import { and, count, eq, isNull, or, sql } from "../drizzle.ts";

import { WITHOUT_TOKENS } from "../judge-gone.ts";
import { slot, slotsOf } from "../slots.ts";
import { prepareInsertAlert } from "./alerts.ts";
import { prepareInsertAuditEvent } from "./audit-events.ts";
import type { Engine } from "./engine.ts";
import {
  apiKeys,
  connections,
  erasures,
  identities,
  sessions,
  signInAttempts,
  sinkFarewells,
  sinks,
  users,
} from "./schema.ts";

/** What is looked up and written when connections and people come to their end. */
export type EndStatements = ReturnType<typeof prepareEndStatements>;

/** Prepares them once. */
export function prepareEndStatements(db: Engine["db"]) {
  const ending = {
    id: connections.id,
    userId: connections.userId,
    accountId: connections.accountId,
    flavour: connections.flavour,
    status: connections.status,
    hasToken: sql<number>`${connections.sealedToken} is not null`.mapWith(Boolean),
    authorizedAt: connections.authorizedAt,
    createdAt: connections.createdAt,
  };
  const ofUser = eq(connections.userId, slotsOf(connections).userId);
  return {
    findConnection: db
      .select(ending)
      .from(connections)
      .where(eq(connections.id, slotsOf(connections).id))
      .prepare(),
    connectionsOfUser: db.select(ending).from(connections).where(ofUser).prepare(),
    countConnections: db.select({ left: count() }).from(connections).where(ofUser).prepare(),
    countActive: db
      .select({ left: count() })
      .from(connections)
      .where(and(ofUser, eq(connections.status, "active")))
      .prepare(),
    ...prepareRevocation(db),
    ...prepareErasure(db),
    insertAudit: prepareInsertAuditEvent(db),
  };
}

function prepareRevocation(db: Engine["db"]) {
  const slots = slotsOf(connections);
  const wallNow = slot(apiKeys.revokedAt, "wallNow");
  return {
    takeTokens: db
      .update(connections)
      .set({
        ...WITHOUT_TOKENS,
        status: "reconnect_required",
        statusReason: slots.statusReason,
        lastErrorCode: slots.lastErrorCode,
        lastErrorAt: slots.lastErrorAt,
        failingSinceAt: sql`coalesce(${connections.failingSinceAt}, ${slots.failingSinceAt})`,
        incidentId: sql`coalesce(${slots.incidentId}, ${connections.incidentId})`,
        version: sql`${connections.version} + 1`,
        updatedAt: slots.updatedAt,
      })
      .where(eq(connections.id, slots.id))
      .prepare(),
    /** What is under way to them counts no more. */
    stopSinks: db
      .update(sinks)
      .set({ nextDeliveryAt: null, leaseOwner: null, leaseUntil: null })
      .where(eq(sinks.connectionId, slotsOf(sinks).connectionId))
      .prepare(),
    endSessions: db
      .delete(sessions)
      .where(eq(sessions.userId, slotsOf(sessions).userId))
      .prepare(),
    endKeys: db
      .update(apiKeys)
      .set({ revokedAt: wallNow })
      .where(and(eq(apiKeys.userId, slotsOf(apiKeys).userId), isNull(apiKeys.revokedAt)))
      .prepare(),
    insertAlert: prepareInsertAlert(db),
  };
}

function prepareErasure(db: Engine["db"]) {
  const attempt = slotsOf(signInAttempts);
  const identity = slotsOf(identities);
  const isNamed = and(
    eq(identities.flavour, identity.flavour),
    or(
      eq(identities.providerUserId, identity.providerUserId),
      eq(identities.appScopedId, slot(identities.appScopedId, "providerUserId")),
    ),
  );
  // Where a connection of theirs at this login was kept, they are still known there.
  const isKept = sql`exists (select 1 from ${connections}
    where ${connections.appScopedId} = ${identities.appScopedId} and ${connections.flavour} = ${identities.flavour}
    and ${connections.userId} = ${identities.userId})`;
  return {
    sayFarewell: db
      .insert(sinkFarewells)
      .select(
        db
          .select({
            id: sinks.id,
            connectionId: sinks.connectionId,
            sealedSettings: sinks.sealedSettings,
            erasedAt: slot(sinkFarewells.erasedAt, "erasedAt").as("erased_at"),
            attempts: sql<number>`0`.as("attempts"),
            nextDeliveryAt: slot(sinkFarewells.nextDeliveryAt, "erasedAt").as("next_delivery_at"),
          })
          .from(sinks)
          .where(
            and(eq(sinks.connectionId, slot(sinks.connectionId, "connectionId")), eq(sinks.kind, "webhook")),
          ),
      )
      .onConflictDoNothing()
      .prepare(),
    removeAttempts: db
      .delete(signInAttempts)
      .where(
        or(
          eq(signInAttempts.connectionId, attempt.connectionId),
          eq(signInAttempts.expectedAccountId, attempt.expectedAccountId),
        ),
      )
      .prepare(),
    removeAttemptsOfUser: db
      .delete(signInAttempts)
      .where(
        or(
          eq(signInAttempts.userId, attempt.userId),
          eq(signInAttempts.linkUserId, slot(signInAttempts.linkUserId, "userId")),
        ),
      )
      .prepare(),
    removeConnection: db
      .delete(connections)
      .where(eq(connections.id, slotsOf(connections).id))
      .prepare(),
    countIdentities: db
      .select({ left: count() })
      .from(identities)
      .where(eq(identities.userId, identity.userId))
      .prepare(),
    removeIdentities: db
      .delete(identities)
      .where(and(isNamed, sql`not ${isKept}`))
      .returning({ userId: identities.userId })
      .prepare(),
    removeUser: db
      .delete(users)
      .where(eq(users.id, slotsOf(users).id))
      .prepare(),
    entomb: db.insert(erasures).values(slotsOf(erasures)).onConflictDoNothing().prepare(),
  };
}
