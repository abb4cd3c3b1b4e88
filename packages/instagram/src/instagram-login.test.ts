import { describe, expect, it } from "vitest";

import { InstagramError } from "./errors.ts";
import { INSTAGRAM_ERROR_CODES } from "./error-codes.ts";
import { ERROR_REASONS } from "./error-reasons.ts";
import { INSTAGRAM_SCOPES } from "./dated-facts.ts";
import { createInstagramLogin } from "./instagram-login.ts";
import type { InstagramLogin } from "./login.ts";
import { rawAnswer, startFaultServer } from "./testing/fault-server.ts";
import { DEFAULT_SCOPES } from "./scopes.ts";
import {
  everythingIn,
  openTestLogin,
  TEST_ACCOUNT_ID,
  TEST_APP,
  TEST_NOW,
  TEST_TOKEN,
} from "./testing/open-test-login.ts";

const TOKEN_ANSWER = { access_token: "SIMTOK_newnewnewnewnew", expires_in: 5_184_000 };

const EVERY_CALL: [string, (login: InstagramLogin) => Promise<unknown>][] = [
  [
    "exchangeCode",
    (login) => login.exchangeCode({ code: "SIMCODE_abcdefghijklmnop", redirectUri: "https://a.example/cb" }),
  ],
  ["exchangeForLongLivedToken", (login) => login.exchangeForLongLivedToken(TEST_TOKEN)],
  ["refreshLongLivedToken", (login) => login.refreshLongLivedToken(TEST_TOKEN)],
  ["fetchProfile", (login) => login.fetchProfile(TEST_TOKEN)],
  ["fetchRecentMedia", (login) => login.fetchRecentMedia(TEST_TOKEN, TEST_ACCOUNT_ID)],
  ["fetchPublishingQuota", (login) => login.fetchPublishingQuota(TEST_TOKEN, "17841400000000123")],
  ["probeToken", (login) => login.probeToken(TEST_TOKEN)],
];

describe("the authorization URL", () => {
  const { login } = openTestLogin([]);
  const request = { redirectUri: "https://app.example.com/cb?x=1&y=ü", state: "a b&c" };

  it("goes to the www host with every parameter encoded once", () => {
    const url = new URL(login.authorizationUrl(request));
    expect(url.origin + url.pathname).toBe("https://www.instagram.com/oauth/authorize");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: TEST_APP.clientId,
      redirect_uri: request.redirectUri,
      response_type: "code",
      scope: "instagram_business_basic,instagram_business_content_publish",
      state: "a b&c",
    });
    expect(url.search).not.toContain("+");
  });

  it("carries other scopes and asks for the password again when told to", () => {
    const url = login.authorizationUrl({
      ...request,
      scopes: ["instagram_business_basic"],
      forceReauth: true,
    });
    expect(new URL(url).searchParams.get("scope")).toBe("instagram_business_basic");
    expect(new URL(url).searchParams.get("force_reauth")).toBe("true");
    expect(url).not.toContain(TEST_APP.clientSecret);
  });

  it("asks again for what was declined by asking for the password", () => {
    const url = login.authorizationUrl({ ...request, rerequest: true });
    expect(new URL(url).searchParams.get("force_reauth")).toBe("true");
    expect(login.authorizationUrl(request)).not.toContain("force_reauth");
  });

  it.each([{ state: "" }, { redirectUri: "" }, { scopes: [] }])("is not made from %j", (part) => {
    expect(() => login.authorizationUrl({ ...request, ...part })).toThrow(TypeError);
  });

  it("asks by default for scopes that exist, the basic one among them", () => {
    const names = INSTAGRAM_SCOPES.map((scope) => scope.name);
    expect(names).toHaveLength(5);
    expect(DEFAULT_SCOPES.every((scope) => names.includes(scope))).toBe(true);
    expect(DEFAULT_SCOPES).toContain("instagram_business_basic");
  });
});

describe("a login", () => {
  it.each([
    [{ origins: { graph: "graph.instagram.com" } }],
    [{ origins: { graph: "https://graph.instagram.com/v26.0" } }],
    [{ origins: { api: "ftp://api.example" } }],
    [{ origins: { api: "https://user@api.example" } }],
    [{ origins: { authorize: "" } }],
    [{ graphVersion: "26" }],
    [{ graphVersion: "v26.0/../x" }],
    [{ app: { clientId: "", clientSecret: "x" } }],
    [{ app: { clientId: "x", clientSecret: "" } }],
  ])("is not built from %j", (options) => {
    expect(() => createInstagramLogin({ app: TEST_APP, ...options })).toThrow(TypeError);
  });

  it("calls the origins and the version it was given, and shows its app id", async () => {
    const urls: string[] = [];
    const login = createInstagramLogin({
      app: TEST_APP,
      origins: { api: "http://127.0.0.1:4010/", graph: "http://127.0.0.1:4011" },
      graphVersion: "v25.0",
      transport: async ({ url }) => {
        urls.push(url);
        return { status: 200, headers: {}, body: JSON.stringify({ ...TOKEN_ANSWER, data: undefined }) };
      },
    });
    await login.exchangeCode({ code: "AQB", redirectUri: "https://a.example/cb" });
    await login.fetchRecentMedia(TEST_TOKEN, TEST_ACCOUNT_ID).catch(() => {}); // only where it goes matters here
    expect(urls[0]).toBe("http://127.0.0.1:4010/oauth/access_token");
    expect(urls[1]).toMatch(/^http:\/\/127\.0\.0\.1:4011\/v25\.0\/17841400000000123\/media\?/);
    expect(login).toMatchObject({ flavour: "instagram", clientId: TEST_APP.clientId });
  });
});

