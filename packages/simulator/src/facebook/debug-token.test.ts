import { describe, expect, it } from "vitest";
import { listOf, startFacebookApp } from "../testing/facebook-app.ts";
import { errorOf, START } from "../testing/test-app.ts";

const DAY_S = 86_400;
const NOW_S = START / 1000;
const ACME_PAGE = "103000000000101";
const ACME_ACCOUNT = "17841401234567891";
const NOT_ENTITLED =
  "(#100) You must provide an app access token, or a user access token that is an owner or developer of the app";

describe("a token that works", () => {
  it("is told by type, app, person, ends and scopes", async () => {
    await using app = await startFacebookApp();
    const data = await app.debug(await app.longLived("alex.kim.shop"));
    expect(data).toEqual({
      app_id: "770000000000001",
      type: "USER",
      application: "Perennial (simulated)",
      data_access_expires_at: NOW_S + 90 * DAY_S,
      expires_at: expect.any(Number) as number,
      is_valid: true,
      issued_at: NOW_S,
      scopes: [
        "public_profile",
        "instagram_basic",
        "pages_show_list",
        "pages_read_engagement",
        "instagram_content_publish",
        "business_management",
      ],
      granular_scopes: [
        { scope: "instagram_basic", target_ids: [ACME_ACCOUNT] },
        { scope: "pages_show_list", target_ids: [ACME_PAGE] },
        { scope: "pages_read_engagement", target_ids: [ACME_PAGE] },
        { scope: "instagram_content_publish", target_ids: [ACME_ACCOUNT] },
        { scope: "business_management", target_ids: [] },
      ],
      user_id: "122000000000006",
    });
    expect(Number(data["expires_at"])).toBeGreaterThan(NOW_S + 59 * DAY_S);
  });

  it("says when it was issued only if it is long-lived", async () => {
    await using app = await startFacebookApp();
    const short = await app.shortLived();
    expect(await app.debug(short)).not.toHaveProperty("issued_at");
    const read = async (token: string) => {
      const { data } = listOf(await app.get("/me/accounts", { access_token: token }));
      return String(data[0]?.["access_token"]);
    };
    expect(await app.debug(await read(short))).not.toHaveProperty("issued_at");
    const long = await app.longLived();
    expect(await app.debug(await read(long))).toMatchObject({ issued_at: NOW_S });
  });

  it("of a Page names the Page, has no end, and shares the person's data access", async () => {
    await using app = await startFacebookApp();
    const { value, expiresAt } = app.sim.issueFacebookToken("maya.brandt", { page: ACME_PAGE });
    expect(expiresAt).toBeNull();
    expect(await app.debug(value)).toMatchObject({
      type: "PAGE",
      profile_id: ACME_PAGE,
      user_id: "10200000000000001",
      expires_at: 0,
      data_access_expires_at: NOW_S + 90 * DAY_S,
      granular_scopes: expect.arrayContaining([
        { scope: "pages_show_list", target_ids: [ACME_PAGE] },
      ]) as unknown,
    });
  });

  it("of the app itself is one of type APP", async () => {
    await using app = await startFacebookApp();
    expect(await app.debug(app.appToken)).toEqual({
      app_id: "770000000000001",
      type: "APP",
      application: "Perennial (simulated)",
      is_valid: true,
      scopes: [],
    });
  });

  it("has ids as numbers when the policy says so, every digit kept", async () => {
    await using app = await startFacebookApp({ policy: { fb_id_as: "number" } });
    const token = await app.longLived();
    const query = { input_token: token, access_token: app.appToken };
    const { text } = await app.get("/debug_token", query);
    expect(text).toContain('"app_id":770000000000001,');
    expect(text).toContain('"user_id":10200000000000001}');
    expect(text).toContain(`{"scope":"instagram_basic","target_ids":[${ACME_ACCOUNT},`);
  });

  it("names no targets when everything was shared and the policy says so", async () => {
    await using app = await startFacebookApp({ policy: { fb_target_ids: "limited_only" } });
    const all = await app.debug(await app.shortLived());
    expect(all["granular_scopes"]).toContainEqual({ scope: "pages_show_list" });
    const some = await app.debug(await app.shortLived("maya.brandt", { pages: [ACME_PAGE] }));
    expect(some["granular_scopes"]).toContainEqual({ scope: "pages_show_list", target_ids: [ACME_PAGE] });
  });

  it("names the portfolios in which the person has a role", async () => {
    await using app = await startFacebookApp();
    expect((await app.debug(await app.shortLived("oscar.agency")))["granular_scopes"]).toContainEqual({
      scope: "business_management",
      target_ids: ["109000000000001"],
    });
  });
});

