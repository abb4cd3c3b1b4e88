import { and, asc, count, desc, eq, isNotNull, isNull, lte, or, sql } from "../drizzle.ts";

import { UNDELIVERED } from "../sink-row.ts";
import { prepareAuditOf } from "./audit-events.ts";
import { sinkColumns } from "./columns.ts";
import type { Engine } from "./engine.ts";
import { leaseNowOf, span } from "./lease-clock.ts";
import { connections, sinkDeliveries, sinks } from "./schema.ts";
import { namedSlots, slot, slotsOf } from "./slots.ts";
import { ANOTHER_TOKEN } from "./sinks-due.ts";

/** What is read and written of sinks, each prepared once. */
export function prepareSinkStatements(db: Engine["db"]) {
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
