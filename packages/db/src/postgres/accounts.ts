import type { SQLWrapper } from "drizzle-orm";
import { and, eq, sql } from "../drizzle.ts";

import { auditRowOf } from "../audit-row.ts";
import type { FoundConnection } from "../decide-sign-in.ts";
import type { NewAccount } from "../store/complete-sign-in.ts";
import type { Flavour } from "../store/connections.ts";
import { SETTLED, UNTROUBLED } from "../untroubled.ts";
import { connectionOf, NO_PREVIOUS, recoveryOf } from "../written-by-sign-in.ts";
import { prepareInsertAlert } from "./alerts.ts";
import { prepareInsertAuditEvent } from "./audit-events.ts";
import type { Engine, Run } from "./engine.ts";
import { ONE_ROW } from "./one-row.ts";
import { leaseNowValue, type LeaseClock } from "./lease-clock.ts";
import { connections, refreshAttempts, users } from "./schema.ts";
import { prepareSinksDue } from "./sinks-due.ts";
import { slotsOf } from "./slots.ts";

/** What is looked up and written of an account, by a sign-in and by an import. */
export type AccountStatements = ReturnType<typeof prepareAccountStatements>;

/** Writes an account to its connection, with its row of history. */
export function writeAccount(
  run: Run,
  statements: AccountStatements,
  account: NewAccount,
  written: {
    userId: string;
    flavour: Flavour;
    now: Date;
    existing: FoundConnection | undefined;
    leaseClock: LeaseClock;
  },
): Promise<unknown> {
  const statement = written.existing === undefined ? statements.insertConnection : statements.renewConnection;
  const swapped = { connectionIds: [account.connectionId], ...leaseNowValue(written.leaseClock) };
  const newsOf = written.existing === undefined ? account.audit : null;
  const recovery = recoveryOf(account, written);
  return Promise.all([
    run(statement, connectionOf(account, written)),
    run(statements.insertHistory, { ...account.history, connectionId: account.connectionId }),
    written.existing === undefined ? null : run(statements.sinksDue, swapped),
    recovery === null ? null : run(statements.insertAlert, recovery),
    newsOf === null ? null : run(statements.insertAudit, auditRowOf(newsOf, written.userId)),
  ]);
}

/** Builds them once. */
export function prepareAccountStatements(db: Engine["db"]) {
  const { userId, accountId, createdAt, id, ...renewed } = slotsOf(connections);
  const signedIn = { ...renewed, ...UNTROUBLED, ...SETTLED };
  // A token of another app, or sealed for another flavour, is of no use to what the connection is from now on.
  const isSameApp = and(eq(connections.flavour, renewed.flavour), eq(connections.appId, renewed.appId));
  const isReplaced = and(eq(connections.status, sql`'active'`), isSameApp);
  const ifReplaced = (current: SQLWrapper) => sql`case when ${isReplaced} then ${current} end`;
  const ownerOf = db
    .select({ userId: connections.userId })
    .from(connections)
    .where(eq(connections.accountId, accountId));
  const locked = sql`hashtextextended('perennial account ' || ${sql.placeholder("locked")}::text, 0)`;
  return {
    /** Whoever comes for the same thing at the same time waits, also where no row of it exists yet. */
    lock: db
      .select({ lock: sql`pg_advisory_xact_lock(${locked})` })
      .from(ONE_ROW)
      .prepare(""),
    /** People before their connections, as an erasure has them: or each would wait for the other. */
    lockOwner: db
      .select({ id: users.id })
      .from(users)
      .where(sql`${users.id} = (${ownerOf})`)
      .for("key share")
      .prepare(""),
    findUser: db
      .select({ id: users.id })
      .from(users)
      .where(eq(users.id, slotsOf(users).id))
      .for("key share")
      .prepare(""),
    insertUser: db.insert(users).values(slotsOf(users)).prepare(""),
    findConnection: db
      .select({
        id: connections.id,
        userId: connections.userId,
        incidentId: connections.incidentId,
        createdAt: connections.createdAt,
      })
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
    insertHistory: db.insert(refreshAttempts).values(slotsOf(refreshAttempts)).prepare(""),
    insertAlert: prepareInsertAlert(db),
    insertAudit: prepareInsertAuditEvent(db),
    sinksDue: prepareSinksDue(db),
  };
}
