import type { Runtime } from "@perennial/runtime";
import { once } from "node:events";
import { createServer } from "node:http";

import type { Sweeper } from "./sweeper.ts";

/** The small port that says whether this worker works. */
export type HealthServer = { port: number; close(): Promise<void> };

/** Answers `/healthz` and `/readyz`; ready means the last sweep went through. */
export async function startHealthServer(runtime: Runtime, sweeper: Sweeper): Promise<HealthServer> {
  const server = createServer({ maxHeaderSize: 4_096, requestTimeout: 5_000 }, (request, response) => {
    const { lastSweep } = sweeper;
    const isReady = lastSweep !== null && lastSweep.summary !== null;
    const answers: Record<string, [number, object]> = {
      "/healthz": [200, { status: "ok" }],
      "/readyz": [
        isReady ? 200 : 503,
        { status: isReady ? "ready" : "not_ready", lastSweepAt: lastSweep?.finishedAt ?? null },
      ],
    };
    const [status, body] = answers[request.url ?? ""] ?? [
      404,
      { error: { code: "not_found", message: "There is nothing at this address.", retryable: false } },
    ];
    response.writeHead(status, {
      "content-type": "application/json",
      "cache-control": "no-store",
      connection: "close",
    });
    response.end(JSON.stringify(body));
  });
  server.listen(runtime.config.ports.worker, runtime.config.host);
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : runtime.config.ports.worker,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
