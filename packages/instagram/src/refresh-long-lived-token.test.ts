import { describe, expect, it } from "vitest";

import { errorOf, openTestLogin, TEST_APP, TEST_NOW, TEST_TOKEN } from "./testing/open-test-login.ts";

const HOUR_MS = 3_600_000;
const ANSWER = {
  access_token: "IGAAlong2",
  token_type: "bearer",
  expires_in: 5_127_758,
  permissions: "instagram_business_basic,instagram_business_content_publish",
};

describe("refreshing", () => {
  it("sends the token without a secret, and without a version", async () => {
    const { login, requests } = openTestLogin([{ json: ANSWER }]);
    const token = await login.refreshLongLivedToken(TEST_TOKEN);
    expect(requests).toEqual([
      {
        method: "GET",
        url: `https://graph.instagram.com/refresh_access_token?grant_type=ig_refresh_token&access_token=${TEST_TOKEN.value}`,
      },
    ]);
    expect(token).toEqual({
      value: "IGAAlong2",
      permissions: ["instagram_business_basic", "instagram_business_content_publish"],
      issuedAt: TEST_NOW,
      expiresAt: new Date(TEST_NOW.getTime() + 5_127_758_000 - 300_000),
      isExpiryEstimated: false,
      dataAccessExpiresAt: null,
      hasNoExpiry: false,
    });
  });

  it("WK-08 takes the same string back as a success, with the expiry moved", async () => {
    let clock = TEST_NOW;
    const { login } = openTestLogin(
      () => ({ json: { ...ANSWER, access_token: TEST_TOKEN.value } }),
      () => clock,
    );
    const before = await login.refreshLongLivedToken(TEST_TOKEN);
    clock = new Date(TEST_NOW.getTime() + 30 * 24 * HOUR_MS);
    const token = await login.refreshLongLivedToken({ ...TEST_TOKEN, issuedAt: before.issuedAt });
    expect(token.value).toBe(TEST_TOKEN.value);
    expect(token.issuedAt).toEqual(clock);
    expect(token.expiresAt.getTime() - before.expiresAt.getTime()).toBe(30 * 24 * HOUR_MS);
  });

  it.each([
    ['"expires_in":"5184000"', false],
    ['"expires_in":1000000000000', true],
    ['"expires_in":12345678901234567890', true],
    ['"expires_in":null', true],
    ['"expires_in":0', true],
    ['"expires_in":-1', true],
    ['"expires_in":"soon"', true],
    ['"expires_in":59', false],
    ['"expires_in":1e12', true],
    ['"other":1', true],
  ])("UP-07 %s", async (part, isExpiryEstimated) => {
    const { login } = openTestLogin([{ text: `{"access_token":"IGAAlong2",${part}}` }]);
    const token = await login.refreshLongLivedToken(TEST_TOKEN);
    expect(token.isExpiryEstimated).toBe(isExpiryEstimated);
    expect(token.expiresAt.getTime()).toBeGreaterThan(TEST_NOW.getTime());
  });

  it("CK-01 reads issuedAt before the request is sent", async () => {
    let clock = TEST_NOW;
    const { login } = openTestLogin(
      () => {
        clock = new Date(TEST_NOW.getTime() + 30_000);
        return { json: ANSWER };
      },
      () => clock,
    );
    expect((await login.refreshLongLivedToken(TEST_TOKEN)).issuedAt).toEqual(TEST_NOW);
  });

  it.each(["", "  "])("does not send the empty token %j", async (value) => {
    const { login, requests } = openTestLogin([]);
    await expect(login.refreshLongLivedToken({ value })).rejects.toThrow(TypeError);
    expect(requests).toEqual([]);
  });
});

