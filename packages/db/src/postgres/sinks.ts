import { and, asc, count, desc, eq, isNotNull, isNull, lte, or, sql } from "../drizzle.ts";

import { checked } from "../checked-limit.ts";
import { uniqueOwner } from "../leased.ts";
import { byTurn, leasedSink, sinkOutcome, sinkRow, UNDELIVERED } from "../sink-row.ts";
import type { SinkStore } from "../store/sinks.ts";
import { prepareAuditOf, underAuditNames } from "./audit-events.ts";
import { sinkColumns } from "./columns.ts";
import type { Engine } from "./engine.ts";
import { leaseNowOf, leaseNowValue, span, type LeaseClock } from "./lease-clock.ts";
import { connections, refreshAttempts, sinkDeliveries, sinks } from "./schema.ts";
import { namedSlots, slot, slotsOf } from "./slots.ts";

/** One more token than it was given, due now. */
const ANOTHER_TOKEN = {
  generation: sql`${sinks.generation} + 1`,
  nextDeliveryAt: leaseNowOf(sinks.nextDeliveryAt),
};
const ofConnections = sql`${sinks.connectionId} = any(${sql.placeholder("connectionIds")}::text[])`;

/** Makes every sink of a connection due, in the transaction that gives it another token. */
export function prepareSinksDue(db: Engine["db"]) {
  return db.update(sinks).set(ANOTHER_TOKEN).where(ofConnections).prepare("");
}

/** The same for many connections at once: for those of which a row of history says that they have it. */
export function prepareSinksDueByHistory(db: Engine["db"]) {
  // Counted, not `exists`, which would be joined: it is asked for the few sinks that there are, and for nothing else.
  const isWritten = sql`(select count(*) from ${refreshAttempts}
    where ${refreshAttempts.id} = any(${sql.placeholder("historyIds")}::text[])
    and ${refreshAttempts.connectionId} = ${sinks.connectionId}) > 0`;
  return db.update(sinks).set(ANOTHER_TOKEN).where(and(ofConnections, isWritten)).prepare("");
}

/** Where tokens are read, and how they get there. */
export function createSinkMethods({ db, read, write }: Engine, leaseClock: LeaseClock): SinkStore {
  const statements = prepareStatements(db);
  const repeatable = { isRepeatable: true };
  const cheap = { isDurable: false, isRepeatable: true };
  const newLease = (owner: string, leaseMs: number) => ({
    leaseOwner: uniqueOwner(owner),
    leaseMs,
    ...leaseNowValue(leaseClock),
  });

  return {
    createSink: async ({ sink, most }, audit) => {
      const { connectionId } = sink;
      const row = { ...sinkRow(sink, sink.createdAt), ...leaseNowValue(leaseClock), most: checked(most) };
      // The lock first: what the next statement counts is as it is once it was had.
      const [[connection], inserted] = await write((run) =>
        Promise.all([
          run(statements.lockConnection, { id: connectionId }),
          audit === undefined
            ? run(statements.insert, row)
            : run(statements.insertAudited, { ...row, ...underAuditNames(audit) }),
        ]),
      );
      if (connection === undefined) return "missing";
      return inserted.rowCount === 1 ? "created" : "too_many";
    },
    // Done again, it is written down once: the event has the same id.
    updateSink: async (input, audit) => {
      const values = { ...input, ...leaseNowValue(leaseClock) };
      const [updated] = await write(
        (run) =>
          Promise.all([
            run(statements.update, values),
            audit === undefined
              ? null
              : run(statements.auditOfSink, { ...values, ...underAuditNames(audit) }),
          ]),
        repeatable,
      );
      return updated.rowCount === 1;
    },
    deleteSink: async (input, audit) => {
      const removed = await write((run) =>
        audit === undefined
          ? run(statements.remove, input)
          : run(statements.removeAudited, { ...input, ...underAuditNames(audit) }),
      );
      return removed.rowCount === 1;
    },
    findSink: async (id) => {
      const [found] = await read((run) => run(statements.find, { id }));
      return found ?? null;
    },
    listSinks: (connectionId) => read((run) => run(statements.list, { connectionId })),
    hasWaitingSinks: async () => {
      const found = await read((run) => run(statements.firstWaiting, leaseNowValue(leaseClock)));
      return found.length > 0;
    },
    // Done twice it takes others: those of the first time are delivered once that lease has lapsed.
    claimSinks: async ({ owner, leaseMs, limit }) => {
      const values = { ...newLease(owner, leaseMs), limit: checked(limit) };
      const rows = await write((run) => run(statements.claim, values), cheap);
      return rows.sort(byTurn).map((row) => leasedSink(row, values.leaseOwner));
    },
    claimSink: async ({ id, owner, leaseMs }) => {
      const values = { ...newLease(owner, leaseMs), id };
      const [[row], [found]] = await write(
        (run) => Promise.all([run(statements.claimOne, values), run(statements.find, { id })]),
        cheap,
      );
      if (row !== undefined) return { kind: "leased", ...leasedSink(row, values.leaseOwner) };
      return { kind: found === undefined ? "missing" : "busy" };
    },
    // The receipt tells that it was done, to whoever does it again.
    recordSinkDelivery: async (input) => {
      const values = { ...sinkOutcome(input), deliveryId: input.delivery.id, ...leaseNowValue(leaseClock) };
      await write(
        (run) =>
          Promise.all([
            run(statements.repeat, values),
            run(statements.finish, values),
            run(statements.insertDelivery, { ...input.delivery, givenId: input.delivery.sinkId }),
          ]),
        repeatable,
      );
    },
    listSinkDeliveries: async ({ sinkId, limit }) => {
      const values = { sinkId, limit: checked(limit) };
      return read((run) => run(statements.listDeliveries, values));
    },
    sinkStats: async () => {
      const [stats] = await read((run) => run(statements.stats));
      return stats ?? { sinks: 0, waiting: 0, failing: 0 };
    },
  };
}

