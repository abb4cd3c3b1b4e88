import { runApp } from "@perennial/runtime";

import { startWorker } from "../worker.ts";

// A worker that is killed in the moment after a new token was committed, before anything else is done about it.
await runApp("worker", startWorker, {
  decorateStore: (store) => ({
    ...store,
    saveRefreshed: async (input) => {
      await store.saveRefreshed(input);
      process.kill(process.pid, "SIGKILL");
      return await new Promise<never>(() => undefined);
    },
  }),
});
