import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

/** A request that a receiver was sent. */
export type Received = { headers: Record<string, string>; body: string; atMs: number };

/** Somebody who takes requests over HTTP, and answers them as they are told to. */
export type Receiver = AsyncDisposable & {
  url: string;
  received: Received[];
  /** How it answers from now on; null for not at all. */
  answerWith(answer: { status: number; body?: string; headers?: Record<string, string> } | null): void;
  /** Resolves once so many requests have come. */
  count(most: number): Promise<void>;
};

/** Starts one on this machine. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  let answer: Parameters<Receiver["answerWith"]>[0] = { status: 200, body: '{"result":"OK"}' };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ headers: request.headers as Record<string, string>, body, atMs: performance.now() });
      for (const look of waiting) look();
      if (answer !== null) response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    received,
    answerWith: (given) => {
      answer = given;
    },
    count: (most) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (received.length < most) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
