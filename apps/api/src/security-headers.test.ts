import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";

import { startServer } from "./server.ts";
import { openTestApp, type TestApp } from "./testing/open-app.ts";
import { MUTATIONS, QUERIES, SUBSCRIPTIONS } from "./testing/procedures.ts";

const APP_URL = "https://perennial.example.com";

/** Every kind of answer there is: pages, files, procedures, /v1, operators, health, and what each says when it refuses. */
const ADDRESSES: readonly (readonly [method: string, path: string])[] = [
  ["GET", "/"],
  ["GET", "/connections/con_aaaaaaaaaaaaaaaaaaaaaa"],
  ["GET", "/auth/instagram/callback?code=a&state=b"],
  ["GET", "/no/such/page"],
  ["GET", "/assets/app-1a2b.js"],
  ["GET", "/assets/none.js"],
  ["GET", "/healthz"],
  ["GET", "/readyz"],
  ["GET", "/metrics"],
  ["GET", "/openapi.json"],
  ["GET", "/v1/docs"],
  ["GET", "/v1/docs.css"],
  ["GET", "/v1/connections"],
  ["GET", "/v1/connections/con_aaaaaaaaaaaaaaaaaaaaaa"],
  ["GET", "/v1/connections/con_aaaaaaaaaaaaaaaaaaaaaa/token"],
  ["POST", "/v1/connections/con_aaaaaaaaaaaaaaaaaaaaaa/refresh"],
  ["DELETE", "/v1/connections/x"],
  ["POST", "/cron/refresh"],
  ["GET", "/cron/runs/run_x"],
  ["POST", "/meta/deauthorize"],
  ["POST", "/meta/data-deletion"],
  ["GET", "/meta/data-deletion"],
  ["GET", "/meta/data-deletion/aaaaaaaaaaaaaaaaaaaaaaaaaaa"],
  ["GET", "/meta/page.css"],
  ["OPTIONS", "/trpc/auth.begin"],
  ["HEAD", "/trpc/auth.session"],
  ["PUT", "/nothing"],
  ...QUERIES.map((name) => ["GET", `/trpc/${name}`] as const),
  ...SUBSCRIPTIONS.map((name) => ["GET", `/trpc/${name}`] as const),
  ...MUTATIONS.map((name) => ["POST", `/trpc/${name}`] as const),
  ...MUTATIONS.map((name) => ["GET", `/trpc/${name}`] as const),
];

function webFolder(): string {
  const webRoot = mkdtempSync(path.join(tmpdir(), "perennial-web-"));
  mkdirSync(path.join(webRoot, "assets"));
  writeFileSync(path.join(webRoot, "index.html"), "<!doctype html><title>Perennial</title>");
  writeFileSync(path.join(webRoot, "assets/app-1a2b.js"), "export {};");
  return webRoot;
}

async function ask(app: TestApp, method: string, address: string, headers = {}): Promise<Response> {
  const answer = await app.request(`${APP_URL}${address}`, {
    method,
    headers: { accept: "text/html, application/json", ...headers },
    ...(method === "POST" ? { body: "{}" } : {}),
  });
  void answer.body?.cancel();
  return answer;
}

function directivesOf(policy: string | null): Map<string, string[]> {
  const parts = (policy ?? "").split(";").map((part) => part.trim().split(/\s+/));
  return new Map(parts.map(([name = "", ...values]) => [name, values]));
}

