import { describe, expect, it } from "vitest";
import { listOf, namesOf, startFacebookApp, type FacebookApp } from "../testing/facebook-app.ts";
import { errorOf } from "../testing/test-app.ts";

const ACME_PAGE = "103000000000101";
const PORTFOLIO = "109000000000001";
const FIELDS = "id,name,access_token,tasks,instagram_business_account{id,username,followers_count}";

const accounts = (app: FacebookApp, token: string, query: Record<string, string> = {}) =>
  app.get("/v25.0/me/accounts", { access_token: token, ...query });

describe("/me/accounts", () => {
  it("lists Pages with tasks, token and linked account; the account is missing where there is none", async () => {
    await using app = await startFacebookApp();
    const token = await app.longLived();
    const { data } = listOf(await accounts(app, token, { fields: FIELDS }));
    expect(data.map(({ name }) => name)).toEqual([
      "Acme Shop",
      "Lena Okafor Paintings",
      "North Roasters",
      "Weekend Market",
      "Daily Bread Bakery & Café",
    ]);
    expect(data[0]).toEqual({
      id: ACME_PAGE,
      name: "Acme Shop",
      access_token: expect.stringMatching(/^SIMTOK_/) as string,
      tasks: ["MANAGE", "CREATE_CONTENT", "MODERATE", "MESSAGING", "ADVERTISE", "ANALYZE"],
      instagram_business_account: {
        id: "17841401234567891",
        username: "acme.shop",
        followers_count: 4210,
      },
    });
    expect(data[3]).not.toHaveProperty("instagram_business_account");
    expect(data[4]).toMatchObject({ tasks: ["ANALYZE", "MESSAGING"] });
  });

  it("has usual fields, and an account's id alone when its fields are not named", async () => {
    await using app = await startFacebookApp();
    const token = await app.longLived("alex.kim.shop");
    const [usual] = listOf(await accounts(app, token)).data;
    expect(Object.keys(usual ?? {})).toEqual(["access_token", "category", "name", "id", "tasks"]);
    const [bare] = listOf(await accounts(app, token, { fields: "instagram_business_account" })).data;
    expect(bare).toEqual({ instagram_business_account: { id: "17841401234567891" }, id: ACME_PAGE });
  });

  it("leaves out personal accounts, and every account without instagram_basic", async () => {
    await using app = await startFacebookApp();
    const fields = "id,instagram_business_account";
    const many = await app.longLived("casa.colectiva");
    const { data } = listOf(await accounts(app, many, { fields, limit: "100" }));
    const linked = data.filter((page) => page["instagram_business_account"] !== undefined);
    expect(linked.map(({ id }) => id)).toEqual(["103000000000105"]);
    const blind = await app.longLived("maya.brandt", { untick: ["instagram_basic"] });
    expect((await accounts(app, blind, { fields })).text).not.toContain("instagram_business_account");
  });

  it("comes in sheets whose next link carries the token, forwards and back", async () => {
    await using app = await startFacebookApp();
    const token = await app.longLived("casa.colectiva");
    const sizes: number[] = [];
    const ids = new Set<unknown>();
    let next: string | undefined = "/v25.0/me/accounts?fields=id";
    let last = await app.get(next, {}, { headers: { authorization: `Bearer ${token}` } });
    for (;;) {
      const { data, paging } = listOf(last);
      sizes.push(data.length);
      for (const { id } of data) ids.add(id);
      next = paging.next;
      if (next === undefined) break;
      expect(next.startsWith(app.sim.facebookOrigin)).toBe(true);
      expect(new URL(next).searchParams.get("access_token")).toBe(token);
      last = await app.get(next);
    }
    expect([sizes, ids.size]).toEqual([[25, 25, 10], 60]);
    expect(listOf(await app.get(listOf(last).paging.previous ?? "")).data).toHaveLength(25);
    for (const query of [{ limit: "0" }, { limit: "x" }, { after: "nowhere" }]) {
      expect(errorOf(await accounts(app, token, query))["code"]).toBe(100);
    }
  });

  it("is empty, and no error, without Pages, without sharing any, and without pages_show_list", async () => {
    await using app = await startFacebookApp();
    const tokens = [
      await app.longLived("nadia.new"),
      await app.longLived("paul.plain", { pages: [] }),
      await app.longLived("maya.brandt", { untick: ["pages_show_list"] }),
    ];
    for (const token of tokens) {
      const { status, text } = await accounts(app, token);
      expect([status, text]).toEqual([200, '{"data":[]}']);
    }
  });

  it("fails on a field it does not have, also inside an account: account_type is one", async () => {
    await using app = await startFacebookApp();
    const token = await app.longLived();
    const message = async (fields: string) => errorOf(await accounts(app, token, { fields }))["message"];
    expect(await message("id,nope")).toBe(
      "(#100) Tried accessing nonexisting field (nope) on node type (Page)",
    );
    expect(await message("instagram_business_account{id,account_type}")).toBe(
      "(#100) Tried accessing nonexisting field (account_type) on node type (IGUser)",
    );
  });
});

