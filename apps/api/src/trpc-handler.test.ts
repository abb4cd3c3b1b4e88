import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";

import { MUTATIONS } from "./testing/procedures.ts";
import { openTestApp, type TestApp } from "./testing/open-app.ts";
import { overNetwork, TestBrowser } from "./testing/test-browser.ts";
import { startServer } from "./server.ts";

/** What no two answers have in common: request ids, and the addresses and cookies of fresh sign-ins. */
function withoutChance(text: string): string {
  return text
    .replace(/"requestId":"[0-9a-f-]{36}"/, '"requestId":"…"')
    .replace(/"authorizationUrl":"[^"]+"/, '"authorizationUrl":"…"');
}

/** Headers that Node's server adds to what goes over a connection. */
const OF_CONNECTION = new Set(["connection", "keep-alive", "date", "content-length", "transfer-encoding"]);

function networkBrowser(app: TestApp, port: number): TestBrowser {
  return new TestBrowser(
    overNetwork(() => port),
    app.config.appUrl,
  );
}

const ask200 = (browser: TestBrowser) => browser.request("/trpc/auth.begin", { method: "POST", body: "{}" });

async function ask(browser: TestBrowser, path: string, body: string) {
  const headers = { "content-type": "application/json" };
  const answer = await browser.request(path, { method: "POST", body, headers });
  return {
    status: answer.status,
    text: withoutChance(await answer.text()),
    type: answer.headers.get("content-type"),
    cacheControl: answer.headers.get("cache-control"),
    cookies: answer.headers.getSetCookie().length,
  };
}

describe("a mutation by itself", () => {
  it("is answered as tRPC's own adapter answers it, whatever it holds and whichever way it comes", async () => {
    await using app = await openTestApp();
    const server = await startServer(app.runtime, { webRoot: null, port: 0 });
    const bodies = [
      "{}",
      "null",
      "",
      "{",
      "[]",
      '{"id":5}',
      '{"unknown":1}',
      '{"flavour":"instagram","query":"x"}',
    ];
    let compared = 0;
    for (const procedure of MUTATIONS) {
      for (const body of bodies) {
        const asked = await Promise.all([
          ask(app.newBrowser(), `/trpc/${procedure}`, body),
          ask(app.newBrowser(), `/trpc/${procedure}?by=adapter`, body),
          ask(networkBrowser(app, server.port), `/trpc/${procedure}`, body),
        ]);
        const [byHono, byAdapter, byNode] = asked;
        expect(byHono, `${procedure} ${body}`).toEqual(byAdapter);
        expect(byNode, `${procedure} ${body}`).toEqual(byHono);
        compared += 1;
      }
    }
    expect(compared).toBe(MUTATIONS.length * bodies.length);
    await server.stop();
  });

  it("RF-01 RF-02 IN-01 is refused over the network as it is in process, headers and all", async () => {
    await using app = await openTestApp();
    const server = await startServer(app.runtime, { webRoot: null, port: 0 });
    const foreign: Record<string, string | undefined>[] = [
      { "content-type": "text/plain" },
      { "content-type": undefined },
      { "content-type": "application/json; boundary=x" },
      { origin: "https://evil.example" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": undefined, origin: undefined },
      { "x-perennial-client": undefined },
      { accept: "text/event-stream" },
      { "x-request-id": "chosen-by-the-caller" },
    ];
    for (const headers of foreign) {
      const init = { method: "POST", body: "{}", headers };
      const told = [];
      for (const browser of [app.newBrowser(), networkBrowser(app, server.port)]) {
        const answer = await browser.request("/trpc/auth.begin", init);
        const names = [...answer.headers.keys()].filter((name) => !OF_CONNECTION.has(name));
        told.push([answer.status, withoutChance(await answer.text()), [...new Set(names)].toSorted()]);
      }
      expect(told[1], JSON.stringify(headers)).toEqual(told[0]);
    }
    const huge = await networkBrowser(app, server.port).request("/trpc/auth.begin", {
      method: "POST",
      body: JSON.stringify({ returnTo: "x".repeat(200_000) }),
    });
    expect(huge.status).toBe(413);
    await server.stop();
  });

  it("IN-05 leaves nothing behind when whoever sends it hangs up, and makes room for the next", async () => {
    const room = 2;
    await using app = await openTestApp();
    const server = await startServer(app.runtime, { webRoot: null, port: 0, mostAtOnce: room });
    const begun = "POST /trpc/auth.begin HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";
    const proof = "content-length: 1000\r\nsec-fetch-site: same-origin\r\nx-perennial-client: web\r\n\r\n{";
    const ask = async () => (await ask200(networkBrowser(app, server.port))).status;
    for (let round = 0; round < 3; round += 1) {
      const sockets = await Promise.all(
        Array.from({ length: room }, async () => {
          const socket = connect(server.port, "127.0.0.1");
          socket.write("GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n");
          await once(socket, "data"); // taken in: what comes next is read before what others send later
          socket.write(begun + proof);
          return socket;
        }),
      );
      await expect.poll(ask).toBe(503);
      for (const socket of sockets) socket.resetAndDestroy();
      // Not before all of them are gone: whoever stays a moment longer would take a place of the next round.
      await expect.poll(() => Promise.all(Array.from({ length: room }, ask))).toEqual([200, 200]);
    }
    expect(app.logLines.filter((line) => line.includes("api.failed"))).toEqual([]);
    await server.stop();
  });
});
