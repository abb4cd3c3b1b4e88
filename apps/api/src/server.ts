import { getRequestListener } from "@hono/node-server";
import type { Runtime, RunningApp } from "@perennial/runtime";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

import { createApp, type AppOptions } from "./app.ts";

const MAX_HEADER_BYTES = 16 * 1024;
/** How long a client may take: for the head of a request, for all of it, and between two. In milliseconds. */
export const CLIENT_TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
};
/** What an EventSource accepts. */
const EVENT_STREAM = "text/event-stream";
const DRAIN_LIMIT_MS = 8_000;
/** So long whoever was refused may take to read why and to hang up. */
const FAREWELL_MS = 1_000;

/** A listening api. */
export type ListeningApi = RunningApp & { port: number };

/** Listens, with limits on what a slow or greedy client can hold, and drains before it ends. */
export async function startServer(
  runtime: Runtime,
  options: Pick<AppOptions, "webRoot" | "mostAtOnce"> & {
    port?: number;
    timeouts?: Partial<typeof CLIENT_TIMEOUTS>;
  },
): Promise<ListeningApi> {
  let isAccepting = true;
  const sweepRuns = runtime.connections.sweepRuns({
    processId: runtime.processId,
    concurrency: runtime.config.schedule.concurrency,
  });
  const { app, fastPaths, fixedHeaders } = await createApp(runtime, {
    webRoot: options.webRoot,
    ...(options.mostAtOnce === undefined ? {} : { mostAtOnce: options.mostAtOnce }),
    sweepRuns,
    isAccepting: () => isAccepting,
  });
  const answerByHono = getRequestListener(app.fetch);
  const server = createServer(
    { maxHeaderSize: MAX_HEADER_BYTES, ...CLIENT_TIMEOUTS, ...options.timeouts },
    (request, response) => {
      if (!fastPaths.some((take) => take(request, response))) void answerByHono(request, response);
    },
  );
  const answering = new Set<ServerResponse>();
  server.prependListener("request", (request: IncomingMessage, response: ServerResponse) => {
    if (!isAccepting) response.setHeader("connection", "close");
    if (request.headers.accept === EVENT_STREAM) return; // never ends: its page connects again elsewhere
    answering.add(response);
    response.once("close", () => answering.delete(response));
  });
  server.on("clientError", createClientErrorAnswer(fixedHeaders));
  const { host, ports, apiProcesses } = runtime.config;
  server.listen({ port: options.port ?? ports.api, host, reusePort: apiProcesses > 1 });
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : ports.api;
  runtime.log.info({ event: "api.listening", port }, "listening");

  return {
    port,
    stop: async () => {
      isAccepting = false;
      const closed = once(server, "close");
      server.close();
      server.closeIdleConnections();
      await Promise.all([drained(answering), sweepRuns.stop()]);
      server.closeAllConnections(); // what is left are event streams
      await closed;
    },
  };
}

/** Waits until nothing is being answered any more; event streams do not count, they never end. */
async function drained(answering: ReadonlySet<ServerResponse>): Promise<void> {
  const deadline = Date.now() + DRAIN_LIMIT_MS;
  while (answering.size > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
}

const CLIENT_ERRORS: Record<string, [status: string, code: string, message: string]> = {
  HPE_HEADER_OVERFLOW: [
    "431 Request Header Fields Too Large",
    "headers_too_large",
    "The headers of a request may have at most 16 kB.",
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "too_slow", "The request took too long to arrive."],
};

/** What Node refuses before we see it still gets a code, a sentence and the headers of every answer. */
function createClientErrorAnswer(
  fixed: readonly (readonly [string, string])[],
): (error: NodeJS.ErrnoException, socket: Socket) => void {
  const lines = fixed.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return (error, socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    const [status, code, message] = CLIENT_ERRORS[error.code ?? ""] ?? [
      "400 Bad Request",
      "malformed_request",
      "This is not a well-formed HTTP request.",
    ];
    const body = JSON.stringify({ error: { code, message, retryable: false } });
    // To end is half of it: whoever never hangs up would keep the socket for good.
    const farewell = setTimeout(() => socket.destroy(), FAREWELL_MS);
    socket.once("close", () => clearTimeout(farewell));
    socket.end(
      `HTTP/1.1 ${status}\r\n${lines}content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
  };
}