describe("without a transport of its own, logins", () => {
  it("share one, and with it its connections", async () => {
    await using server = await startFaultServer((socket) => {
      socket.write(rawAnswer(200, JSON.stringify(TOKEN_ANSWER)));
    });
    for (const clientId of ["1", "2"]) {
      const login = createInstagramLogin({
        app: { clientId, clientSecret: "x" },
        origins: { graph: server.origin },
      });
      expect((await login.refreshLongLivedToken(TEST_TOKEN)).value).toBe(TOKEN_ANSWER.access_token);
      await new Promise((resolve) => setImmediate(resolve)); // a kept connection rests for one turn
    }
    expect(server.connections()).toBe(1);
  });
});

describe("onCall", () => {
  it("hears of a call that went well, with usage and trace id", async () => {
    const headers = {
      "X-App-Usage": '{"call_count":28,"total_time":25,"total_cputime":24}',
      "x-fb-trace-id": "AbC_1",
    };
    const { login, calls } = openTestLogin([{ json: TOKEN_ANSWER, headers }]);
    await login.refreshLongLivedToken(TEST_TOKEN);
    expect(calls).toEqual([
      {
        operation: "refresh_long_lived_token",
        origin: "https://graph.instagram.com",
        path: "/refresh_access_token",
        startedAt: TEST_NOW,
        durationMs: expect.any(Number),
        httpStatus: 200,
        readHeaders: expect.any(Function),
      },
    ]);
    expect(calls[0]?.readHeaders()).toEqual({
      traceId: "AbC_1",
      usage: { app: { callCountPercent: 28, timePercent: 25, cpuPercent: 24 } },
    });
  });

  it("does not cost the token when it throws", async () => {
    const warnings: string[] = [];
    const listen = (warning: Error): void => void warnings.push(warning.message);
    process.on("warning", listen);
    const login = createInstagramLogin({
      app: TEST_APP,
      transport: async () => ({ status: 200, headers: {}, body: JSON.stringify(TOKEN_ANSWER) }),
      onCall: () => {
        throw new RangeError("SIMSEC_ must not get out");
      },
    });
    const token = await login.refreshLongLivedToken(TEST_TOKEN);
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", listen);
    expect(token.value).toBe(TOKEN_ANSWER.access_token);
    expect(warnings).toEqual(["onCall failed: RangeError"]);
  });
});

describe("secrets", () => {
  const canary = /SIMTOK|SIMSEC|SIMCODE|qrstuvwxyz|abcdefghijklmnop|access_token=/;

  it.each(EVERY_CALL)("SC-04 %s never echoes an upstream text that reflects them", async (name, ask) => {
    const sent = name === "exchangeCode" ? "SIMCODE_abcdefghijklmnop" : TEST_TOKEN.value;
    const reflected = `${TEST_TOKEN.value} ${TEST_APP.clientSecret} SIMCODE_abcdefghijklmnop`;
    const bodies = [
      {
        error: {
          message: reflected,
          type: reflected,
          code: 190,
          error_user_msg: reflected,
          fbtrace_id: sent,
        },
      },
      { error: { message: reflected, code: 99_999, fbtrace_id: sent.slice(8) } },
      { error_type: reflected, code: 400, error_message: reflected },
      { error: reflected, error_description: reflected },
      { status: "fail", message: reflected },
      { unexpected: reflected },
    ];
    for (const json of bodies) {
      for (const status of [200, 302, 400, 401, 403, 429, 500]) {
        const headers = { "x-fb-trace-id": sent, location: `/?access_token=${TEST_TOKEN.value}` };
        const { login, calls } = openTestLogin(() => ({ status, json, headers }));
        const error: unknown = await ask(login).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(InstagramError);
        expect(everythingIn(error)).not.toMatch(canary);
        expect(JSON.stringify(calls)).not.toMatch(canary);
      }
    }
  });

  it.each(EVERY_CALL)("SC-03 %s is reported with its path and no query", async (_name, ask) => {
    const { login, calls } = openTestLogin(() => ({ json: TOKEN_ANSWER }));
    await ask(login).catch(() => {}); // whether it is the right answer does not matter here
    expect(calls.length).toBeGreaterThan(0);
    for (const call of calls) {
      expect(call.path).toMatch(/^\/[\w/.]+$/);
      expect(JSON.stringify(call)).not.toMatch(canary);
    }
  });
});

describe("an InstagramError", () => {
  it("can be made from a code and an operation alone, for every code", () => {
    for (const code of INSTAGRAM_ERROR_CODES) {
      const error = new InstagramError({ code, operation: "fetch_profile" });
      expect(ERROR_REASONS[error.reason].code).toBe(code);
      expect(error.message).toMatch(/^Reading the profile failed: .+\. .+\.$/);
      expect(error.retryable && error.needsReauth).toBe(false);
    }
  });

  it("says in two sentences what it means and what to do, for every reason", () => {
    for (const { meaning, cure } of Object.values(ERROR_REASONS)) {
      expect(meaning).toMatch(/^\S.*[^.]$/);
      expect(cure).toMatch(/^[A-Z].*[^.]$/);
    }
  });
});