describe("Pages of a portfolio", () => {
  it("are listed with business_management and a role that reaches them only", async () => {
    await using app = await startFacebookApp();
    const untick = ["business_management"];
    expect(namesOf(await accounts(app, await app.longLived("oscar.agency", { untick })))).toEqual([]);
    await app.answerDialog("oscar.agency", {}, { auth_type: "rerequest" });
    const token = await app.longLived("oscar.agency");
    expect(namesOf(await accounts(app, token))).toEqual(["Studio Noor"]);
    app.sim.facebook.changePortfolioRole("oscar.agency", "103000000000202", "assigned");
    expect(namesOf(await accounts(app, token))).toEqual(["Studio Noor", "Hotel Miramar"]);
  });

  it("are found through the portfolio, owned ones and clients' apart", async () => {
    await using app = await startFacebookApp();
    const token = await app.longLived("oscar.agency");
    const query = { access_token: token };
    const { data } = listOf(await app.get("/me/businesses", query));
    expect(data).toEqual([{ id: PORTFOLIO, name: "Agency North" }]);
    expect(namesOf(await app.get(`/${PORTFOLIO}/owned_pages`, query))).toEqual(["Studio Noor"]);
    const clients = await app.get(`/${PORTFOLIO}/client_pages`, {
      ...query,
      fields: "id,name,access_token,instagram_business_account{username}",
    });
    expect(listOf(clients).data).toEqual([
      {
        id: "103000000000202",
        name: "Hotel Miramar",
        access_token: expect.stringMatching(/^SIMTOK_/) as string,
        instagram_business_account: { id: "17841405550002099", username: "hotel.miramar" },
      },
    ]);
    const tasks = await app.get(`/${PORTFOLIO}/owned_pages`, { ...query, fields: "tasks" });
    expect(errorOf(tasks)["message"]).toContain("nonexisting field (tasks) on node type (Page)");
    expect(errorOf(await app.get("/109000000000009/owned_pages", query))["error_subcode"]).toBe(33);
    expect(listOf(await app.get("/me/businesses", { access_token: await app.longLived() })).data).toEqual([]);
  });

  it("are refused without business_management", async () => {
    await using app = await startFacebookApp();
    const token = await app.longLived("oscar.agency", { untick: ["business_management"] });
    for (const path of ["/me/businesses", `/${PORTFOLIO}/owned_pages`, `/${PORTFOLIO}/client_pages`]) {
      const answer = await app.get(path, { access_token: token });
      expect([path, answer.status, errorOf(answer)["code"]]).toEqual([path, 403, 200]);
      expect(errorOf(answer)["message"]).toContain("Requires business_management permission");
    }
  });

  it("are read by id from the targets of granular scopes, listed or not", async () => {
    await using app = await startFacebookApp();
    const token = await app.longLived("oscar.agency");
    const scopes = (await app.debug(token))["granular_scopes"] as { scope: string; target_ids: string[] }[];
    const targets = scopes.find(({ scope }) => scope === "pages_show_list")?.target_ids ?? [];
    const fields = "name,access_token,instagram_business_account{username}";
    const names: unknown[] = [];
    for (const id of targets) {
      const { json } = await app.get(`/${id}`, { fields, access_token: token });
      names.push(json["name"], json["instagram_business_account"]);
      expect((await app.debug(String(json["access_token"])))["profile_id"]).toBe(id);
    }
    expect(names).toEqual([
      "Studio Noor",
      { id: "17841401234567893", username: "studio.noor" },
      "Hotel Miramar",
      { id: "17841405550002099", username: "hotel.miramar" },
      "Ines Runs",
      { id: "17841405550001453", username: "ines.runs" },
    ]);
  });
});

