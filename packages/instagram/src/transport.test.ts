import { gzipSync } from "node:zlib";
import * as tls from "node:tls";

import { afterEach, describe, expect, it } from "vitest";

import { rawAnswer, startFaultServer, type FaultHandler } from "./testing/fault-server.ts";
import { everythingIn, transportErrorOf } from "./testing/open-test-login.ts";
import { selfSignedCertificate } from "./testing/self-signed-certificate.ts";
import { TransportError } from "./transport-error.ts";
import { createTransport, type TransportOptions, type TransportRequest } from "./transport.ts";

const LIMITS = { connectTimeoutMs: 2000, totalTimeoutMs: 5000, maxBodyBytes: 64 * 1024 } as const;
const IMPATIENT = { ...LIMITS, totalTimeoutMs: 200 } as const;
const POST: Partial<TransportRequest> = {
  method: "POST",
  headers: { "content-type": "text/plain" },
  body: "code=SIMCODE_0123456789abcdef",
};

/** One request against a server that behaves as told; the server's view comes along. */
async function callServer(
  handle: FaultHandler,
  request: Partial<TransportRequest> = {},
  options: TransportOptions = LIMITS,
) {
  await using server = await startFaultServer(handle);
  await using transport = createTransport(options);
  const url = `${server.origin}/token?access_token=SIMTOK_0123456789abcdef`;
  const startedMs = performance.now();
  const error = await transportErrorOf(transport({ method: "GET", url, ...request }));
  return { error, requests: server.requests, elapsedMs: performance.now() - startedMs };
}

describe("answers", () => {
  it("gives back status, headers and body as they came", async () => {
    await using server = await startFaultServer((socket) => {
      socket.write(rawAnswer(418, "Füße", { "X-App-Usage": "{}", "Set-Cookie": "a=1\r\nSet-Cookie: b=2" }));
    });
    await using transport = createTransport(LIMITS);
    const answer = await transport({ method: "GET", url: `${server.origin}/me?fields=id` });
    expect(answer).toMatchObject({ status: 418, body: "Füße" });
    expect(answer.headers).toMatchObject({ "x-app-usage": "{}", "set-cookie": "a=1, b=2" });
    expect(server.requests[0]).toMatch(/^GET \/me\?fields=id HTTP\/1.1\r\n/);
    expect(server.requests[0]).toMatch(/\r\naccept-encoding: identity\r\n/);
  });

  it("puts a body together from pieces cut inside a character", async () => {
    const bytes = Buffer.from(rawAnswer(200, "Füße"));
    await using server = await startFaultServer((socket) => {
      const cut = bytes.length - 5;
      socket.write(bytes.subarray(0, cut), () => setImmediate(() => socket.write(bytes.subarray(cut))));
    });
    await using transport = createTransport(LIMITS);
    const answer = await transport({ method: "GET", url: `${server.origin}/` });
    expect(answer.body).toBe("Füße");
  });

  it("sends many requests over one kept connection, and no more connections than allowed", async () => {
    await using server = await startFaultServer((socket) => {
      setImmediate(() => socket.write(rawAnswer(200, "{}")));
    });
    await using transport = createTransport({ ...LIMITS, connectionsPerOrigin: 2 });
    const url = `${server.origin}/`;
    await Promise.all(Array.from({ length: 20 }, () => transport({ method: "GET", url })));
    expect(server.requests).toHaveLength(20);
    expect(server.connections()).toBe(2);
  });

  it("ignores an interim answer before the real one", async () => {
    await using server = await startFaultServer((socket) => {
      socket.write(`HTTP/1.1 103 Early\r\nlink: </a>\r\n\r\n${rawAnswer(200, "late")}`);
    });
    await using transport = createTransport(LIMITS);
    const answer = await transport({ method: "GET", url: `${server.origin}/` });
    expect(answer).toMatchObject({ status: 200, body: "late" });
  });
});

