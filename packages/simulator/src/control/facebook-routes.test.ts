import { describe, expect, it } from "vitest";
import type { FacebookPerson } from "../facebook/person.ts";
import { startFacebookApp, type FacebookApp } from "../testing/facebook-app.ts";
import { control, errorOf, startTestApp } from "../testing/test-app.ts";

const ACME_PAGE = "103000000000101";

function poster(app: FacebookApp) {
  return (name: string, body: object) => control(app.sim, "POST", `/__sim/facebook/${name}`, body);
}

describe("Facebook people", () => {
  it("are listed and added, with Pages, portfolios and everything that is left out filled in", async () => {
    await using app = await startFacebookApp();
    const post = poster(app);
    const listed = await fetch(`${app.sim.origin}/__sim/facebook/people`);
    expect(await listed.json()).toHaveLength(8);
    const pages = [
      { name: "Mine", instagramUser: "acme.shop", tasks: ["MANAGE"] },
      { id: ACME_PAGE },
      { portfolio: { id: "9", name: "Nine", relation: "client", role: "assigned" } },
    ];
    const added = await post("people", { key: "zoe", name: "Zoe", appRole: null, pages });
    expect(added.json).toMatchObject({
      key: "zoe",
      name: "Zoe",
      appScopedId: expect.stringMatching(/^\d{15}$/) as string,
      appRole: null,
      isCheckpointed: false,
      passwordChangedAt: null,
      pages: [
        { name: "Mine", instagramUser: "acme.shop", tasks: ["MANAGE"], portfolio: null },
        { id: ACME_PAGE, name: "Acme Shop", instagramUser: "acme.shop" },
        { instagramUser: null, portfolio: { id: "9", role: "assigned" } },
      ],
    });
    const page = await post("pages", { user: "zoe", id: "77", name: "Later" });
    expect(page.json).toMatchObject({ id: "77", name: "Later", instagramUser: null });
    expect(app.sim.facebook.get("zoe").pages).toHaveLength(4);
    expect(await post("people", { variant: "script" })).toMatchObject({ status: 200 });
  });

  it("are changed by each switch, which answers with the person as they are now", async () => {
    await using app = await startFacebookApp();
    const post = poster(app);
    const user = "maya.brandt";
    const json = async (name: string, body: object = {}) =>
      (await post(name, { user, ...body })).json as FacebookPerson;
    expect((await json("people/checkpoint")).isCheckpointed).toBe(true);
    expect((await json("people/clear_checkpoint")).isCheckpointed).toBe(false);
    expect((await json("people/rename", { name: "May" })).name).toBe("May");
    expect((await json("people/withdraw_app_role")).appRole).toBeNull();
    expect((await json("people/grant_app_role")).appRole).toBe("testers");
    expect((await json("people/grant_app_role", { role: "developers" })).appRole).toBe("developers");
    expect((await json("pages/tasks", { page: ACME_PAGE, tasks: ["MODERATE"] })).pages[0]?.tasks).toEqual([
      "MODERATE",
    ]);
    expect((await json("pages/withdraw_role", { page: ACME_PAGE })).pages[0]?.id).not.toBe(ACME_PAGE);
    const portfolio = { user: "oscar.agency", page: "103000000000201", role: "none" };
    const oscar = (await post("pages/portfolio_role", portfolio)).json as FacebookPerson;
    expect(oscar.pages[0]?.portfolio?.role).toBe("none");
    const link = { page: "103000000000102", instagramUser: null };
    const people = (await post("pages/link", link)).json as FacebookPerson[];
    expect(people.find(({ key }) => key === "alex.kim.studio")?.pages[0]?.instagramUser).toBeNull();

    const endings: [name: string, body: object, endedBy: string][] = [
      ["people/revoke", {}, "revoked"],
      ["people/revoke", { subcode: null }, "revoked"],
      ["people/password_changed", {}, "password_changed"],
      ["people/end_data_access", {}, "data_access_ended"],
      ["people/remove_app", {}, "app_removed"],
    ];
    for (const [name, body, endedBy] of endings) {
      app.sim.issueFacebookToken(user);
      expect([name, (await post(name, { user, ...body })).status]).toEqual([name, 200]);
      expect(app.sim.lineages()[0]?.tokens.at(-1)?.endedBy).toBe(endedBy);
    }
    expect(app.sim.facebook.get(user).passwordChangedAt).toEqual(app.sim.clock.now());
    expect((await post("people/remove", { user })).json).toHaveLength(7);
  });

  it("are refused when they make no sense", async () => {
    await using app = await startFacebookApp();
    const post = poster(app);
    const portfolio = { id: "9", name: "Nine", relation: "owned" };
    const bad: [name: string, body: object, status: number][] = [
      ["people", { key: "maya.brandt" }, 400],
      ["people", { key: "" }, 400],
      ["people", { appScopedId: "10200000000000001" }, 400],
      ["people", { appScopedId: "../me" }, 400],
      ["people", { nickname: "x" }, 400],
      ["people", { appRole: "owner" }, 400],
      ["people", { passwordChangedAt: "yesterday" }, 400],
      ["people", { pages: [{ tasks: ["DANCE"] }] }, 400],
      ["people", { pages: [{ id: "x" }] }, 400],
      ["people", { pages: [{ id: "5" }, { id: "5" }] }, 400],
      ["people", { pages: [{ id: ACME_PAGE, name: "Other" }] }, 400],
      ["people", { pages: [{ portfolio }] }, 400],
      ["people", { pages: "all" }, 400],
      ["pages", { user: "maya.brandt", id: ACME_PAGE }, 400],
      ["pages", { user: "nobody" }, 404],
      ["pages", { user: "maya.brandt", id: "x" }, 400],
      ["pages/withdraw_role", { user: "maya.brandt", page: "1" }, 400],
      ["pages/tasks", { user: "maya.brandt", page: ACME_PAGE }, 400],
      ["pages/portfolio_role", { user: "maya.brandt", page: ACME_PAGE, role: "none" }, 400],
      ["pages/portfolio_role", { user: "oscar.agency", page: "103000000000201" }, 400],
      ["pages/link", { page: "1", instagramUser: null }, 400],
      ["pages/link", { page: ACME_PAGE, instagramUser: "nobody" }, 404],
      ["people/rename", { user: "maya.brandt", name: "" }, 400],
      ["people/grant_app_role", { user: "maya.brandt", role: "owner" }, 400],
      ["people/revoke", { user: "maya.brandt", subcode: "x" }, 400],
      ["people/remove_app", { user: "nobody" }, 404],
      ["people/checkpoint", { user: "maya.brandt", more: 1 }, 400],
      ["token", { user: "maya.brandt", page: "1" }, 400],
      ["token", { user: "maya.brandt", kind: "eternal" }, 400],
      ["token", { user: "nobody" }, 404],
    ];
    for (const [name, body, status] of bad) {
      expect([name, body, (await post(name, body)).status]).toEqual([name, body, status]);
    }
    expect(app.sim.facebook.list()).toHaveLength(8);
  });

  it("give tokens of either app, of a Page and of a system user", async () => {
    await using app = await startFacebookApp();
    const post = poster(app);
    const issue = async (body: object) =>
      (await post("token", { user: "maya.brandt", ...body })).json as { value: string; expiresAt: string };
    const usual = await issue({});
    expect(usual.expiresAt).toMatch(/^2026-04-30/);
    expect((await issue({ kind: "short_lived" })).expiresAt).toMatch(/^2026-03-01T13/);
    const page = await issue({ page: ACME_PAGE, permissions: ["pages_show_list"], pages: [ACME_PAGE] });
    expect(page.expiresAt).toBeNull();
    expect((await app.debug(page.value))["type"]).toBe("PAGE");
    const system = await issue({ kind: "system_user", permissions: ["instagram_basic"] });
    expect(await app.debug(system.value)).toMatchObject({ type: "SYSTEM_USER", scopes: ["instagram_basic"] });
    const foreign = await issue({ app: "foreign" });
    const inspected = await app.get("/debug_token", {
      input_token: foreign.value,
      access_token: app.appToken,
    });
    expect(errorOf(inspected)["code"]).toBe(100);
  });

  it("are played in the dialog from another process", async () => {
    await using app = await startFacebookApp();
    const body = {
      authorization_url: app.dialogUrl(),
      user: "maya.brandt",
      untick: ["business_management"],
      pages: [ACME_PAGE],
    };
    const { json } = await control(app.sim, "POST", "/__sim/authorize", body);
    const { redirect } = json as { redirect: string };
    const code = new URL(redirect).searchParams.get("code") ?? "";
    const token = String((await app.exchangeCode(code)).json["access_token"]);
    expect(await app.debug(token)).toMatchObject({
      granular_scopes: expect.arrayContaining([
        { scope: "pages_show_list", target_ids: [ACME_PAGE] },
      ]) as unknown,
    });
  });
});

