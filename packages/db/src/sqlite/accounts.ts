import type { SQLWrapper } from "drizzle-orm";
import { and, eq, sql } from "../drizzle.ts";

import { auditRowOf } from "../audit-row.ts";
import type { FoundConnection } from "../decide-sign-in.ts";
import { slot, slotsOf } from "../slots.ts";
import type { NewAccount } from "../store/complete-sign-in.ts";
import type { Flavour } from "../store/connections.ts";
import { SETTLED, UNTROUBLED } from "../untroubled.ts";
import { connectionOf, NO_PREVIOUS, recoveryOf } from "../written-by-sign-in.ts";
import { prepareInsertAlert } from "./alerts.ts";
import { prepareInsertAuditEvent } from "./audit-events.ts";
import type { Engine } from "./engine.ts";
import { connections, refreshAttempts, users } from "./schema.ts";
import { prepareSinksDue } from "./sinks.ts";

/** What is looked up and written of an account, by a sign-in and by an import. */
export type AccountStatements = ReturnType<typeof prepareAccountStatements>;

/** Writes an account to its connection, with its row of history. */
export function writeAccount(
  statements: AccountStatements,
  account: NewAccount,
  written: {
    userId: string;
    flavour: Flavour;
    now: Date;
    existing: FoundConnection | undefined;
    leaseNow: Date;
  },
): void {
  const connection = connectionOf(account, written);
  if (written.existing === undefined) {
    statements.insertConnection.run(connection);
    if (account.audit !== null) statements.insertAudit.run(auditRowOf(account.audit, written.userId));
  } else {
    statements.renewConnection.run(connection);
    statements.sinksDue.run({ connectionId: account.connectionId, nextDeliveryAt: written.leaseNow });
  }
  statements.insertHistory.run({ ...account.history, connectionId: account.connectionId });
  const recovery = recoveryOf(account, written);
  if (recovery !== null) statements.insertAlert.run(recovery);
}

/** Prepares them once. */
export function prepareAccountStatements(db: Engine["db"]) {
  const { userId, accountId, createdAt, id, ...renewed } = slotsOf(connections);
  const signedIn = { ...renewed, ...UNTROUBLED, ...SETTLED };
  // A token of another app, or sealed for another flavour, is of no use to what the connection is from now on.
  const isSameApp = and(eq(connections.flavour, renewed.flavour), eq(connections.appId, renewed.appId));
  const isReplaced = and(eq(connections.status, sql`'active'`), isSameApp);
  const ifReplaced = (current: SQLWrapper) => sql`case when ${isReplaced} then ${current} end`;
  return {
    findUser: db
      .select({ id: users.id })
      .from(users)
      .where(eq(users.id, slotsOf(users).id))
      .prepare(),
    insertUser: db.insert(users).values(slotsOf(users)).prepare(),
    findConnection: db
      .select({
        id: connections.id,
        userId: connections.userId,
        incidentId: connections.incidentId,
        createdAt: connections.createdAt,
      })
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
    insertHistory: db.insert(refreshAttempts).values(slotsOf(refreshAttempts)).prepare(),
    insertAlert: prepareInsertAlert(db),
    insertAudit: prepareInsertAuditEvent(db),
    sinksDue: prepareSinksDue(db),
  };
}
