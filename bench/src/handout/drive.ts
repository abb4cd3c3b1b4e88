import { connect, type Socket } from "node:net";
import { once } from "node:events";

import { readAnswers } from "../lib/plain-client.ts";

/** How a load went. */
export type Driven = { requestsPerSecond: number; latenciesMs: number[] };

/** What is asked, again and again, and what each answer has to hold. */
export type Asking = { port: number; path: string; headers?: Record<string, string>; mustHold: string };

/**
 * Asks over so many connections at once, one request at a time on each, with as little work as can be: a client
 * with objects for requests and answers would be slower than the servers.
 *
 * @throws when an answer is not 200 or does not hold the token.
 */
export async function drive(asking: Asking, connections: number, requests: number): Promise<Driven> {
  const latenciesMs: number[] = [];
  const left = { count: requests };
  const sockets = await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect({ port: asking.port, host: "127.0.0.1", noDelay: true });
      await once(socket, "connect");
      return socket;
    }),
  );
  const startedMs = performance.now();
  try {
    await Promise.all(sockets.map((socket) => work(socket, asking, { left, latenciesMs })));
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  const elapsedSeconds = (performance.now() - startedMs) / 1_000;
  return { requestsPerSecond: requests / elapsedSeconds, latenciesMs };
}

type Tally = { left: { count: number }; latenciesMs: number[] };

function work(
  socket: Socket,
  { path, headers = {}, mustHold }: Asking,
  { left, latenciesMs }: Tally,
): Promise<void> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.join("")}\r\n`);
  return new Promise((resolve, reject) => {
    let sentMs = 0;
    const send = (): void => {
      if (left.count === 0) return resolve();
      left.count -= 1;
      sentMs = performance.now();
      socket.write(request);
    };
    readAnswers(socket, ({ status, body }) => {
      if (status !== 200 || !body.includes(mustHold)) {
        left.count = 0;
        return reject(new Error(`An answer was not the token: ${status} ${body.slice(0, 200)}`));
      }
      latenciesMs.push(performance.now() - sentMs);
      send();
    });
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("A server closed a connection.")));
    send();
  });
}
