import { createHmac } from "node:crypto";

import { describe, expect, it } from "vitest";

import { InstagramError } from "../errors.ts";
import type { FacebookLogin } from "../login.ts";
import { byPath, page, pathOf, permissions, report, TEST_USER_ID } from "../testing/facebook-graph.ts";
import { graph } from "../testing/graph-answers.ts";
import {
  errorOf,
  everythingIn,
  openTestFacebookLogin,
  TEST_ACCOUNT_ID,
  TEST_APP,
  TEST_TOKEN,
  type TestAnswer,
} from "../testing/open-test-login.ts";
import { createFacebookLogin } from "./facebook-login.ts";

const CODE = { code: "SIMCODE_abcdefghijklmnop", redirectUri: "https://a.example/cb" };

const EVERY_CALL: [string, (login: FacebookLogin) => Promise<unknown>][] = [
  ["exchangeCode", (login) => login.exchangeCode(CODE)],
  ["exchangeForLongLivedToken", (login) => login.exchangeForLongLivedToken(TEST_TOKEN)],
  ["refreshLongLivedToken", (login) => login.refreshLongLivedToken(TEST_TOKEN)],
  ["fetchProfile", (login) => login.fetchProfile(TEST_TOKEN)],
  ["fetchRecentMedia", (login) => login.fetchRecentMedia(TEST_TOKEN, TEST_ACCOUNT_ID)],
  ["fetchPublishingQuota", (login) => login.fetchPublishingQuota(TEST_TOKEN, TEST_ACCOUNT_ID)],
  ["probeToken", (login) => login.probeToken(TEST_TOKEN)],
  ["fetchPages", (login) => login.fetchPages(TEST_TOKEN)],
  ["inspectToken", (login) => login.inspectToken(TEST_TOKEN)],
  ["fetchPermissions", (login) => login.fetchPermissions(TEST_TOKEN)],
  ["revoke", (login) => login.revoke(TEST_TOKEN, TEST_USER_ID)],
  ["checkCredentials", (login) => login.checkCredentials()],
];

describe("a Facebook Login", () => {
  it.each([
    [{ origins: { graph: "graph.facebook.com" } }],
    [{ origins: { dialog: "https://www.facebook.com/dialog" } }],
    [{ graphVersion: "latest" }],
    [{ app: { clientId: "", clientSecret: "x" } }],
    [{ configId: "" }],
  ])("is not built from %j", (options) => {
    expect(() => createFacebookLogin({ app: TEST_APP, ...options })).toThrow(TypeError);
  });

  it("calls the origins and the version it was given, and shows its app id", async () => {
    const urls: string[] = [];
    const login = createFacebookLogin({
      app: TEST_APP,
      origins: { dialog: "http://127.0.0.1:4010/", graph: "http://127.0.0.1:4011" },
      graphVersion: "v25.0",
      transport: async ({ url }) => {
        urls.push(url);
        return { status: 200, headers: {}, body: '{"data":[]}' };
      },
    });
    await login.fetchRecentMedia(TEST_TOKEN, TEST_ACCOUNT_ID);
    expect(urls[0]).toMatch(/^http:\/\/127\.0\.0\.1:4011\/v25\.0\/17841400000000123\/media\?/);
    const url = login.authorizationUrl({ redirectUri: CODE.redirectUri, state: "s" });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:4010\/v25\.0\/dialog\/oauth\?/);
    expect(login).toMatchObject({ flavour: "facebook", clientId: TEST_APP.clientId });
  });

  it("reads media and the publishing quota as Instagram Login does", async () => {
    const { login, requests } = openTestFacebookLogin(
      byPath({
        [`/${TEST_ACCOUNT_ID}/media`]: { json: { data: [{ id: "18000000000000001", media_type: "IMAGE" }] } },
        [`/${TEST_ACCOUNT_ID}/content_publishing_limit`]: {
          json: { data: [{ quota_usage: 2, config: { quota_total: 100, quota_duration: 86_400 } }] },
        },
      }),
    );
    const media = await login.fetchRecentMedia(TEST_TOKEN, TEST_ACCOUNT_ID, { limit: 5 });
    expect(media).toMatchObject({ items: [{ id: "18000000000000001", kind: "image" }], after: null });
    expect(await login.fetchPublishingQuota(TEST_TOKEN, TEST_ACCOUNT_ID)).toMatchObject({
      used: 2,
      total: 100,
    });
    expect(new Set(requests.map(({ url }) => new URL(url).origin))).toEqual(
      new Set(["https://graph.facebook.com"]),
    );
  });
});

