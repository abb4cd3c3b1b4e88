import { asc, eq, gt, lte, sql } from "../drizzle.ts";

import { FORGOTTEN_AFTER_MS, RUNNING_FOR_MS } from "../running.ts";
import { slot, slotsOf } from "../slots.ts";
import type { ProcessStore } from "../store/processes.ts";
import type { Engine } from "./engine.ts";
import { processes } from "./schema.ts";

/** Which servers run, by the clock that leases go by. */
export function createProcessMethods(engine: Engine, leaseNow: () => number): ProcessStore {
  const { db, read, writeWithoutSync } = engine;
  const slots = slotsOf(processes);
  const since = slot(processes.seenAt, "since");

  const beat = db
    .insert(processes)
    .values(slots)
    .onConflictDoUpdate({
      target: processes.id,
      set: { seenAt: slots.seenAt, sweptAt: sql`coalesce(excluded.swept_at, ${processes.sweptAt})` },
    })
    .prepare();
  const forget = db.delete(processes).where(lte(processes.seenAt, since)).prepare();
  const listRunning = db
    .select()
    .from(processes)
    .where(gt(processes.seenAt, since))
    .orderBy(asc(processes.id))
    .prepare();
  const remove = db.delete(processes).where(eq(processes.id, slots.id)).prepare();

  return {
    beatProcess: (process) =>
      writeWithoutSync(() => {
        const nowMs = leaseNow();
        beat.run({ ...process, seenAt: new Date(nowMs) });
        forget.run({ since: new Date(nowMs - FORGOTTEN_AFTER_MS) });
      }),
    listRunningProcesses: () => read(() => listRunning.all({ since: new Date(leaseNow() - RUNNING_FOR_MS) })),
    removeProcess: (id) => writeWithoutSync(() => void remove.run({ id })),
  };
}
