import { and, desc, eq, isNotNull, isNull } from "../drizzle.ts";

import { slotsOf } from "../slots.ts";
import type { RunStore } from "../store/runs.ts";
import type { Engine } from "./engine.ts";
import { runs } from "./schema.ts";

/** Sweeps that were asked for. A power cut may forget them: it ended them too. */
export function createRunMethods({ db, read, writeWithoutSync }: Engine): RunStore {
  const slots = slotsOf(runs);
  const create = db.insert(runs).values(slots).prepare();
  const finish = db
    .update(runs)
    .set({ finishedAt: slots.finishedAt, counts: slots.counts, errorCode: slots.errorCode })
    .where(eq(runs.id, slots.id))
    .prepare();
  const find = db.select().from(runs).where(eq(runs.id, slots.id)).prepare();
  const findLatest = db
    .select()
    .from(runs)
    .where(and(isNotNull(runs.finishedAt), isNull(runs.errorCode)))
    .orderBy(desc(runs.startedAt))
    .limit(1)
    .prepare();

  return {
    createRun: (run) =>
      writeWithoutSync(() => void create.run({ ...run, finishedAt: null, counts: null, errorCode: null })),
    finishRun: (run) => writeWithoutSync(() => void finish.run(run)),
    findRun: (id) => read(() => find.get({ id }) ?? null),
    findLatestRun: () => read(() => findLatest.get() ?? null),
  };
}
