import { expect, it } from "vitest";
import { listOf, startFacebookApp, type FacebookApp } from "../testing/facebook-app.ts";
import { control, errorOf } from "../testing/test-app.ts";

const ACME = "17841401234567891";
const ACME_PAGE = "103000000000101";
const NOOR = "17841401234567893";
const NOOR_PAGE = "103000000000201";
const BREAD = "17841405550002741";
const BREAD_PAGE = "103000000000105";

const pageToken = (app: FacebookApp, person: string, page: string) =>
  app.sim.issueFacebookToken(person, { page }).value;

it("tells of the person with the name and the id as a string", async () => {
  await using app = await startFacebookApp();
  const token = await app.longLived();
  for (const path of ["/me", "/v25.0/me", "/10200000000000001"]) {
    expect((await app.get(path, { access_token: token })).json).toEqual({
      id: "10200000000000001",
      name: "Maya Brandt",
    });
  }
  const account = await app.get("/me", { fields: "id,instagram_business_account", access_token: token });
  expect(errorOf(account)["message"]).toBe(
    "(#100) Tried accessing nonexisting field (instagram_business_account) on node type (User)",
  );
  expect(errorOf(await app.get("/122000000000002", { access_token: token }))).toMatchObject({
    code: 100,
    error_subcode: 33,
  });
  const post = await app.get("/me", { access_token: token }, { method: "POST" });
  expect(errorOf(post)["message"]).toBe("Unsupported request - method type: post");
});

it("shows the account behind a Page, without account_type, to a person's token and to the Page's", async () => {
  await using app = await startFacebookApp();
  const fields = "id,username,name,profile_picture_url,followers_count,media_count,biography,website";
  for (const token of [await app.longLived(), pageToken(app, "maya.brandt", ACME_PAGE)]) {
    const answer = await app.get(`/v25.0/${ACME}`, { fields, access_token: token });
    expect(answer.json).toMatchObject({ id: ACME, username: "acme.shop", name: "Acme Shop", media_count: 4 });
    expect(answer.headers.get("x-business-use-case-usage")).toContain(`{"${ACME}":[{"type":"instagram"`);
    const picture = String(answer.json["profile_picture_url"]);
    expect(picture.startsWith(app.sim.facebookOrigin)).toBe(true);
    expect((await fetch(picture)).headers.get("content-type")).toBe("image/svg+xml");
    for (const field of ["account_type", "user_id"]) {
      const refused = await app.get(`/${ACME}`, { fields: field, access_token: token });
      expect(errorOf(refused)["message"]).toContain(`nonexisting field (${field}) on node type (IGUser)`);
    }
  }
});

it("hides accounts that are linked to none of the token's Pages", async () => {
  await using app = await startFacebookApp();
  const refusal = { code: 100, error_subcode: 33 };
  const lena = "17841401234567892";
  const other = pageToken(app, "maya.brandt", ACME_PAGE);
  expect(errorOf(await app.get(`/${lena}`, { access_token: other }))).toMatchObject(refusal);
  const stranger = await app.longLived("paul.plain");
  expect(errorOf(await app.get(`/${ACME}/media`, { access_token: stranger }))).toMatchObject(refusal);
  const personal = await app.longLived("casa.colectiva");
  expect(errorOf(await app.get("/17841401234567894", { access_token: personal }))).toMatchObject(refusal);
});

it("lists posts in sheets and tells the quota", async () => {
  await using app = await startFacebookApp();
  const token = pageToken(app, "casa.colectiva", BREAD_PAGE);
  const first = listOf(await app.get(`/v25.0/${BREAD}/media`, { fields: "id,caption", access_token: token }));
  expect([first.data.length, first.data[0]?.["caption"]]).toEqual([25, "Loaf number 60"]);
  expect(first.paging.next?.startsWith(app.sim.facebookOrigin)).toBe(true);
  expect(listOf(await app.get(first.paging.next ?? "")).data).toHaveLength(25);
  const query = { fields: "quota_usage,config", access_token: token };
  const limit = await app.get(`/${BREAD}/content_publishing_limit`, query);
  expect(limit.json).toEqual({
    data: [{ quota_usage: 3, config: { quota_total: 100, quota_duration: 86_400 } }],
  });
});

