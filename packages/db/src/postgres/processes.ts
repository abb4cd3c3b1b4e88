import { asc, eq, gt, lte, sql } from "../drizzle.ts";
import { FORGOTTEN_AFTER_MS, RUNNING_FOR_MS } from "../running.ts";
import type { ProcessStore } from "../store/processes.ts";
import type { Engine } from "./engine.ts";
import { leaseNowOf, leaseNowValue, type LeaseClock } from "./lease-clock.ts";
import { processes } from "./schema.ts";
import { slotsOf } from "./slots.ts";

/** Which servers run, by the clock that leases go by: the database's, so that their own need not agree. */
export function createProcessMethods(engine: Engine, leaseClock: LeaseClock): ProcessStore {
  const { db, read, write } = engine;
  const slots = slotsOf(processes);
  const cheap = { isDurable: false, isRepeatable: true };
  const leaseNow = () => leaseNowValue(leaseClock);
  const now = leaseNowOf(processes.seenAt);
  const ago = (ms: number) => sql`${now} - ${sql.raw(String(ms))} * interval '1 millisecond'`;

  const beat = db
    .insert(processes)
    .values({ ...slots, seenAt: now })
    .onConflictDoUpdate({
      target: processes.id,
      set: { seenAt: now, sweptAt: sql`coalesce(excluded.swept_at, ${processes.sweptAt})` },
    })
    .prepare("");
  const forget = db
    .delete(processes)
    .where(lte(processes.seenAt, ago(FORGOTTEN_AFTER_MS)))
    .prepare("");
  const listRunning = db
    .select()
    .from(processes)
    .where(gt(processes.seenAt, ago(RUNNING_FOR_MS)))
    .orderBy(asc(processes.id))
    .prepare("");
  const remove = db.delete(processes).where(eq(processes.id, slots.id)).prepare("");

  return {
    beatProcess: async (process) => {
      const values = { ...process, ...leaseNow() };
      await write((run) => Promise.all([run(beat, values), run(forget, values)]), cheap);
    },
    listRunningProcesses: () => read((run) => run(listRunning, leaseNow())),
    removeProcess: async (id) => {
      await write((run) => run(remove, { id }), cheap);
    },
  };
}
