import type { ChangeStore } from "../store/changes.ts";
import type { Engine } from "./engine.ts";

/**
 * Counts what was committed, by whoever. SQLite is asked about the others once in a turn of the event loop: that costs
 * two calls of the system, and much of what the processor had at hand.
 *
 * @see https://sqlite.org/pragma.html#pragma_data_version
 */
export function createChangeCount({ sqlite, writeCount }: Engine): Pick<ChangeStore, "changeCount"> {
  const byOthers = sqlite.prepare<[], number>("PRAGMA data_version").pluck();
  let others: number | null = null;
  let ours = 0;
  let count = 0;
  let isAsked = false;

  const askOnce = (): void => {
    if (isAsked) return;
    const version = byOthers.get() ?? null;
    isAsked = true;
    setImmediate(() => (isAsked = false));
    if (version !== others) count += 1;
    others = version;
  };

  return {
    changeCount: () => {
      if (!sqlite.open) return null;
      try {
        askOnce();
      } catch {
        return null; // busy or damaged: whoever reads for himself waits for it, or says it as it has to be said
      }
      if (writeCount() !== ours) count += 1;
      ours = writeCount();
      return count;
    },
  };
}
