import type { Metrics, Runtime } from "@perennial/runtime";
import { once } from "node:events";
import { createServer } from "node:http";

import type { Sweeper } from "./sweeper.ts";

/** The small port that says whether this worker works. */
export type HealthServer = { port: number; close(): Promise<void> };

type Answer = [status: number, body: object | string, headers?: Record<string, string>];

const RETRY_AFTER = { "retry-after": "2" };

/**
 * Answers `/healthz`, `/readyz` and `/metrics`; ready means that the last sweep went through and is no older
 * than two periods of the schedule, and that the database is as it has to be.
 */
export async function startHealthServer(
  runtime: Runtime,
  sweeper: Sweeper,
  metrics: Metrics,
): Promise<HealthServer> {
  const server = createServer({ maxHeaderSize: 4_096, requestTimeout: 5_000 }, (request, response) => {
    void answerTo(request.url ?? "", { runtime, sweeper, metrics }).then(([status, body, headers]) => {
      response.writeHead(status, {
        "content-type": "application/json",
        "cache-control": "no-store",
        connection: "close",
        ...headers,
      });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
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

type Parts = { runtime: Runtime; sweeper: Sweeper; metrics: Metrics };

async function answerTo(path: string, { runtime, sweeper, metrics }: Parts): Promise<Answer> {
  if (path === "/healthz") return [200, { status: "ok" }];
  if (path === "/metrics") return await metricsPage(runtime, metrics);
  if (path !== "/readyz") {
    return [
      404,
      { error: { code: "not_found", message: "There is nothing at this address.", retryable: false } },
    ];
  }
  const { lastSweep } = sweeper;
  const lastSweepAt = lastSweep?.finishedAt ?? null;
  const isRecent = lastSweepAt !== null && Date.now() - lastSweepAt.getTime() < longestSilenceMs(runtime);
  const isReady = isRecent && lastSweep?.summary !== null && (await isDatabaseReady(runtime));
  return isReady
    ? [200, { status: "ready", lastSweepAt }]
    : [503, { status: "not_ready", lastSweepAt }, RETRY_AFTER];
}

/** Two periods, and what a long sweep may take: silence beyond it means that the worker hangs. */
function longestSilenceMs({ config }: Runtime): number {
  return 2 * config.schedule.periodMs + 5 * 60_000;
}

async function metricsPage({ log }: Runtime, metrics: Metrics): Promise<Answer> {
  try {
    return [200, await metrics.text(), { "content-type": metrics.contentType }];
  } catch (error) {
    log.warn({ event: "worker.metrics_failed", err: error }, "the metrics could not be read");
    return [503, { status: "unavailable" }, RETRY_AFTER];
  }
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