describe("redirects and TLS", () => {
  for (const status of [301, 302, 303, 307, 308]) {
    it(`OA-15 a ${status} is refused and the place it names gets zero hits`, async () => {
      await using trap = await startFaultServer((socket) => socket.write(rawAnswer(200, "{}")));
      const { error, requests } = await callServer(
        (socket) => socket.write(rawAnswer(status, "", { location: `${trap.origin}/steal` })),
        POST,
      );
      expect(error).toMatchObject({ code: "redirect_refused", httpStatus: status });
      expect(requests).toHaveLength(1);
      expect(trap.requests).toHaveLength(0);
    });
  }

  it("OA-15 a self-signed certificate is a clean failure before anything is sent", async () => {
    const certificate = selfSignedCertificate("localhost", new Date());
    await using server = await startFaultServer((socket) => socket.write(rawAnswer(200, "{}")), certificate);
    await using transport = createTransport(LIMITS);
    const error = await transportErrorOf(transport({ method: "GET", url: `${server.origin}/` }));
    expect(error).toMatchObject({
      code: "tls_failed",
      requestMayHaveBeenProcessed: false,
      systemCode: "DEPTH_ZERO_SELF_SIGNED_CERT",
    });
    expect(server.requests).toHaveLength(0);
  });

  describe("with our own authority trusted", () => {
    const before = tls.getCACertificates("default");
    afterEach(() => tls.setDefaultCACertificates(before));

    async function callWith(certificate: { key: string; cert: string }) {
      tls.setDefaultCACertificates([certificate.cert]);
      await using server = await startFaultServer(
        (socket) => socket.write(rawAnswer(200, "{}")),
        certificate,
      );
      await using transport = createTransport(LIMITS);
      const end = await transport({ method: "GET", url: `${server.origin}/` }).catch(
        (error: unknown) => error,
      );
      return { end, requests: server.requests };
    }

    it("OA-15 a certificate for the right name is accepted", async () => {
      const { end } = await callWith(selfSignedCertificate("localhost", new Date()));
      expect(end).toMatchObject({ status: 200, body: "{}" });
    });

    it.each([
      ["another name", "elsewhere.test", 0, "ERR_TLS_CERT_ALTNAME_INVALID"],
      ["days gone by", "localhost", -3, "CERT_HAS_EXPIRED"],
    ])("OA-15 a certificate for %s is refused", async (_case, name, ageDays, systemCode) => {
      const validAround = new Date(Date.now() + ageDays * 86_400_000);
      const { end, requests } = await callWith(selfSignedCertificate(name, validAround));
      expect(end).toBeInstanceOf(TransportError);
      expect(end).toMatchObject({ code: "tls_failed", systemCode, requestMayHaveBeenProcessed: false });
      expect(requests).toHaveLength(0);
    });
  });
});

