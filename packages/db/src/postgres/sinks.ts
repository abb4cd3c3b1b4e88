import { checked } from "../checked-limit.ts";
import { uniqueOwner } from "../leased.ts";
import { byTurn, leasedSink, sinkOutcome, sinkRow } from "../sink-row.ts";
import type { SinkStore } from "../store/sinks.ts";
import { underAuditNames } from "./audit-events.ts";
import type { Engine } from "./engine.ts";
import { leaseNowValue, type LeaseClock } from "./lease-clock.ts";
import { prepareSinkStatements } from "./sink-statements.ts";

/** Where tokens are read, and how they get there. */
export function createSinkMethods({ db, read, write }: Engine, leaseClock: LeaseClock): SinkStore {
  const statements = prepareSinkStatements(db);
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
