import { afterEach, describe, expect, it, vi } from "vitest";

import { startFaultServer } from "./testing/fault-server.ts";
import { transportErrorOf } from "./testing/open-test-login.ts";
import { selfSignedCertificate } from "./testing/self-signed-certificate.ts";
import { createTransport } from "./transport.ts";

describe("UP-01 a connection", () => {
  it("whose TLS handshake never ends is given up on in time, with nothing sent", async () => {
    await using server = await startFaultServer(() => {});
    await using transport = createTransport({ connectTimeoutMs: 100 });
    const url = `${server.origin.replace("http:", "https:")}/`;
    const startedMs = performance.now();
    const error = await transportErrorOf(transport({ method: "GET", url }));
    expect(error).toMatchObject({
      code: "connect_failed",
      requestMayHaveBeenProcessed: false,
      systemCode: "UND_ERR_CONNECT_TIMEOUT",
    });
    expect(performance.now() - startedMs).toBeLessThan(900); // undici's own timer would take a second
  });
});

it("OA-15 a server that speaks nothing newer than TLS 1.1 is refused before anything is sent", async () => {
  const certificate = selfSignedCertificate("localhost", new Date());
  const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" } as const;
  await using server = await startFaultServer(() => {}, { ...certificate, ...old });
  await using transport = createTransport();
  const error = await transportErrorOf(transport({ method: "GET", url: `${server.origin}/` }));
  expect(error).toMatchObject({ code: "tls_failed", requestMayHaveBeenProcessed: false });
  expect(error.systemCode).toMatch(/PROTOCOL/);
  expect(server.requests).toHaveLength(0);
});

describe("UP-01 by default", () => {
  afterEach(() => vi.useRealTimers());

  it.each([
    ["a connection may take 3 s", "https:", 3000, "connect_failed"],
    ["a whole call may take 10 s", "http:", 10_000, "timeout"],
  ])("%s and no longer", async (_what, protocol, limitMs, code) => {
    await using server = await startFaultServer(() => {});
    await using transport = createTransport();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const ends: string[] = [];
    const url = `${server.origin.replace("http:", protocol)}/`;
    const call = transportErrorOf(transport({ method: "GET", url })).then((error) => ends.push(error.code));
    while (server.connections() === 0) await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(limitMs - 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(ends).toEqual([]);
    vi.advanceTimersByTime(1);
    await call;
    expect(ends).toEqual([code]);
  });
});
