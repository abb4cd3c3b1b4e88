import { and, asc, count, desc, eq, inArray, isNotNull, isNull, lte, or, sql } from "../drizzle.ts";

import { checked } from "../checked-limit.ts";
import { uniqueOwner } from "../leased.ts";
import { byTurn, leasedSink, sinkOutcome, sinkRow, UNDELIVERED } from "../sink-row.ts";
import { slot, slotsOf } from "../slots.ts";
import type { SinkStore } from "../store/sinks.ts";
import { createWriteAudit } from "./audit-events.ts";
import { sinkColumns } from "./columns.ts";
import type { Engine } from "./engine.ts";
import { connections, sinkDeliveries, sinks } from "./schema.ts";

/** Makes every sink of a connection due, in the write that gives it another token. */
export function prepareSinksDue(db: Engine["db"]) {
  const { connectionId, nextDeliveryAt } = slotsOf(sinks);
  return db
    .update(sinks)
    .set({ generation: sql`${sinks.generation} + 1`, nextDeliveryAt })
    .where(eq(sinks.connectionId, connectionId))
    .prepare();
}

/** Where tokens are read, and how they get there. */
export function createSinkMethods(engine: Engine, leaseNow: () => number): SinkStore {
  const { db, read, write, writeWithoutSync } = engine;
  const statements = prepareStatements(db);
  const writeAudit = createWriteAudit(db);
  const newLease = (owner: string, leaseMs: number) => {
    const nowMs = leaseNow();
    const leaseUntil = new Date(nowMs + leaseMs);
    return { leaseOwner: uniqueOwner(owner), leaseUntil, now: new Date(nowMs) };
  };

  return {
    createSink: ({ sink, most }, audit) =>
      write(() => {
        const { connectionId } = sink;
        if (statements.findConnection.get({ id: connectionId }) === undefined) return "missing";
        if ((statements.count.get({ connectionId })?.sinks ?? 0) >= checked(most)) return "too_many";
        statements.insert.run(sinkRow(sink, new Date(leaseNow())));
        writeAudit(audit);
        return "created";
      }),
    updateSink: (input, audit) =>
      write(() => {
        const isDone =
          statements.update.run({ ...input, nextDeliveryAt: new Date(leaseNow()) }).changes === 1;
        if (isDone) writeAudit(audit);
        return isDone;
      }),
    deleteSink: (input, audit) =>
      write(() => {
        const isDone = statements.remove.run(input).changes === 1;
        if (isDone) writeAudit(audit);
        return isDone;
      }),
    findSink: (id) => read(() => statements.find.get({ id }) ?? null),
    listSinks: (connectionId) => read(() => statements.list.all({ connectionId })),
    hasWaitingSinks: () =>
      read(() => statements.firstWaiting.get({ now: new Date(leaseNow()) }) !== undefined),
    claimSinks: ({ owner, leaseMs, limit }) =>
      writeWithoutSync(() => {
        const values = newLease(owner, leaseMs);
        const rows = statements.claim.all({ ...values, limit: checked(limit) });
        return rows.sort(byTurn).map((row) => leasedSink(row, values.leaseOwner));
      }),
    claimSink: ({ id, owner, leaseMs }) =>
      writeWithoutSync(() => {
        const values = newLease(owner, leaseMs);
        const row = statements.claimOne.get({ ...values, id });
        if (row !== undefined) return { kind: "leased", ...leasedSink(row, values.leaseOwner) };
        return { kind: statements.find.get({ id }) === undefined ? "missing" : "busy" };
      }),
    recordSinkDelivery: (input) =>
      write(() => {
        const { waitMs, ...values } = sinkOutcome(input);
        if (statements.find.get({ id: values.id }) === undefined) return;
        if (statements.insertDelivery.run(input.delivery).changes === 0) return;
        const now = leaseNow();
        const nextDeliveryAt = waitMs === null ? null : new Date(now + waitMs);
        if (statements.finish.run({ ...values, nextDeliveryAt }).changes === 1) return;
        statements.repeat.run({ id: values.id, nextDeliveryAt: new Date(now) });
      }),
    listSinkDeliveries: ({ sinkId, limit }) =>
      read(() => statements.listDeliveries.all({ sinkId, limit: checked(limit) })),
    sinkStats: () => read(() => statements.stats.get() ?? { sinks: 0, waiting: 0, failing: 0 }),
  };
}

