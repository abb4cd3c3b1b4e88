import { expect, it } from "vitest";
import { FACEBOOK_REDIRECT_URI, startFacebookApp } from "../testing/facebook-app.ts";
import { errorOf, tokenOf } from "../testing/test-app.ts";

it("gives a short-lived token for a code, by GET and by POST, with and without a version", async () => {
  await using app = await startFacebookApp();
  for (const method of ["GET", "POST"] as const) {
    const answer = await app.exchangeCode(await app.consent(), {}, method);
    expect([method, answer.status, answer.json]).toEqual([
      method,
      200,
      { access_token: expect.stringMatching(/^SIMTOK_/) as string, token_type: "bearer", expires_in: 3600 },
    ]);
    expect(answer.headers.get("x-app-usage")).toContain("call_count");
  }
  const query = {
    client_id: app.sim.facebookApp.clientId,
    client_secret: app.sim.facebookApp.clientSecret,
    redirect_uri: FACEBOOK_REDIRECT_URI,
    code: await app.consent(),
  };
  expect((await app.get("/oauth/access_token", query)).status).toBe(200);
  expect((await app.get("/v20.0/oauth/access_token", query)).json["error"]).toMatchObject({ code: 2500 });
  const put = await app.get("/oauth/access_token", query, { method: "PUT" });
  expect(errorOf(put)["message"]).toBe("Unsupported request - method type: put");
});

it("gives a token of sixty days at once, or does not say how long it lives, when the policy says so", async () => {
  await using app = await startFacebookApp({ policy: { fb_code_token: "long_lived" } });
  const answer = await app.exchangeCode(await app.consent());
  expect(answer.json["expires_in"]).toBeGreaterThan(5_183_000);
  expect(answer.json["expires_in"]).toBeLessThan(5_184_000);
  app.sim.policy.set({ fb_expires_in: "missing" });
  const silent = await app.exchangeCode(await app.consent());
  expect(Object.keys(silent.json)).toEqual(["access_token", "token_type"]);
  expect((await app.debug(tokenOf(silent)))["expires_at"]).toBeGreaterThan(0);
});

it("works once and for ten minutes", async () => {
  await using app = await startFacebookApp();
  const [spent, late] = [await app.consent(), await app.consent()];
  await app.exchangeCode(spent);
  expect(errorOf(await app.exchangeCode(spent))).toMatchObject({
    type: "OAuthException",
    code: 100,
    error_subcode: 36009,
    message: "This authorization code has been used.",
  });
  app.sim.clock.advance({ minutes: 10 });
  expect(errorOf(await app.exchangeCode(late))).toMatchObject({
    code: 100,
    error_subcode: 36007,
    message: "This authorization code has expired.",
  });
});

it("refuses what is wrong with the call in Facebook's own words, without using the code up", async () => {
  await using app = await startFacebookApp();
  const code = await app.consent();
  const { instagramApp, foreignFacebookApp } = app.sim;
  const unknownApp = "Error validating application. Cannot get application info due to a system error.";
  const cases: [Record<string, string | undefined>, Record<string, unknown>][] = [
    [{ client_id: undefined }, { code: 101, message: "Missing client_id parameter." }],
    [{ client_id: instagramApp.clientId }, { code: 101, message: unknownApp }],
    [{ client_id: "abc" }, { code: 101, message: "Error validating application. Invalid application ID." }],
    [{ client_secret: undefined }, { code: 1, message: "Missing client_secret parameter." }],
    [{ client_secret: "wrong" }, { code: 1, message: "Error validating client secret." }],
    [
      { client_secret: "wrong", code: "dummy" },
      { code: 1, message: "Error validating client secret." },
    ],
    [{ code: "dummy" }, { code: 100, message: "Invalid verification code format." }],
    [{ code: `${code}#_=_` }, { code: 100, message: "Invalid verification code format." }],
    [
      { client_id: foreignFacebookApp.clientId, client_secret: foreignFacebookApp.clientSecret },
      { code: 100, message: "Invalid verification code format." },
    ],
    [{ code: undefined }, { code: 1, message: "Missing authorization code" }],
    [{ redirect_uri: undefined }, { code: 191, message: "Missing redirect_uri parameter." }],
    [
      { redirect_uri: encodeURIComponent(FACEBOOK_REDIRECT_URI) },
      { code: 191, message: "redirect_uri isn't an absolute URI. Check RFC 3986." },
    ],
    [
      { redirect_uri: `${FACEBOOK_REDIRECT_URI}/` },
      { code: 100, error_subcode: 36008, message: expect.stringContaining("redirect_uri") as string },
    ],
    [{ grant_type: "password" }, { code: 100, message: "(#100) Invalid parameter: grant_type" }],
  ];
  for (const [change, error] of cases) {
    const answer = await app.exchangeCode(code, change);
    expect([change, answer.status]).toEqual([change, 400]);
    expect(errorOf(answer)).toMatchObject({ type: "OAuthException", ...error });
    expect(errorOf(answer)).toHaveProperty("fbtrace_id");
  }
  expect((await app.exchangeCode(code, { grant_type: "authorization_code" })).status).toBe(200);
});

it("refuses a code whose person removed the app before it was exchanged", async () => {
  await using app = await startFacebookApp();
  const code = await app.consent();
  app.sim.facebook.removeApp("maya.brandt");
  expect(errorOf(await app.exchangeCode(code))).toMatchObject({
    code: 190,
    error_subcode: 458,
    message: "Error validating access token: The user has not authorized application 770000000000001.",
  });
});

it("gives a system user's token without an end for a configuration that says so", async () => {
  await using app = await startFacebookApp();
  const configuration = app.sim.loginConfigurations.find(({ token }) => token === "system_user");
  const change = { scope: undefined, config_id: configuration?.id };
  const answer = await app.exchangeCode(await app.consent("oscar.agency", {}, change));
  expect(answer.json).not.toHaveProperty("expires_in");
  const token = tokenOf(answer);
  const { systemUserId } = app.sim.facebook.get("oscar.agency");
  expect(await app.debug(token)).toMatchObject({
    type: "SYSTEM_USER",
    expires_at: 0,
    data_access_expires_at: 0,
    user_id: systemUserId,
  });
  expect((await app.get("/me", { access_token: token })).json["id"]).toBe(systemUserId);
  app.sim.facebook.passwordChanged("oscar.agency");
  app.sim.clock.advance({ days: 400 });
  expect((await app.get("/me", { access_token: token })).status).toBe(200);
});
