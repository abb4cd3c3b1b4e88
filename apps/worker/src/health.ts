import type { Runtime } from "@perennial/runtime";
import { once } from "node:events";
import { createServer } from "node:http";

import type { Sweeper } from "./sweeper.ts";

/** The small port that says whether this worker works. */
export type HealthServer = { port: number; close(): Promise<void> };

type Answer = [status: number, body: object, headers?: Record<string, string>];

const RETRY_AFTER = { "retry-after": "2" };

/** Answers `/healthz` and `/readyz`; ready means the last sweep went through, and the database is as it has to be. */
export async function startHealthServer(runtime: Runtime, sweeper: Sweeper): Promise<HealthServer> {
  const server = createServer({ maxHeaderSize: 4_096, requestTimeout: 5_000 }, (request, response) => {
    void answerTo(request.url ?? "", runtime, sweeper).then(([status, body, headers]) => {
      response.writeHead(status, {
        "content-type": "application/json",
        "cache-control": "no-store",
        connection: "close",
        ...headers,
      });
      response.end(JSON.stringify(body));
    });
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

async function answerTo(path: string, runtime: Runtime, { lastSweep }: Sweeper): Promise<Answer> {
  if (path === "/healthz") return [200, { status: "ok" }];
  if (path !== "/readyz") {
    return [
      404,
      { error: { code: "not_found", message: "There is nothing at this address.", retryable: false } },
    ];
  }
  const lastSweepAt = lastSweep?.finishedAt ?? null;
  const isReady = lastSweep !== null && lastSweep.summary !== null && (await isDatabaseReady(runtime));
  return isReady
    ? [200, { status: "ready", lastSweepAt }]
    : [503, { status: "not_ready", lastSweepAt }, RETRY_AFTER];
}

async function isDatabaseReady({ checkReady, log }: Runtime): Promise<boolean> {
  try {
    await checkReady();
    return true;
  } catch (error) {
    log.warn({ event: "worker.not_ready", err: error }, "not ready");
    return false;
  }
}
