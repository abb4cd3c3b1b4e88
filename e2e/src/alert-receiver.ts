import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

/** A message as the worker sends it, as far as journeys look at it. */
export type ReceivedAlert = {
  type: string;
  data: { connection: { id: string } | null; reconnectUrl: string | null };
};

/** Somebody's own server, to which alerts are sent. */
export type AlertReceiver = AsyncDisposable & {
  /** What the house is told about it. */
  readonly settings: Record<string, string>;
  readonly received: readonly ReceivedAlert[];
};

/** Starts a receiver on a free port, which takes every alert. */
export async function startAlertReceiver(): Promise<AlertReceiver> {
  const received: ReceivedAlert[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      received.push(JSON.parse(body) as ReceivedAlert);
      response.writeHead(204, { connection: "close" }).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    settings: {
      ALERT_WEBHOOK_URL: `http://127.0.0.1:${port}/alerts`,
      ALERT_WEBHOOK_SECRET: `whsec_${randomBytes(24).toString("base64")}`,
    },
    received,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