describe("every answer, refusals included", () => {
  it("HD-02 HD-03 has the strict policy, HSTS for a year, nosniff, no referrer and its own opener group", async () => {
    await using app = await openTestApp({ webRoot: webFolder(), appUrl: APP_URL });
    for (const [method, address] of ADDRESSES) {
      const { headers } = await ask(app, method, address);
      const named = `${method} ${address}`;
      expect([named, headers.get("x-content-type-options")]).toEqual([named, "nosniff"]);
      expect([named, headers.get("referrer-policy")]).toEqual([named, "no-referrer"]);
      expect([named, headers.get("cross-origin-opener-policy")]).toEqual([named, "same-origin"]);
      const maxAge = Number(/max-age=(\d+)/.exec(headers.get("strict-transport-security") ?? "")?.[1] ?? 0);
      expect([named, maxAge >= 31_536_000]).toEqual([named, true]);
      const policy = directivesOf(headers.get("content-security-policy"));
      for (const name of ["object-src", "base-uri", "frame-ancestors"])
        expect([named, policy.get(name)]).toEqual([named, ["'none'"]]);
      for (const name of ["default-src", "script-src", "style-src"])
        expect([named, policy.get(name)]).toEqual([named, ["'self'"]]);
      expect(headers.get("content-security-policy")).not.toMatch(/unsafe|\*|data:[^;]*script/);
    }
  });

  it("HD-02 HD-03 has them over the network too, where refusals take other ways", async () => {
    await using app = await openTestApp({
      appUrl: APP_URL,
      decorateStore: (store) => ({
        ...store,
        findMetaCallbackByCode: async () => await Promise.reject(new TypeError("A fault of our own.")),
      }),
    });
    const server = await startServer(app.runtime, { webRoot: webFolder(), port: 0 });
    const origin = `http://127.0.0.1:${server.port}`;
    const tooLong = { method: "POST", body: "x".repeat(200_000) };
    const statuses = new Set<number>();
    const look = async (named: string, answer: Response): Promise<void> => {
      await answer.arrayBuffer();
      statuses.add(answer.status);
      for (const header of ["content-security-policy", "strict-transport-security", "x-content-type-options"])
        expect([named, answer.status, header, answer.headers.has(header)]).toEqual([
          named,
          answer.status,
          header,
          true,
        ]);
    };
    for (const [method, address] of ADDRESSES) {
      if (SUBSCRIPTIONS.some((name) => address.endsWith(name))) continue; // goes on
      const headers = { accept: "text/html, application/json", authorization: "Bearer pnl_none" };
      const body = method === "POST" ? { body: "{}" } : {};
      await look(`${method} ${address}`, await fetch(origin + address, { method, headers, ...body }));
    }
    for (const address of [
      "/trpc/auth.begin",
      "/cron/refresh",
      "/meta/deauthorize",
      "/v1/connections/x/refresh",
    ])
      await look(`too long: ${address}`, await fetch(origin + address, tooLong));
    await server.stop();
    for (const status of [200, 401, 403, 404, 405, 413, 415, 500]) expect([...statuses]).toContain(status);
  });

  it("HD-03 has them too where Node refuses a request before anybody reads it", async () => {
    await using app = await openTestApp({ appUrl: APP_URL });
    const server = await startServer(app.runtime, { webRoot: null, port: 0 });
    const socket = connect(server.port, "127.0.0.1");
    await once(socket, "connect");
    socket.write("NONSENSE\r\n\r\n");
    let answer = "";
    for await (const chunk of socket) answer += String(chunk);
    for (const header of ["content-security-policy", "strict-transport-security", "x-content-type-options"])
      expect(answer).toContain(`\r\n${header}:`);
    await server.stop();
  });

  it("HD-03 locks no other project of a developer's out of plain http on localhost", async () => {
    await using app = await openTestApp();
    const answer = await app.request("/healthz");
    expect(answer.headers.get("strict-transport-security")).toBeNull();
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("HD-04 is kept by nobody, but for files that are named by what they hold and pages about no one", async () => {
    await using app = await openTestApp({ webRoot: webFolder(), appUrl: APP_URL });
    const forAll = new Set([
      "/assets/app-1a2b.js",
      "/openapi.json",
      "/v1/docs",
      "/v1/docs.css",
      "/meta/page.css",
      "/healthz",
    ]);
    for (const [method, address] of ADDRESSES) {
      if (forAll.has(address)) continue;
      const { headers } = await ask(app, method, address);
      expect([address, headers.get("cache-control")]).toEqual([address, expect.stringContaining("no-store")]);
    }
  });

  it("HD-01 opens nothing to another origin, whatever it is called", async () => {
    await using app = await openTestApp({ appUrl: APP_URL });
    const host = "perennial.example.com";
    const origins = [
      "null",
      "*",
      "",
      "https://evil.test",
      "http://evil.test",
      `http://${host}`,
      `https://${host}.evil.test`,
      `https://evil.test/${host}`,
      `https://evil.test?${host}`,
      `https://evil.test#${host}`,
      `https://${host}@evil.test`,
      `https://evil${host}`,
      `https://evil-${host}`,
      `https://sub.${host}`,
      `https://${host}:8443`,
      `https://${host}:80`,
      `https://${host}:443.evil.test`,
      `https://${host}.`,
      `https://${host}%00.evil.test`,
      `https://${host}%2eevil.test`,
      `https://${host}_.evil.test`,
      `https://${host}\`.evil.test`,
      `https://${host},evil.test`,
      `https://${host} https://evil.test`,
      `https://${host.toUpperCase()}`,
      `HTTPS://${host}`,
      `ftp://${host}`,
      `file://${host}`,
      "file://",
      "data:text/html,x",
      "blob:https://evil.test/1",
      "chrome-extension://abcdefgh",
      "moz-extension://abcdefgh",
      "http://localhost",
      "http://localhost:5173",
      "http://127.0.0.1:3000",
      "http://[::1]:3000",
      "https://xn--perennial-example-9za.com",
      "https://example.com",
      "https://com",
    ];
    expect(origins).toHaveLength(40);
    for (const origin of [...origins, APP_URL]) {
      for (const [method, address] of [
        ["GET", "/trpc/auth.session"],
        ["POST", "/trpc/auth.begin"],
        ["OPTIONS", "/trpc/auth.begin"],
        ["GET", "/v1/connections"],
        ["OPTIONS", "/v1/connections"],
        ["GET", "/healthz"],
      ] as const) {
        const { headers } = await ask(app, method, address, {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "x-perennial-client, authorization",
        });
        const opened = [...headers.keys()].filter((name) => name.startsWith("access-control-"));
        expect([origin, address, opened]).toEqual([origin, address, []]);
      }
    }
  });
});

describe("what anybody may look at", () => {
  it("SC-08 holds none of the secrets: readiness, metrics, the description of /v1 and its page", async () => {
    await using app = await openTestApp({ appUrl: APP_URL });
    const { connectionId } = await app.newBrowser().signIn(app, "acme.shop");
    const { config } = app;
    const secrets = [
      config.jwtSecret,
      ...config.cronSecrets,
      ...config.tokenKeys.map(({ key }) => Buffer.from(key).toString("base64")),
      config.instagram?.app.clientSecret,
      config.facebook?.app.clientSecret,
      config.simulator?.controlSecret,
      connectionId,
      "acme.shop",
    ].filter((secret) => secret !== undefined);
    for (const address of [
      "/readyz",
      "/healthz",
      "/metrics",
      "/openapi.json",
      "/v1/docs",
      "/trpc/auth.session",
    ]) {
      const text = await (await app.request(`${APP_URL}${address}`)).text();
      expect(text.length).toBeGreaterThan(10);
      for (const secret of secrets) expect([address, text.includes(secret)]).toEqual([address, false]);
      expect(text).not.toMatch(/SIMTOK_|SIMSEC_|process\.env|\/src\//);
    }
  });
});
