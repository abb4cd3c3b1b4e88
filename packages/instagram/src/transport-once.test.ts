import { describe, expect, it } from "vitest";

import { rawAnswer, startFaultServer, type FaultHandler } from "./testing/fault-server.ts";
import { generator } from "./testing/generator.ts";
import { transportErrorOf } from "./testing/open-test-login.ts";
import { TransportError } from "./transport-error.ts";
import { createTransport } from "./transport.ts";

const LIMITS = { connectTimeoutMs: 2000, totalTimeoutMs: 5000, maxBodyBytes: 64 * 1024 } as const;

describe("a request is sent once", () => {
  it("a refused connection is provably unsent", async () => {
    const { origin } = await startFaultServer(() => {}).then(async (server) => {
      await server[Symbol.asyncDispose]();
      return server;
    });
    await using transport = createTransport(LIMITS);
    const error = await transportErrorOf(
      transport({ method: "GET", url: `${origin}/?t=SIMTOK_0123456789abcdef` }),
    );
    expect(error).toMatchObject({
      code: "connect_failed",
      requestMayHaveBeenProcessed: false,
      systemCode: "ECONNREFUSED",
    });
  });

  it.each(["GET", "POST"] as const)(
    "OA-11 a %s on a kept connection that breaks is not sent again",
    async (method) => {
      await using server = await startFaultServer((socket, _request, number) => {
        if (number === 1) socket.write(rawAnswer(200, "{}"));
        else socket.resetAndDestroy(); // read the request, then reset: the answer to a processed one is lost
      });
      await using transport = createTransport(LIMITS);
      const url = `${server.origin}/`;
      await transport({ method: "GET", url });
      await new Promise((resolve) => setImmediate(resolve)); // a kept connection rests for one turn
      const request = method === "GET" ? { method, url } : { method, url, body: "code=1" };
      const error = await transportErrorOf(transport(request));
      expect(error).toMatchObject({ code: "reset", requestMayHaveBeenProcessed: true });
      expect(server.requests).toHaveLength(2);
      expect(server.connections()).toBe(1);
    },
  );

  it("a kept connection the server has closed meanwhile is replaced before anything is sent", async () => {
    await using server = await startFaultServer((socket) => {
      socket.write(rawAnswer(200, "{}"), () => socket.end());
    });
    await using transport = createTransport(LIMITS);
    const url = `${server.origin}/`;
    for (let call = 1; call <= 5; call += 1) {
      await transport({ method: "POST", url, body: "code=1" });
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(server.requests).toHaveLength(5);
  });

  it("OA-11 no request reaches the server twice, whatever it does (500 seeded)", async () => {
    const seed = 20_261_122;
    const next = generator(seed);
    const ends: FaultHandler[] = [
      (socket) => socket.write(rawAnswer(200, "{}")),
      (socket) => socket.write(rawAnswer(200, "{}"), () => socket.end()),
      (socket) => socket.write(rawAnswer(200, "{}"), () => socket.resetAndDestroy()),
      (socket) => socket.end(rawAnswer(500, "", { connection: "close" })),
      (socket) => socket.write(rawAnswer(302, "", { location: "/again" })),
      (socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{", () => socket.end()),
      (socket) => socket.resetAndDestroy(),
      (socket) => socket.end(),
    ];
    await using server = await startFaultServer((socket, request, number) => {
      ends[next() % ends.length]?.(socket, request, number);
    });
    await using transport = createTransport({ ...LIMITS, connectionsPerOrigin: 4 });
    const calls = Array.from({ length: 500 }, (_, id) =>
      transport({ method: id % 2 === 0 ? "POST" : "GET", url: `${server.origin}/${id}`, body: "code=1" }),
    );
    const settled = await Promise.allSettled(calls);
    const paths = server.requests.map((request) => request.slice(0, request.indexOf(" HTTP/")));
    expect(new Set(paths).size, `seed ${seed}`).toBe(paths.length);
    const failed = settled.filter((end) => end.status === "rejected").map((end) => end.reason as unknown);
    expect(failed.length, `seed ${seed}`).toBeGreaterThan(100);
    expect(failed.length, `seed ${seed}`).toBeLessThan(450);
    expect(
      failed.every((error) => error instanceof TransportError),
      `seed ${seed}`,
    ).toBe(true);
  });

  it("a closed transport refuses without sending", async () => {
    const transport = createTransport(LIMITS);
    await transport[Symbol.asyncDispose]();
    const error = await transportErrorOf(transport({ method: "GET", url: "http://127.0.0.1:1/" }));
    expect(error).toMatchObject({ code: "closed", requestMayHaveBeenProcessed: false });
  });

  it("a call made in the turn in which the transport is closed is still answered", async () => {
    await using server = await startFaultServer((socket) => socket.write(rawAnswer(200, "{}")));
    const transport = createTransport(LIMITS);
    const call = transport({ method: "GET", url: `${server.origin}/` });
    await transport[Symbol.asyncDispose]();
    expect(await call).toMatchObject({ status: 200, body: "{}" });
  });
});