it("refuses content of a portfolio's Page to a person's token, and gives it to the Page's and the system user's", async () => {
  await using app = await startFacebookApp();
  const { sim } = app;
  const user = await app.longLived("oscar.agency");
  expect((await app.get(`/${NOOR}`, { fields: "username", access_token: user })).status).toBe(200);
  for (const edge of ["media", "content_publishing_limit"]) {
    const refused = await app.get(`/${NOOR}/${edge}`, { access_token: user });
    expect([edge, refused.status, errorOf(refused)]).toEqual([
      edge,
      403,
      expect.objectContaining({ code: 10, message: expect.stringContaining("(#10)") as string }),
    ]);
    for (const token of [
      pageToken(app, "oscar.agency", NOOR_PAGE),
      sim.issueFacebookToken("oscar.agency", { kind: "system_user" }).value,
    ]) {
      expect([edge, (await app.get(`/${NOOR}/${edge}`, { access_token: token })).status]).toEqual([
        edge,
        200,
      ]);
    }
  }
});

it("refuses content without a sufficient task on the Page", async () => {
  await using app = await startFacebookApp();
  const token = pageToken(app, "maya.brandt", BREAD_PAGE);
  const media = () => app.get(`/${BREAD}/media`, { access_token: token });
  expect(errorOf(await media())["code"]).toBe(10);
  app.sim.facebook.changeTasks("maya.brandt", BREAD_PAGE, ["CREATE_CONTENT"]);
  expect((await media()).status).toBe(200);
});

it("takes a permission for each thing, and notices when one is withdrawn", async () => {
  await using app = await startFacebookApp();
  const token = pageToken(app, "maya.brandt", ACME_PAGE);
  const code = async (path: string) => errorOf(await app.get(path, { access_token: token }))["code"];
  const body = { user: "maya.brandt", permissions: ["instagram_content_publish"] };
  await control(app.sim, "POST", "/__sim/facebook/people/withdraw_permissions", body);
  expect([await code(`/${ACME}/content_publishing_limit`), await code(`/${ACME}/media`)]).toEqual([
    10,
    undefined,
  ]);
  app.sim.facebook.withdrawPermissions("maya.brandt", ["instagram_basic"]);
  expect([await code(`/${ACME}/media`), await code(`/${ACME}`)]).toEqual([10, 10]);
});

it("lists what was granted and declined, also after permissions were withdrawn", async () => {
  await using app = await startFacebookApp();
  const token = await app.longLived("maya.brandt", { untick: ["business_management"] });
  app.sim.facebook.withdrawPermissions("maya.brandt", ["instagram_content_publish"]);
  for (const path of ["/me/permissions", "/10200000000000001/permissions"]) {
    const { data } = listOf(await app.get(path, { access_token: token }));
    expect(data).toEqual([
      { permission: "public_profile", status: "granted" },
      { permission: "instagram_basic", status: "granted" },
      { permission: "pages_show_list", status: "granted" },
      { permission: "pages_read_engagement", status: "granted" },
      { permission: "business_management", status: "declined" },
      { permission: "instagram_content_publish", status: "declined" },
    ]);
  }
});

it("gives a grant back: every token of the app ends, none of another's", async () => {
  await using app = await startFacebookApp();
  const foreign = app.sim.issueFacebookToken("maya.brandt", { app: "foreign" }).value;
  const page = pageToken(app, "maya.brandt", ACME_PAGE);
  const token = await app.longLived();
  const revoke = (id: string) =>
    app.get(`/v25.0/${id}/permissions`, { access_token: token }, { method: "DELETE" });
  expect(errorOf(await revoke("122000000000002"))["error_subcode"]).toBe(33);
  const answer = await revoke("10200000000000001");
  expect([answer.status, answer.text]).toEqual([200, '{"success":true}']);
  for (const dead of [token, page]) {
    expect(errorOf(await app.get("/me", { access_token: dead }))).toMatchObject({
      code: 190,
      error_subcode: 458,
    });
  }
  expect((await app.get("/me", { access_token: foreign })).status).toBe(200);
  expect(app.sim.lineages().find(({ appId }) => appId === "770000000000001")?.tokens[0]?.endedBy).toBe(
    "revoked_by_app",
  );
});
