import { describe, expect, it } from "vitest";

import { DATA_ACCESS_END, pathOf, report } from "../testing/facebook-graph.ts";
import {
  errorOf,
  openTestFacebookLogin,
  TEST_APP,
  TEST_NOW,
  TEST_TOKEN,
  type TestAnswer,
} from "../testing/open-test-login.ts";

const INPUT = { code: "AQBx-y_z", redirectUri: "https://app.example.com/auth/facebook/callback?a=1&b=ü" };
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const after = (ms: number): Date => new Date(TEST_NOW.getTime() + ms);

describe("exchanging a code", () => {
  it("is a form, so that neither code nor secret stands in an address", async () => {
    const { login, requests } = openTestFacebookLogin([{ json: { access_token: "EAAabc" } }]);
    await login.exchangeCode({ ...INPUT, code: " AQBx-y_z#_=_\n" });
    const [request] = requests;
    expect(request?.url).toBe("https://graph.facebook.com/v26.0/oauth/access_token");
    expect(request?.method).toBe("POST");
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      client_id: TEST_APP.clientId,
      client_secret: TEST_APP.clientSecret,
      redirect_uri: INPUT.redirectUri,
      code: "AQBx-y_z",
    });
  });

  it.each([
    [{ expires_in: 5_183_944 }, 5_183_944_000 - 5 * MINUTE_MS],
    [{ expires_in: "7200" }, 7_200_000 - 5 * MINUTE_MS],
    [{}, 57 * MINUTE_MS],
    [{ expires_in: 0 }, 57 * MINUTE_MS],
  ])("UP-07 takes %j for the life it says, and for an hour when it says none", async (part, lifeMs) => {
    const { login } = openTestFacebookLogin([{ json: { access_token: "EAAabc", ...part } }]);
    expect(await login.exchangeCode(INPUT)).toEqual({
      value: "EAAabc",
      appScopedId: null,
      permissions: null,
      issuedAt: TEST_NOW,
      expiresAt: after(lifeMs),
    });
  });

  it.each([
    { json: {} },
    { json: { access_token: "" } },
    { text: "access_token=EAAabc&expires=5183944" },
    { text: '{"access_token":"a","access_token":"b"}' },
  ] satisfies TestAnswer[])("takes %j for no token, and the code for spent", async (answer) => {
    const { login } = openTestFacebookLogin([answer]);
    const error = await errorOf(login.exchangeCode(INPUT));
    expect(error).toMatchObject({ needsReauth: true, retryable: false });
  });

  it("is not made without a code", async () => {
    const { login, requests } = openTestFacebookLogin([]);
    await expect(login.exchangeCode({ ...INPUT, code: "#_=_" })).rejects.toThrow(TypeError);
    expect(requests).toEqual([]);
  });
});

describe("exchanging for a long-lived token", () => {
  it("costs one call when the answer says how long it lives", async () => {
    const { login, requests } = openTestFacebookLogin([
      { json: { access_token: "EAAlong", token_type: "bearer", expires_in: 5_183_944 } },
    ]);
    expect(await login.exchangeForLongLivedToken(TEST_TOKEN)).toEqual({
      value: "EAAlong",
      permissions: null,
      issuedAt: TEST_NOW,
      expiresAt: after(5_183_944_000 - 5 * MINUTE_MS),
      isExpiryEstimated: false,
      dataAccessExpiresAt: null,
      hasNoExpiry: false,
    });
    const url = new URL(requests[0]?.url ?? "");
    expect(url.origin + url.pathname).toBe("https://graph.facebook.com/v26.0/oauth/access_token");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      grant_type: "fb_exchange_token",
      client_id: TEST_APP.clientId,
      client_secret: TEST_APP.clientSecret,
      fb_exchange_token: TEST_TOKEN.value,
    });
    expect(requests).toHaveLength(1);
  });

  it("UP-07 has the token inspected when the answer does not say", async () => {
    const { login, requests } = openTestFacebookLogin([{ json: { access_token: "EAAlong" } }, report()]);
    expect(await login.exchangeForLongLivedToken(TEST_TOKEN)).toMatchObject({
      value: "EAAlong",
      permissions: ["instagram_basic", "pages_show_list"],
      expiresAt: after(60 * DAY_MS - 5 * MINUTE_MS),
      isExpiryEstimated: false,
      dataAccessExpiresAt: DATA_ACCESS_END,
      hasNoExpiry: false,
    });
    expect(pathOf(requests[1] ?? { method: "GET", url: "" })).toBe("/debug_token");
    expect(new URL(requests[1]?.url ?? "").searchParams.get("input_token")).toBe("EAAlong");
  });

  it("OA-16 refuses a token of another app", async () => {
    const { login } = openTestFacebookLogin([
      { json: { access_token: "EAAlong" } },
      report({ app_id: "700000000000009" }),
    ]);
    const error = await errorOf(login.exchangeForLongLivedToken(TEST_TOKEN));
    expect(error).toMatchObject({ code: "token_invalid", reason: "foreign_app", needsReauth: true });
  });

  it("is not made with an empty token", async () => {
    const { login, requests } = openTestFacebookLogin([]);
    await expect(login.exchangeForLongLivedToken({ value: " " })).rejects.toThrow(TypeError);
    expect(requests).toEqual([]);
  });
});
