import { once } from "node:events";
import { connect } from "node:net";

import { openTestWorld } from "@perennial/runtime/testing";
import { describe, expect, it } from "vitest";

import { CLIENT_TIMEOUTS, startServer } from "./server.ts";
import { TestBrowser } from "./testing/test-browser.ts";

const SLOW_CLIENTS = Number(process.env["SLOW_CLIENTS"] ?? 500);
const POST_HEAD =
  "POST /trpc/auth.begin HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 1000\r\nsec-fetch-site: same-origin\r\nx-perennial-client: web\r\n\r\n";

async function rawAnswer(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(text);
  let answer = "";
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

/** Asks the listening server for what a test browser asks for under the public address. */
function overNetwork(port: number): (request: Request) => Promise<Response> {
  return (request) => {
    const url = new URL(request.url);
    return fetch(new Request(`http://127.0.0.1:${port}${url.pathname}${url.search}`, request));
  };
}

describe("the listening server", () => {
  it("IN-02 answers oversized headers and malformed requests itself, with a code and a sentence", async () => {
    await using world = await openTestWorld();
    const server = await startServer(world.runtime, { webRoot: null, port: 0 });
    const huge = await rawAnswer(
      server.port,
      `GET /healthz HTTP/1.1\r\nhost: a\r\nx: ${"y".repeat(64 * 1024)}\r\n\r\n`,
    );
    expect(huge).toMatch(/^HTTP\/1\.1 431 /);
    expect(huge).toContain('"headers_too_large"');
    const broken = await rawAnswer(server.port, "NONSENSE\r\n\r\n");
    expect(broken).toMatch(/^HTTP\/1\.1 400 /);
    expect(broken).toContain('"malformed_request"');
    await server.stop();
  });

  it(`IN-05 cuts ${SLOW_CLIENTS} clients off that send a byte now and then, and answers everybody else meanwhile`, async () => {
    const { headersTimeout, requestTimeout, connectionsCheckingInterval } = CLIENT_TIMEOUTS;
    expect(Math.max(headersTimeout, requestTimeout) + connectionsCheckingInterval).toBeLessThan(30_000);
    await using world = await openTestWorld();
    const timeouts = { headersTimeout: 1_500, requestTimeout: 1_500, connectionsCheckingInterval: 100 };
    const server = await startServer(world.runtime, { webRoot: null, port: 0, timeouts });
    const heads = ["GET /healthz HTTP/1.1\r\nhost: a\r\n", POST_HEAD];
    const sockets = Array.from({ length: SLOW_CLIENTS }, (_, index) => {
      const socket = connect({ port: server.port, host: "127.0.0.1", allowHalfOpen: true }, () =>
        socket.write(heads[index % 2] ?? ""),
      );
      return socket.resume().on("error", () => undefined); // being cut off is what is waited for
    });
    const closed = Promise.all(
      sockets.map((socket) => new Promise((resolve) => socket.once("close", resolve))),
    );
    await Promise.all(
      sockets.map(async (socket) => (socket.connecting ? await once(socket, "connect") : [])),
    );
    const dripping = setInterval(() => {
      for (const socket of sockets) if (socket.writable) socket.write("x");
    }, 100);
    let isOver = false;
    const over = closed.then(() => (isOver = true));
    let answered = 0;
    while (!isOver) {
      const answer = await fetch(`http://127.0.0.1:${server.port}/trpc/auth.session`);
      expect([200, 429]).toContain(answer.status); // it asks as fast as it can
      await answer.arrayBuffer();
      answered += 1;
    }
    await over;
    clearInterval(dripping);
    expect(answered).toBeGreaterThan(10);
    await server.stop();
  }, 30_000);

  it("sends the security headers and the request id with what it answers over the network too", async () => {
    await using world = await openTestWorld();
    const server = await startServer(world.runtime, { webRoot: null, port: 0 });
    for (const path of ["/healthz", "/trpc/auth.session", "/trpc/connections.list", "/nothing"]) {
      const { headers } = await fetch(`http://127.0.0.1:${server.port}${path}`);
      expect(headers.get("content-security-policy")).toContain("default-src 'self'");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    }
    await server.stop();
  });

  it("GS-01 finishes what is in hand when it is stopped, ends event streams and takes nothing new", async () => {
    await using world = await openTestWorld();
    const server = await startServer(world.runtime, { webRoot: null, port: 0 });
    const browser = new TestBrowser(overNetwork(server.port), world.config.appUrl);
    await browser.signIn(world, "acme.shop");
    const stream = await browser.request("/trpc/connections.watch", {
      headers: { accept: "text/event-stream" },
    });
    expect(stream.headers.get("content-type")).toContain("text/event-stream");
    const { search } = await browser.authorize(world, "lena.paints");
    const gate = world.sim.gates.add({ at: "code", point: "before_process" });
    const slow = browser.mutate("auth.complete", { flavour: "instagram", query: search });
    const waiting = await world.sim.gates.waitFor(gate);
    const stoppedAtMs = performance.now();
    const stopped = server.stop();
    await expect(fetch(`http://127.0.0.1:${server.port}/healthz`)).rejects.toThrow(/fetch failed/);
    world.sim.gates.release(waiting.id);
    expect((await slow).status).toBe(200);
    await stopped;
    const drainLimitMs = 8_000;
    expect(performance.now() - stoppedAtMs).toBeLessThan(drainLimitMs / 2); // an open page does not hold it up
    await stream.text().catch(() => "cut"); // ends, one way or the other
  });

  it("streams changes that another process commits", async () => {
    await using world = await openTestWorld();
    const server = await startServer(world.runtime, { webRoot: null, port: 0 });
    const browser = new TestBrowser(overNetwork(server.port), world.config.appUrl);
    const { connectionId } = await browser.signIn(world, "acme.shop");
    const stream = await browser.request("/trpc/connections.watch", {
      headers: { accept: "text/event-stream" },
    });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    world.sim.clock.advance({ days: 2 });
    await world.runtime.simulatorClock?.advance(0);
    await browser.mutate("connections.refresh", { id: connectionId, force: true });
    let seen = "";
    while (!seen.includes(connectionId)) seen += (await reader?.read())?.value ?? "";
    expect(seen).toMatch(/"changed":\["con_/);
    await reader?.cancel();
    await server.stop();
  });
});