function prepareStatements(db: Engine["db"]) {
  const slots = slotsOf(sinks);
  const isOfConnection = and(eq(sinks.id, slots.id), eq(sinks.connectionId, slots.connectionId));
  const removal = () => db.delete(sinks).where(isOfConnection);
  const found = db.$with("found").as(db.select({ id: sinks.id }).from(sinks).where(isOfConnection));
  const removed = db.$with("removed").as(removal().returning({ id: sinks.id }));
  return {
    auditOfSink: prepareAuditOf(db, found),
    removeAudited: prepareAuditOf(db, removed),
    ...prepareClaims(db),
    ...prepareReceipts(db),
    ...prepareInsert(db),
    update: db
      .update(sinks)
      .set({
        kind: slots.kind,
        name: slots.name,
        target: slots.target,
        sealedSettings: slots.sealedSettings,
        updatedAt: slots.updatedAt,
        ...ANOTHER_TOKEN,
        ...UNDELIVERED,
      })
      .where(isOfConnection)
      .prepare(""),
    remove: removal().prepare(""),
    find: db.select(sinkColumns).from(sinks).where(eq(sinks.id, slots.id)).prepare(""),
    list: db
      .select(sinkColumns)
      .from(sinks)
      .where(eq(sinks.connectionId, slots.connectionId))
      .orderBy(asc(sinks.createdAt), asc(sinks.id))
      .prepare(""),
    stats: db
      .select({
        sinks: count(),
        waiting: count(sinks.nextDeliveryAt),
        failing: count(sinks.lastErrorCode),
      })
      .from(sinks)
      .prepare(""),
  };
}

/** Whoever adds one to the same connection at the same time waits, so that both are counted. */
function prepareInsert(db: Engine["db"]) {
  const slots = slotsOf(sinks);
  const { id } = slotsOf(connections);
  const counted = db.select({ sinks: count() }).from(sinks).where(eq(sinks.connectionId, slots.connectionId));
  const named: Record<string, unknown> = namedSlots(sinks);
  const row = { ...named, nextDeliveryAt: leaseNowOf(sinks.nextDeliveryAt).as("next_delivery_at") };
  const insertion = () =>
    db.insert(sinks).select(
      db
        .select(row as never)
        .from(connections)
        .where(
          and(
            eq(connections.id, slots.connectionId),
            sql`(${counted}) < ${sql.placeholder("most")}::integer`,
          ),
        ),
    );
  const inserted = db.$with("inserted").as(insertion().returning({ id: sinks.id }));
  return {
    lockConnection: db
      .select({ id: connections.id })
      .from(connections)
      .where(eq(connections.id, id))
      .for("no key update")
      .prepare(""),
    insert: insertion().prepare(""),
    insertAudited: prepareAuditOf(db, inserted),
  };
}