function prepareStatements(db: Engine["db"]) {
  const slots = slotsOf(sinks);
  const isOfConnection = and(eq(sinks.id, slots.id), eq(sinks.connectionId, slots.connectionId));
  return {
    ...prepareClaims(db),
    ...prepareReceipts(db),
    findConnection: db
      .select({ id: connections.id })
      .from(connections)
      .where(eq(connections.id, slotsOf(connections).id))
      .prepare(),
    count: db
      .select({ sinks: count() })
      .from(sinks)
      .where(eq(sinks.connectionId, slots.connectionId))
      .prepare(),
    insert: db.insert(sinks).values(slots).prepare(),
    update: db
      .update(sinks)
      .set({
        kind: slots.kind,
        name: slots.name,
        target: slots.target,
        sealedSettings: slots.sealedSettings,
        updatedAt: slots.updatedAt,
        generation: sql`${sinks.generation} + 1`,
        nextDeliveryAt: slots.nextDeliveryAt,
        ...UNDELIVERED,
      })
      .where(isOfConnection)
      .prepare(),
    remove: db.delete(sinks).where(isOfConnection).prepare(),
    find: db.select(sinkColumns).from(sinks).where(eq(sinks.id, slots.id)).prepare(),
    list: db
      .select(sinkColumns)
      .from(sinks)
      .where(eq(sinks.connectionId, slots.connectionId))
      .orderBy(asc(sinks.createdAt), asc(sinks.id))
      .prepare(),
    stats: db
      .select({
        sinks: count(),
        waiting: count(sinks.nextDeliveryAt),
        failing: count(sinks.lastErrorCode),
      })
      .from(sinks)
      .prepare(),
  };
}

function prepareClaims(db: Engine["db"]) {
  const slots = slotsOf(sinks);
  const now = slot(sinks.nextDeliveryAt, "now");
  const isFree = or(isNull(sinks.leaseUntil), lte(sinks.leaseUntil, now));
  const isWaiting = and(isNotNull(sinks.nextDeliveryAt), lte(sinks.nextDeliveryAt, now), isFree);
  const waiting = db
    .select({ id: sinks.id })
    .from(sinks)
    .where(isWaiting)
    .orderBy(asc(sinks.nextDeliveryAt))
    .limit(sql.placeholder("limit"));
  const lease = { leaseOwner: slots.leaseOwner, leaseUntil: slots.leaseUntil };
  return {
    firstWaiting: db.select({ id: sinks.id }).from(sinks).where(isWaiting).limit(1).prepare(),
    claim: db.update(sinks).set(lease).where(inArray(sinks.id, waiting)).returning(sinkColumns).prepare(),
    claimOne: db
      .update(sinks)
      .set(lease)
      .where(and(eq(sinks.id, slots.id), isFree))
      .returning(sinkColumns)
      .prepare(),
  };
}

function prepareReceipts(db: Engine["db"]) {
  const slots = slotsOf(sinks);
  const unlessNewer = sql`case when ${sinks.generation} = ${slots.generation}
    then ${slots.nextDeliveryAt} else ${sinks.nextDeliveryAt} end`;
  return {
    insertDelivery: db
      .insert(sinkDeliveries)
      .values(slotsOf(sinkDeliveries))
      .onConflictDoNothing({ target: sinkDeliveries.id })
      .prepare(),
    finish: db
      .update(sinks)
      .set({
        nextDeliveryAt: unlessNewer,
        failedAttempts: sql`case when ${slots.lastErrorCode} is null then 0 else ${sinks.failedAttempts} + 1 end`,
        lastErrorCode: slots.lastErrorCode,
        deliveredAt: sql`coalesce(${slots.deliveredAt}, ${sinks.deliveredAt})`,
        deliveredTokenIssuedAt: sql`coalesce(${slots.deliveredTokenIssuedAt}, ${sinks.deliveredTokenIssuedAt})`,
        leaseOwner: null,
        leaseUntil: null,
      })
      .where(and(eq(sinks.id, slots.id), eq(sinks.leaseOwner, slots.leaseOwner)))
      .prepare(),
    repeat: db
      .update(sinks)
      .set({ generation: sql`${sinks.generation} + 1`, nextDeliveryAt: slots.nextDeliveryAt })
      .where(eq(sinks.id, slots.id))
      .prepare(),
    listDeliveries: db
      .select()
      .from(sinkDeliveries)
      .where(eq(sinkDeliveries.sinkId, slot(sinkDeliveries.sinkId, "sinkId")))
      .orderBy(desc(sinkDeliveries.startedAt), desc(sinkDeliveries.id))
      .limit(sql.placeholder("limit"))
      .prepare(),
  };
}
