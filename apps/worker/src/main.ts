import { runApp } from "@perennial/runtime";

import { runOnce, startWorker } from "./worker.ts";

if (process.argv.includes("--once")) await runApp("worker", runOnce);
else await runApp("worker", startWorker);
