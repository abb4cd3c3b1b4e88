import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

/** A message as the worker sends it, as far as journeys look at it. */
export type ReceivedAlert = {
  type: string;
  data: { connection: { id: string } | null; reconnectUrl: string | null };
};

/** A token as it is delivered to a webhook, as far as journeys look at it. */
export type ReceivedToken = { type: string; data: { connection_id: string; access_token: string } };

/** Somebody's own server, to which messages are sent. */
export type Receiver<Message> = AsyncDisposable & {
  readonly url: string;
  readonly received: readonly Message[];
  /** Empties what was received. */
  forget(): void;
};

/** Somebody's own server, to which alerts are sent. */
export type AlertReceiver = Receiver<ReceivedAlert> & {
  /** What the house is told about it. */
  readonly settings: Record<string, string>;
};

/** Starts a receiver on a free port, which takes every alert. */
export async function startAlertReceiver(): Promise<AlertReceiver> {
  const receiver = await startReceiver<ReceivedAlert>();
  return {
    ...receiver,
    settings: {
      ALERT_WEBHOOK_URL: receiver.url,
      ALERT_WEBHOOK_SECRET: `whsec_${randomBytes(24).toString("base64")}`,
    },
  };
}

/** Starts a receiver on a free port, which takes every message. */
export async function startReceiver<Message>(): Promise<Receiver<Message>> {
  const received: Message[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      received.push(JSON.parse(body) as Message);
      response.writeHead(204, { connection: "close" }).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/messages`,
    received,
    forget: () => void received.splice(0),
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
