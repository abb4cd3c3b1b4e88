import { runApp } from "@perennial/runtime";

import { startWorker } from "../worker.ts";

let isDying = false;
const never = new Promise<never>(() => undefined);

// A worker that is killed in the moment after a new token was committed, before anything else is done about it. It
// looks for sinks that wait all the time: what it had claimed in that moment would wait for its lease to lapse.
await runApp("worker", startWorker, {
  decorateStore: (store) => ({
    ...store,
    saveRefreshed: async (input) => {
      isDying = true;
      await store.saveRefreshed(input);
      process.kill(process.pid, "SIGKILL");
      return await never;
    },
    claimSinks: async (input) => (isDying ? await never : await store.claimSinks(input)),
  }),
});
