import { and, desc, eq, isNotNull, isNull } from "../drizzle.ts";

import type { RunStore } from "../store/runs.ts";
import type { Engine } from "./engine.ts";
import { runs } from "./schema.ts";
import { slotsOf } from "./slots.ts";

/** Sweeps that were asked for. A crash may forget them: it ended them too. */
export function createRunMethods({ db, read, write }: Engine): RunStore {
  const slots = slotsOf(runs);
  const cheap = { isDurable: false, isRepeatable: true };
  const create = db.insert(runs).values(slots).prepare("");
  const createUnlessThere = db.insert(runs).values(slots).onConflictDoNothing().prepare("");
  const finish = db
    .update(runs)
    .set({ finishedAt: slots.finishedAt, counts: slots.counts, errorCode: slots.errorCode })
    .where(eq(runs.id, slots.id))
    .prepare("");
  const find = db.select().from(runs).where(eq(runs.id, slots.id)).prepare("");
  const findLatest = db
    .select()
    .from(runs)
    .where(and(isNotNull(runs.finishedAt), isNull(runs.errorCode)))
    .orderBy(desc(runs.startedAt))
    .limit(1)
    .prepare("");

  return {
    createRun: async (run) => {
      const begun = { ...run, finishedAt: null, counts: null, errorCode: null };
      await write((send, isRepeat) => send(isRepeat ? createUnlessThere : create, begun), cheap);
    },
    finishRun: async (run) => {
      await write((send) => send(finish, run), cheap);
    },
    findRun: async (id) => {
      const [found] = await read((send) => send(find, { id }));
      return found ?? null;
    },
    findLatestRun: async () => {
      const [found] = await read((send) => send(findLatest));
      return found ?? null;
    },
  };
}
