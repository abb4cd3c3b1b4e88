import { writeSync } from "node:fs";
import { dirname } from "node:path";

import { runOn, startPostgresServer } from "./postgres-server.ts";

// Started by a test that ends it by force: starts a server, says where it is, and waits.
const { url } = await startPostgresServer();
const [row] = await runOn<{ data_directory: string }>(url, "SHOW data_directory");
writeSync(1, JSON.stringify({ url, folder: dirname(row?.data_directory ?? "") }));
setInterval(() => undefined, 1_000_000);
