import { existsSync } from "node:fs";
import path from "node:path";

import { runApp, workspaceRoot } from "@perennial/runtime";

import { startServer } from "./server.ts";

await runApp("api", (runtime) => {
  const built = path.join(workspaceRoot, "apps/web/dist");
  return startServer(runtime, { webRoot: existsSync(path.join(built, "index.html")) ? built : null });
});