describe("UP-01 every wait and every size is bounded", () => {
  const head = "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n";
  const cases: [string, FaultHandler, string][] = [
    ["a server that accepts and never answers", () => {}, "timeout"],
    ["headers, then nothing", (socket) => socket.write(head), "timeout"],
    ["a body that drips", (socket) => drip(socket, head), "timeout"],
    ["headers that drip", (socket) => drip(socket, "HTTP/1.1 200 OK\r\nx: "), "timeout"],
    ["a reset before the answer", (socket) => socket.resetAndDestroy(), "reset"],
    ["a close before the answer", (socket) => socket.end(), "reset"],
    ["a body shorter than announced", (socket) => socket.end(`${head}{"access_`), "reset"],
    [
      "a chunk that is cut",
      (socket) => socket.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{"),
      "reset",
    ],
    [
      "a body announced as 50 MB",
      (socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 52428800\r\n\r\n{"),
      "body_too_large",
    ],
    [
      "a header of 1 MB",
      (socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${"a".repeat(1_000_000)}`),
      "headers_too_large",
    ],
    ["something that is not HTTP", (socket) => socket.write("220 mail.example ESMTP\r\n"), "protocol_error"],
  ];

  it.each(cases)("%s", async (_case, handle, code) => {
    const { error, requests, elapsedMs } = await callServer(
      handle,
      POST,
      code === "timeout" ? IMPATIENT : LIMITS,
    );
    expect(error).toMatchObject({ code, requestMayHaveBeenProcessed: true });
    expect(requests).toHaveLength(1); // and never a second time
    expect(elapsedMs).toBeLessThan(2000);
  });

  it("50 MB without a length are cut off at the limit", async () => {
    let written = 0;
    const piece = "a".repeat(65_536);
    const { error } = await callServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
      const pour = (): void => {
        while (written < 52_428_800 && !socket.destroyed) {
          written += piece.length;
          if (!socket.write(`10000\r\n${piece}\r\n`)) {
            socket.once("drain", pour);
            return;
          }
        }
      };
      pour();
    });
    expect(error.code).toBe("body_too_large");
    expect(written).toBeLessThan(16 * 1024 * 1024);
  });

  it("a compressed answer is refused instead of unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024));
    const { error } = await callServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    });
    expect(error.code).toBe("encoding_refused");
  });

  it("a body of exactly the limit passes", async () => {
    const body = "a".repeat(LIMITS.maxBodyBytes);
    await using server = await startFaultServer((socket) => socket.write(rawAnswer(200, body)));
    await using transport = createTransport(LIMITS);
    const answer = await transport({ method: "GET", url: `${server.origin}/` });
    expect(answer.body).toHaveLength(LIMITS.maxBodyBytes);
  });

  it("a body over 1 MiB is too large by default, announced or not", async () => {
    const most = 1024 * 1024;
    const announced = await callServer(
      (socket) => socket.write(rawAnswer(200, "a".repeat(most + 1))),
      {},
      {},
    );
    expect(announced.error.code).toBe("body_too_large");
    const chunk = `${most.toString(16)}\r\n${"a".repeat(most)}\r\n1\r\na\r\n0\r\n\r\n`;
    const chunked = await callServer(
      (socket) => socket.write(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunk}`),
      {},
      {},
    );
    expect(chunked.error.code).toBe("body_too_large");
  });

  it("a call that waits for a free connection is bounded too, and provably unsent", async () => {
    await using server = await startFaultServer(() => {});
    let looks = 0;
    await using transport = createTransport({
      ...IMPATIENT,
      connectTimeoutMs: 250, // whoever closes the transport waits for it
      connectionsPerOrigin: 1,
      // When the first call has given its connection up there is no other: the second one's end may come a little later.
      lookup: (_name, _options, found) => {
        looks += 1;
        if (looks === 1) found(null, [{ address: "127.0.0.1", family: 4 }]);
      },
    });
    const url = `${server.origin.replace("127.0.0.1", "localhost")}/`;
    const ends = await Promise.all([
      transportErrorOf(transport({ method: "GET", url })),
      transportErrorOf(transport({ method: "GET", url })),
    ]);
    expect(ends.map((error) => error.code)).toEqual(["timeout", "timeout"]);
    expect(ends.map((error) => error.requestMayHaveBeenProcessed)).toEqual([true, false]);
    expect(server.requests).toHaveLength(1);
  });
});

function drip(socket: Parameters<FaultHandler>[0], head: string): void {
  socket.write(head);
  const timer = setInterval(() => socket.write("a"), 20);
  socket.on("close", () => clearInterval(timer));
}

it("SC-03 no failure holds the URL, the body or the bytes of the answer", async () => {
  const handlers: FaultHandler[] = [
    (socket) => socket.resetAndDestroy(),
    (socket) => socket.write("SIMTOK_0123456789abcdef is not HTTP\r\n\r\n"),
    (socket) =>
      socket.write(`HTTP/1.1 302 SIMTOK_0123456789abcdef\r\nlocation: /SIMTOK_0123456789abcdef\r\n\r\n`),
    () => {},
  ];
  for (const handle of handlers) {
    const { error } = await callServer(handle, POST, IMPATIENT);
    expect(everythingIn(error)).not.toMatch(/SIMTOK|SIMCODE|access_token|0123456789/);
  }
});