describe("OA-16 the proof of the app's secret", () => {
  it.each(EVERY_CALL)("is sent with every access token by %s", async (_name, ask) => {
    const { login, requests } = openTestFacebookLogin(
      byPath({
        "/debug_token": report(),
        "/me/accounts": { json: { data: [page()] } },
        "/me/permissions": permissions([]),
      }),
    );
    await ask(login).catch(() => {}); // only what is sent matters here
    expect(requests.length).toBeGreaterThan(0);
    for (const { url } of requests) {
      const query = new URL(url).searchParams;
      const token = query.get("access_token");
      const proof = createHmac("sha256", TEST_APP.clientSecret)
        .update(token ?? "")
        .digest("hex");
      expect(query.get("appsecret_proof")).toBe(token === null ? null : proof);
    }
  });

  it("is hex in lower case, of the token that goes with it", async () => {
    const app = { clientId: "1", clientSecret: "key" };
    const urls: string[] = [];
    const login = createFacebookLogin({
      app,
      transport: async ({ url }) => {
        urls.push(url);
        return { status: 200, headers: {}, body: "{}" };
      },
    });
    await errorOf(login.probeToken({ value: "The quick brown fox jumps over the lazy dog" }));
    expect(new URL(urls[0] ?? "").searchParams.get("appsecret_proof")).toBe(
      "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8", // the well-known one of this text
    );
  });
});

describe("permissions", () => {
  it("are read back as granted and declined, where an expired one counts as declined", async () => {
    const data = [
      { permission: "instagram_basic", status: "granted" },
      { permission: "email", status: "declined" },
      { permission: "pages_show_list", status: "expired" },
    ];
    const { login, requests } = openTestFacebookLogin([{ json: { data } }]);
    expect(await login.fetchPermissions(TEST_TOKEN)).toEqual({
      granted: ["instagram_basic"],
      declined: ["email", "pages_show_list"],
    });
    expect(requests.map(pathOf)).toEqual(["/me/permissions"]);
  });

  it.each([{}, { data: {} }, { data: [null] }, { data: [{ status: "granted" }] }])(
    "are not read from %j",
    async (json) => {
      const { login } = openTestFacebookLogin([{ json }]);
      expect((await errorOf(login.fetchPermissions(TEST_TOKEN))).reason).toBe("answer_incomplete");
    },
  );
});

describe("revoking", () => {
  it.each<TestAnswer>([{ json: { success: true } }, { text: "true" }, { text: "\uFEFFtrue\n" }])(
    "deletes the person's permissions, and takes %j for a yes",
    async (answer) => {
      const { login, requests } = openTestFacebookLogin([answer]);
      await login.revoke(TEST_TOKEN, TEST_USER_ID);
      expect(requests).toHaveLength(1);
      expect(requests[0]?.method).toBe("DELETE");
      expect(requests.map(pathOf)).toEqual([`/${TEST_USER_ID}/permissions`]);
    },
  );

  it.each<TestAnswer>([{ json: { success: false } }, { json: {} }, { text: "false" }, { text: "" }])(
    "takes %j for no yes",
    async (answer) => {
      const { login } = openTestFacebookLogin([answer]);
      const error = await errorOf(login.revoke(TEST_TOKEN, TEST_USER_ID));
      expect(error).toMatchObject({ retryable: true, needsReauth: false, operation: "revoke" });
    },
  );

  it.each(["", "me", "../x", "1?a=b"])("does not put the user id %j into a path", async (userId) => {
    const { login, requests } = openTestFacebookLogin([]);
    await expect(login.revoke(TEST_TOKEN, userId)).rejects.toThrow(TypeError);
    expect(requests).toEqual([]);
  });

  it("alone takes a bare true for an answer", async () => {
    const { login } = openTestFacebookLogin([{ text: "true" }]);
    expect((await errorOf(login.fetchPermissions(TEST_TOKEN))).reason).toBe("answer_unreadable");
  });
});