function prepareClaims(db: Engine["db"]) {
  const slots = slotsOf(sinks);
  const now = leaseNowOf(sinks.nextDeliveryAt);
  const isFree = or(isNull(sinks.leaseUntil), lte(sinks.leaseUntil, now));
  const isWaiting = and(isNotNull(sinks.nextDeliveryAt), lte(sinks.nextDeliveryAt, now), isFree);
  const waiting = db
    .select({ id: sinks.id })
    .from(sinks)
    .where(isWaiting)
    .orderBy(asc(sinks.nextDeliveryAt))
    .limit(sql.placeholder("limit"))
    .for("update", { skipLocked: true });
  const isOwn = eq(sinks.leaseOwner, slots.leaseOwner);
  const lease = { leaseOwner: slots.leaseOwner, leaseUntil: sql`${now} + ${span("leaseMs")}` };
  return {
    firstWaiting: db.select({ id: sinks.id }).from(sinks).where(isWaiting).limit(1).prepare(""),
    claim: db
      .update(sinks)
      .set(lease)
      // An array, not a join: what was found is looked up by its key, whatever the planner thinks of numbers.
      .where(sql`${sinks.id} = any(array(${waiting}))`)
      .returning(sinkColumns)
      .prepare(""),
    claimOne: db
      .update(sinks)
      .set(lease)
      .where(and(eq(sinks.id, slots.id), or(isFree, isOwn)))
      .returning(sinkColumns)
      .prepare(""),
  };
}

function prepareReceipts(db: Engine["db"]) {
  const slots = slotsOf(sinks);
  const isSink = eq(sinks.id, slots.id);
  const noted = db
    .select({ id: sinkDeliveries.id })
    .from(sinkDeliveries)
    .where(eq(sinkDeliveries.id, slot(sinkDeliveries.id, "deliveryId")));
  const nextDeliveryAt = sql`case when ${sinks.generation} = ${slots.generation}
    then ${leaseNowOf(sinks.nextDeliveryAt)} + ${span("waitMs")} else ${sinks.nextDeliveryAt} end`;
  return {
    finish: db
      .update(sinks)
      .set({
        nextDeliveryAt,
        failedAttempts: sql`case when ${slots.lastErrorCode} is null then 0 else ${sinks.failedAttempts} + 1 end`,
        lastErrorCode: slots.lastErrorCode,
        deliveredAt: sql`coalesce(${slots.deliveredAt}, ${sinks.deliveredAt})`,
        deliveredTokenIssuedAt: sql`coalesce(${slots.deliveredTokenIssuedAt}, ${sinks.deliveredTokenIssuedAt})`,
        leaseOwner: null,
        leaseUntil: null,
      })
      .where(and(isSink, eq(sinks.leaseOwner, slots.leaseOwner)))
      .prepare(""),
    repeat: db
      .update(sinks)
      .set(ANOTHER_TOKEN)
      .where(
        and(isSink, sql`${sinks.leaseOwner} is distinct from ${slots.leaseOwner}`, sql`not exists ${noted}`),
      )
      .prepare(""),
    insertDelivery: db
      .insert(sinkDeliveries)
      .select(
        db
          .select(namedSlots(sinkDeliveries))
          .from(sinks)
          .where(eq(sinks.id, slot(sinks.id, "givenId"))),
      )
      .onConflictDoNothing({ target: sinkDeliveries.id })
      .prepare(""),
    listDeliveries: db
      .select()
      .from(sinkDeliveries)
      .where(eq(sinkDeliveries.sinkId, slot(sinkDeliveries.sinkId, "sinkId")))
      .orderBy(desc(sinkDeliveries.startedAt), desc(sinkDeliveries.id))
      .limit(sql.placeholder("limit"))
      .prepare(""),
  };
}