describe("one Page", () => {
  it("has name and id by default, no tasks, and a token of its own", async () => {
    await using app = await startFacebookApp();
    const token = await app.longLived();
    const read = (fields?: string) => app.get(`/v25.0/${ACME_PAGE}`, { fields, access_token: token });
    const usual = await read();
    expect(usual.json).toEqual({ id: ACME_PAGE, name: "Acme Shop" });
    expect(usual.headers.get("x-business-use-case-usage")).toContain(`{"${ACME_PAGE}":[{"type":"pages"`);
    expect(errorOf(await read("id,tasks"))["message"]).toBe(
      "(#100) Tried accessing nonexisting field (tasks) on node type (Page)",
    );
    const pageToken = String((await read("access_token")).json["access_token"]);
    const own = await app.get(`/${ACME_PAGE}`, { fields: "access_token", access_token: pageToken });
    expect(own.json["access_token"]).toBe(pageToken);
    const me = await app.get("/me", { fields: "instagram_business_account", access_token: pageToken });
    expect(me.json["instagram_business_account"]).toEqual({ id: "17841401234567891" });
  });

  it("is not there for a token that may not see it: not shared, another's, or another Page's token", async () => {
    await using app = await startFacebookApp();
    const { sim } = app;
    const tokens = [
      await app.longLived("maya.brandt", { pages: ["103000000000102"] }),
      await app.longLived("paul.plain"),
      sim.issueFacebookToken("alex.kim.studio", { page: "103000000000102" }).value,
    ];
    for (const token of tokens) {
      expect(errorOf(await app.get(`/${ACME_PAGE}`, { access_token: token }))).toMatchObject({
        type: "GraphMethodException",
        code: 100,
        error_subcode: 33,
      });
    }
  });

  it("takes pages_read_engagement", async () => {
    await using app = await startFacebookApp();
    const token = await app.longLived("maya.brandt", { untick: ["pages_read_engagement"] });
    const answer = await app.get(`/${ACME_PAGE}`, { access_token: token });
    expect([answer.status, errorOf(answer)["code"]]).toEqual([403, 10]);
    expect(errorOf(answer)["message"]).toContain("pages_read_engagement");
  });

  it("has no edges of a person's: a Page's token lists nothing", async () => {
    await using app = await startFacebookApp();
    const token = app.sim.issueFacebookToken("maya.brandt", { page: ACME_PAGE }).value;
    for (const edge of ["accounts", "businesses", "permissions"]) {
      const answer = await app.get(`/me/${edge}`, { access_token: token });
      expect(errorOf(answer)["message"]).toBe(
        `(#100) Tried accessing nonexisting field (${edge}) on node type (Page)`,
      );
    }
    const refused = await app.get("/me/permissions", { access_token: token }, { method: "DELETE" });
    expect(errorOf(refused)["code"]).toBe(100);
  });

  it("is linked and unlinked, and loses an account that is deleted or becomes personal", async () => {
    await using app = await startFacebookApp();
    const token = await app.longLived();
    const account = async () => {
      const fields = "instagram_business_account{username}";
      const { json } = await app.get(`/${ACME_PAGE}`, { fields, access_token: token });
      const linked: unknown = json["instagram_business_account"];
      return typeof linked === "object" && linked !== null ? Reflect.get(linked, "username") : null;
    };
    const { facebook, users } = app.sim;
    facebook.linkInstagram(ACME_PAGE, "ines.runs");
    expect([await account(), facebook.get("alex.kim.shop").pages[0]?.instagramUser]).toEqual([
      "ines.runs",
      "ines.runs",
    ]);
    users.switchToPersonal("ines.runs");
    expect(await account()).toBeNull();
    users.switchToProfessional("ines.runs");
    users.remove("ines.runs");
    users.add({ key: "ines.runs" });
    expect(await account()).toBeNull();
    facebook.linkInstagram(ACME_PAGE, "acme.shop");
    expect(await account()).toBe("acme.shop");
    facebook.linkInstagram(ACME_PAGE, null);
    expect(await account()).toBeNull();
  });
});
