import type { Store } from "@perennial/db";
import { runApp } from "@perennial/runtime";
import { startWorker } from "@perennial/worker";

import type { FromWorker, StopPoint, ToWorker } from "./points.ts";

// A real worker that can be told to stand still at a point of its next attempt, to be killed there.
let armed: StopPoint | null = null;
process.on("message", (message: ToWorker) => {
  armed = message.armed;
});

process.channel?.unref(); // a worker that could not start must end, not listen for ever

function tell(message: FromWorker): void {
  process.send?.(message);
}

/** Stands still for ever, once. */
async function standStillAt(point: StopPoint): Promise<void> {
  if (armed !== point) return;
  armed = null;
  tell({ reached: point });
  await new Promise(() => undefined);
}

function withPoints(store: Store): Store {
  return {
    ...store,
    claimDue: async (input) => {
      if (input.of.kind === "due") await standStillAt("before_claim");
      const leased = await store.claimDue(input);
      if (leased.length > 0) await standStillAt("after_claim");
      return leased;
    },
    recordIntent: async (input) => {
      const isHeld = await store.recordIntent(input);
      if (isHeld) await standStillAt("after_intent");
      return isHeld;
    },
    saveRefreshed: async (input) => {
      await standStillAt("before_commit");
      const isSaved = await store.saveRefreshed(input);
      await standStillAt("after_commit");
      return isSaved;
    },
  };
}

await runApp("worker", startWorker, { decorateStore: withPoints });
