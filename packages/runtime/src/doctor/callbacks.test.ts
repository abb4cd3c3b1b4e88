import { TransportError, type Transport, type TransportErrorCode } from "@perennial/instagram";
import { describe, expect, it } from "vitest";

import { checkCallbacks } from "./callbacks.ts";
import { siteTransport } from "./testing/sound-installation.ts";

const app = { app: { clientId: "1", clientSecret: "s" }, origins: {} };
const site = { appUrl: "https://app.example.com", instagram: app, facebook: null, simulator: null };
const simulator = { origin: "http://127.0.0.1:1", facebookOrigin: "http://127.0.0.1:2", controlSecret: "s" };

const failing =
  (code: TransportErrorCode): Transport =>
  () =>
    Promise.reject(new TransportError(code, { requestMayHaveBeenProcessed: false }));

describe("the doctor's look at the site", () => {
  it("asks every address that Meta and people are sent to, and leaves no trace but a refusal", async () => {
    const asked: string[] = [];
    const transport: Transport = (request) => {
      asked.push(`${request.method} ${request.url} ${request.body ?? ""}`.trim());
      return siteTransport()(request);
    };
    const checks = await checkCallbacks(site, transport);
    expect(checks.map(({ id, level }) => `${id} ${level}`)).toEqual([
      "callbacks.reachable green",
      "callbacks.instagram green",
      "callbacks.deauthorize green",
      "callbacks.data_deletion green",
    ]);
    expect(asked).toEqual([
      "GET https://app.example.com/healthz",
      "GET https://app.example.com/auth/instagram/callback",
      "POST https://app.example.com/meta/deauthorize signed_request=none",
      "POST https://app.example.com/meta/data-deletion signed_request=none",
    ]);
  });

  it.each([
    ["connect_failed", "unchecked", /cannot be reached from here/],
    ["timeout", "unchecked", /cannot be reached from here/],
    ["tls_failed", "red", /certificate/],
    ["redirect_refused", "red", /sends on to another address/],
  ] as const)("that fails with %s is %s", async (code, level, message) => {
    const [check, ...others] = await checkCallbacks(site, failing(code));
    expect(check).toMatchObject({
      id: "callbacks.reachable",
      level,
      message: expect.stringMatching(message),
    });
    expect(others).toEqual([]);
  });

  it("that is this machine's own is asked while the simulator is Meta, which is here, too", async () => {
    const local = { ...site, appUrl: "http://localhost:5173" };
    expect(await checkCallbacks(local, siteTransport())).toMatchObject([
      { id: "callbacks.reachable", level: "amber" },
    ]);
    const simulated = await checkCallbacks({ ...local, simulator }, siteTransport());
    expect(simulated.every(({ level }) => level === "green")).toBe(true);
    expect(await checkCallbacks({ ...local, simulator }, failing("connect_failed"))).toMatchObject([
      { level: "unchecked", cure: "Start it: `npx pnpm@12 dev`" },
    ]);
  });

  it.each([
    [{ status: 403, body: '{"error":{"code":"signed_request_invalid"}}' }, "green"],
    [{ status: 403, body: "<html>Forbidden by a firewall" }, "red"],
    [{ status: 405, body: '{"error":{"code":"method_not_allowed"}}' }, "red"],
    [{ status: 429, body: '{"error":{"code":"too_many_requests"}}' }, "unchecked"],
    [{ status: 500, body: '{"error":{"code":"internal"}}' }, "red"],
    [{ status: 200, body: "" }, "red"],
  ])("that answers a callback with %j is %s", async (answer, level) => {
    const checks = await checkCallbacks(site, siteTransport({ "POST /meta/deauthorize": answer }));
    expect(checks.find(({ id }) => id === "callbacks.deauthorize")?.level).toBe(level);
  });
});