describe("a token under 24 hours, when its issue time is given", () => {
  const issuedAt = new Date(TEST_NOW.getTime() - 20 * HOUR_MS);
  const refused = (error: object) => openTestLogin(() => ({ status: 400, json: { error } })).login;

  it.each([
    [{ code: 100, message: "Something new" }],
    [{ code: 190, message: "Invalid OAuth access token." }],
    [{ code: 100, message: "Unsupported request - method type: get" }],
    [{ code: 10, message: "" }],
    [{ code: 99_999, message: "" }],
  ])("is too young when the refusal proves nothing: %j", async (error) => {
    const end = await errorOf(refused(error).refreshLongLivedToken({ ...TEST_TOKEN, issuedAt }));
    expect(end).toMatchObject({
      code: "token_too_young",
      retryable: true,
      needsReauth: false,
      retryAfterMs: 4 * HOUR_MS,
    });
  });

  it.each([
    [{ code: 190, error_subcode: 458, message: "" }, "token_revoked"],
    [{ code: 4, message: "" }, "rate_limited"],
    [{ code: 2, message: "" }, "transient"],
  ])("keeps what is certain: %j", async (error, code) => {
    const end = await errorOf(refused(error).refreshLongLivedToken({ ...TEST_TOKEN, issuedAt }));
    expect(end.code).toBe(code);
  });

  it("is not too young at 24 hours", async () => {
    const dayOld = new Date(TEST_NOW.getTime() - 24 * HOUR_MS);
    const login = refused({ code: 190, message: "Invalid OAuth access token." });
    const end = await errorOf(login.refreshLongLivedToken({ ...TEST_TOKEN, issuedAt: dayOld }));
    expect(end.code).toBe("token_invalid");
  });
});

describe("exchanging for a long-lived token", () => {
  it("sends secret and token to the graph host, without a version", async () => {
    const { login, requests } = openTestLogin([{ json: { ...ANSWER, permissions: undefined } }]);
    const token = await login.exchangeForLongLivedToken(TEST_TOKEN);
    const url = new URL(requests[0]?.url ?? "");
    expect(url.origin + url.pathname).toBe("https://graph.instagram.com/access_token");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      grant_type: "ig_exchange_token",
      client_secret: TEST_APP.clientSecret,
      access_token: TEST_TOKEN.value,
    });
    expect(requests[0]?.method).toBe("GET");
    expect(token).toMatchObject({ value: "IGAAlong2", permissions: null });
  });

  it.each([
    {
      code: 452,
      message: "Session key invalid. This could be because the session key has an incorrect format",
    },
    { code: 452, message: "" },
    { code: 190, message: "Session key invalid. This could be because …" },
  ])("refreshes a token that is long-lived already: %j", async (error) => {
    const { login, requests, calls } = openTestLogin([{ status: 400, json: { error } }, { json: ANSWER }]);
    const token = await login.exchangeForLongLivedToken(TEST_TOKEN);
    expect(token.value).toBe("IGAAlong2");
    expect(requests[1]?.url).toContain("/refresh_access_token?");
    expect(calls.map((call) => call.operation)).toEqual([
      "exchange_for_long_lived_token",
      "refresh_long_lived_token",
    ]);
  });

  it("fails as the refresh does when that fails too, and asks no third time", async () => {
    const { login, requests } = openTestLogin([
      { status: 400, json: { error: { code: 452, message: "" } } },
      { status: 400, json: { error: { code: 190, error_subcode: 463, message: "" } } },
    ]);
    const error = await errorOf(login.exchangeForLongLivedToken(TEST_TOKEN));
    expect(error).toMatchObject({ code: "token_expired", operation: "refresh_long_lived_token" });
    expect(requests).toHaveLength(2);
  });

  it.each([
    ["a wrong secret", { code: 100, message: "Error validating client secret." }, "client_secret_wrong"],
    ["a token that is none", { code: 190, message: "Invalid OAuth access token." }, "token_rejected"],
  ])("is told from a long-lived one: %s", async (_what, error, reason) => {
    const { login, requests } = openTestLogin([{ status: 400, json: { error } }]);
    const end = await errorOf(login.exchangeForLongLivedToken(TEST_TOKEN));
    expect(end).toMatchObject({ reason, operation: "exchange_for_long_lived_token" });
    expect(requests).toHaveLength(1);
  });

  it("names the refresh when a token that is long-lived already is too young for one", async () => {
    const { login } = openTestLogin([
      { status: 400, json: { error: { code: 452, message: "Session key invalid." } } },
      { status: 400, json: { error: { code: 100, message: "Something new" } } },
    ]);
    const error = await errorOf(login.exchangeForLongLivedToken(TEST_TOKEN));
    expect(error).toMatchObject({ operation: "refresh_long_lived_token", needsReauth: false });
  });
});