it("an Instagram token of another app is issued, and is no good with our secret", async () => {
  await using app = await startTestApp();
  const body = { user: "acme.shop", app: "foreign" };
  const { json } = await control(app.sim, "POST", "/__sim/token", body);
  const { value } = json as { value: string };
  expect((await app.me(value)).status).toBe(200);
  expect(errorOf(await app.exchange(value))).toMatchObject({
    code: 100,
    message: "Error validating client secret.",
  });
  const own = app.sim.issueLongLivedToken("acme.shop").value;
  expect(errorOf(await app.exchange(own))["code"]).toBe(452);
  app.sim.users.removeApp("acme.shop");
  expect([(await app.me(value)).status, (await app.me(own)).status]).toEqual([200, 400]);
  app.sim.users.passwordChanged("acme.shop");
  expect((await app.me(value)).status).toBe(400);
});

it("the lab page shows Facebook's people, their Pages and how they stand", async () => {
  await using app = await startFacebookApp();
  const { facebook } = app.sim;
  await app.longLived("maya.brandt", { untick: ["business_management"] });
  app.sim.issueFacebookToken("paul.plain", { page: "103000000000301" });
  facebook.endDataAccess("paul.plain");
  facebook.checkpoint("oscar.agency");
  facebook.passwordChanged("nadia.new");
  facebook.add({ variant: "script", pages: [{}] });
  const page = await (await fetch(app.sim.origin)).text();
  expect(page).toContain("Acme Shop (@acme.shop)");
  expect(page).toContain("Daily Bread Bakery &amp; Café (@daily.bread, may not publish)");
  expect(page).toContain("Studio Noor (@studio.noor, owned by Agency North, role assigned)");
  expect(page).toContain("54 more");
  expect(page).toContain("data access until 2026-05-30T12:00:00.000Z; declined business_management");
  expect(page).toContain("data access ended 2026-03-01T12:00:00.000Z");
  expect(page).toContain("at a checkpoint");
  expect(page).toContain("password changed 2026-03-01T12:00:00.000Z");
  expect(page).toContain("has no role in the app: sign-in fails");
  expect(page).not.toContain("<script");
});