describe("checking the app's own id and secret", () => {
  it.each([
    graph(100, "Invalid verification code format."),
    graph(100, "This authorization code has been used.", { error_subcode: 36009 }),
    graph(100, "Something new"),
    graph(191, "redirect_uri isn't an absolute URI. Check RFC 3986."),
  ])("finds them right when only the code is refused: %j", async (answer) => {
    const { login, requests } = openTestFacebookLogin([answer]);
    await login.checkCredentials();
    expect(requests).toHaveLength(1);
    expect(requests[0]?.url).not.toContain(TEST_APP.clientSecret);
  });

  it.each([
    [graph(1, "Error validating client secret."), "client_secret_wrong"],
    [graph(101, "Error validating application. Invalid application ID."), "app_unknown"],
    [graph(100, "Missing client_id parameter."), "app_unknown"],
    [graph(190, "Invalid OAuth access token signature."), "app_credentials_refused"],
    [graph(2, "", {}, 500), "outage"],
    [{ json: { access_token: "EAAabc" } }, "answer_incomplete"],
  ] satisfies [TestAnswer, string][])("passes on %j", async (answer, reason) => {
    const { login } = openTestFacebookLogin([answer]);
    expect(await errorOf(login.checkCredentials())).toMatchObject({
      reason,
      operation: "check_credentials",
      needsReauth: false,
    });
  });
});

describe("secrets", () => {
  const canary = /SIMTOK|SIMSEC|SIMCODE|qrstuvwxyz|abcdefghijklmnop|access_token=|appsecret_proof/;

  it.each(EVERY_CALL)("SC-04 %s never echoes an upstream text that reflects them", async (name, ask) => {
    const sent =
      name === "exchangeCode" || name === "checkCredentials" ? TEST_APP.clientSecret : TEST_TOKEN.value;
    const reflected = `${TEST_TOKEN.value} ${TEST_APP.clientSecret} SIMCODE_abcdefghijklmnop`;
    const inner = { code: 190, message: reflected };
    const bodies = [
      { error: { message: reflected, type: reflected, code: 190, fbtrace_id: sent } },
      { error: { message: reflected, code: 99_999, error_user_msg: reflected } },
      { data: { is_valid: false, error: inner, application: reflected } },
      { unexpected: reflected },
    ];
    for (const json of bodies) {
      for (const status of [200, 400, 403, 500]) {
        const { login, calls } = openTestFacebookLogin(() => ({ status, json }));
        const error: unknown = await ask(login).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(InstagramError);
        expect(everythingIn(error)).not.toMatch(canary);
        expect(JSON.stringify(calls)).not.toMatch(canary);
      }
    }
  });

  it.each(EVERY_CALL)("SC-03 %s is reported with its path and no query", async (_name, ask) => {
    const { login, calls } = openTestFacebookLogin(byPath({ "/debug_token": report() }));
    await ask(login).catch(() => {}); // whether it is the right answer does not matter here
    expect(calls.length).toBeGreaterThan(0);
    for (const call of calls) {
      expect(call.path).toMatch(/^\/[\w/.]+$/);
      expect(JSON.stringify(call)).not.toMatch(canary);
    }
  });
});