describe("a token that does not work", () => {
  it("is told with HTTP 200 and an error inside, whose subcode is called subcode", async () => {
    await using app = await startFacebookApp();
    const token = await app.shortLived();
    app.sim.clock.advance({ hours: 2 });
    const data = await app.debug(token);
    expect(data).toMatchObject({
      is_valid: false,
      type: "USER",
      error: { code: 190, subcode: 463, message: expect.stringContaining("Session has expired") as string },
    });
    expect(data).not.toHaveProperty("granular_scopes");
    app.sim.facebook.removeApp("maya.brandt");
    const fresh = await app.shortLived();
    app.sim.facebook.removeApp("maya.brandt");
    expect(await app.debug(fresh)).toMatchObject({ is_valid: false, error: { subcode: 458 } });
    expect(await app.debug(fresh)).not.toHaveProperty("data_access_expires_at");
  });

  it("keeps saying until when data could be read", async () => {
    await using app = await startFacebookApp();
    const token = await app.longLived();
    app.sim.facebook.endDataAccess("maya.brandt");
    expect(await app.debug(token)).toMatchObject({
      is_valid: false,
      data_access_expires_at: NOW_S,
      error: { subcode: 493 },
    });
  });

  it("is told without a subcode when there is none", async () => {
    await using app = await startFacebookApp();
    const instagram = app.sim.issueLongLivedToken("acme.shop").value;
    for (const token of ["EAAnothing", instagram]) {
      expect(await app.debug(token)).toEqual({
        error: { code: 190, message: "Invalid OAuth access token - Cannot parse access token" },
        is_valid: false,
        scopes: [],
      });
    }
    expect(await app.debug("1|x")).toMatchObject({
      is_valid: false,
      error: { code: 190, message: "Invalid OAuth access token signature." },
    });
  });
});

describe("who may ask", () => {
  it("is the app with the right pair: a wrong one is about our own credentials", async () => {
    await using app = await startFacebookApp();
    const { facebookApp, instagramApp } = app.sim;
    const token = await app.shortLived();
    const pairs = [
      `${facebookApp.clientId}|wrong`,
      `${instagramApp.clientId}|${instagramApp.clientSecret}`,
      `${facebookApp.clientId}|`,
    ];
    for (const pair of pairs) {
      const answer = await app.get("/debug_token", { input_token: token, access_token: pair });
      expect([answer.status, errorOf(answer)]).toEqual([
        400,
        expect.objectContaining({ code: 190, message: "Invalid OAuth access token signature." }),
      ]);
    }
    const nobody = await app.get("/debug_token", { input_token: token });
    expect(errorOf(nobody)["code"]).toBe(104);
    const nothing = await app.get("/debug_token", { access_token: app.appToken });
    expect(errorOf(nothing)["message"]).toBe("(#100) The parameter input_token is required");
  });

  it("is an administrator or developer of the app, and no tester", async () => {
    await using app = await startFacebookApp();
    const token = await app.shortLived("alex.kim.shop");
    const asked = async (key: string) => {
      const access = await app.shortLived(key);
      const answer = await app.get("/debug_token", { input_token: token, access_token: access });
      return [key, answer.status, errorOf(answer)["message"]];
    };
    expect(await asked("maya.brandt")).toEqual(["maya.brandt", 200, undefined]);
    expect(await asked("oscar.agency")).toEqual(["oscar.agency", 200, undefined]);
    expect(await asked("alex.kim.shop")).toEqual(["alex.kim.shop", 400, NOT_ENTITLED]);
    const dead = await app.shortLived();
    app.sim.facebook.passwordChanged("maya.brandt");
    const answer = await app.get("/debug_token", { input_token: token, access_token: dead });
    expect(errorOf(answer)).toMatchObject({ code: 190, error_subcode: 460 });
  });

  it("is never another app, whichever way round", async () => {
    await using app = await startFacebookApp();
    const { clientId, clientSecret } = app.sim.foreignFacebookApp;
    const foreignApp = `${clientId}|${clientSecret}`;
    const foreign = app.sim.issueFacebookToken("maya.brandt", { app: "foreign" }).value;
    const own = await app.shortLived();
    const pairs: [string, string][] = [
      [foreign, app.appToken],
      [foreignApp, app.appToken],
      [own, foreignApp],
    ];
    for (const [inspected, asking] of pairs) {
      const answer = await app.get("/debug_token", { input_token: inspected, access_token: asking });
      expect([answer.status, errorOf(answer)]).toEqual([
        400,
        expect.objectContaining({ code: 100, message: NOT_ENTITLED }),
      ]);
    }
    const theirs = await app.debug(foreign, { access_token: foreignApp });
    expect(theirs).toMatchObject({ app_id: clientId, is_valid: true, user_id: "10200000000000001" });
  });
});

it("tells the app's roles to the app's own token only", async () => {
  await using app = await startFacebookApp();
  const { facebookApp, foreignFacebookApp } = app.sim;
  const path = `/v25.0/${facebookApp.clientId}`;
  const roles = await app.get(path, { fields: "roles", access_token: app.appToken });
  expect(roles.status).toBe(200);
  expect(roles.json["roles"]).toMatchObject({
    data: expect.arrayContaining([
      { app_id: facebookApp.clientId, user: "10200000000000001", role: "administrators" },
    ]) as unknown,
  });
  expect(roles.text).not.toContain("122000000000008"); // has no role
  const wrong = await app.get(path, { fields: "roles", access_token: `${facebookApp.clientId}|x` });
  expect([wrong.status, errorOf(wrong)]).toEqual([
    400,
    expect.objectContaining({ code: 190, message: "Invalid OAuth access token signature." }),
  ]);
  const other = await app.get(`/${foreignFacebookApp.clientId}`, { access_token: app.appToken });
  expect(errorOf(other)).toMatchObject({ code: 100, error_subcode: 33 });
  const field = await app.get(path, { fields: "secret", access_token: app.appToken });
  expect(errorOf(field)["message"]).toContain("nonexisting field (secret) on node type (Application)");
  const named = await app.get(path, { access_token: app.appToken });
  expect(named.json).toEqual({ id: facebookApp.clientId, name: "Perennial (simulated)" });
});
