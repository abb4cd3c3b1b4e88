import { expect, it } from "vitest";
import { errorOf, startTestApp } from "../testing/test-app.ts";

type Page = {
  data: { id: string; caption?: string }[];
  paging?: { cursors: { before: string; after: string }; next?: string; previous?: string };
};

async function openAccount(user: string) {
  const app = await startTestApp();
  const token = app.sim.issueLongLivedToken(user).value;
  const list = async (query: Record<string, string>, path = "/me/media") =>
    app.get(path, { access_token: token, ...query });
  return { app, token, list };
}

it("lists posts with the fields that were asked for, newest first", async () => {
  const { app, list } = await openAccount("acme.shop");
  await using _app = app;
  const fields =
    "id,caption,media_type,media_product_type,media_url,thumbnail_url,permalink,timestamp,username,children{id,media_type}";
  const { json } = await list({ fields });
  const posts = (json as Page).data as Record<string, unknown>[];
  expect(posts.map((post) => post["media_type"])).toEqual(["IMAGE", "VIDEO", "CAROUSEL_ALBUM", "IMAGE"]);
  expect(posts[0]).toMatchObject({
    caption: "The new anvil line is here. Heavier than it looks.",
    timestamp: "2026-03-01T07:00:00+0000",
    username: "acme.shop",
    media_product_type: "FEED",
  });
  expect(posts[0]).not.toHaveProperty("thumbnail_url");
  expect(posts[1]).toHaveProperty("thumbnail_url");
  expect(posts[2]?.["children"]).toMatchObject({ data: [{ media_type: "IMAGE" }, {}, {}] });
  expect(posts[3]).not.toHaveProperty("caption");
  expect((await app.get(String(posts[0]?.["media_url"]))).status).toBe(200);
});

it("pages by cursor until next is missing, and back", async () => {
  const { app, list } = await openAccount("daily.bread");
  await using _app = app;
  const seen: string[] = [];
  let page = (await list({ limit: "25" })).json as Page;
  let pages = 1;
  for (; page.paging?.next !== undefined; pages++) {
    seen.push(...page.data.map((post) => post.id));
    page = (await app.get(page.paging.next)).json as Page;
  }
  seen.push(...page.data.map((post) => post.id));
  expect([pages, seen.length, new Set(seen).size]).toEqual([3, 60, 60]);
  const previous = (await app.get(page.paging?.previous ?? "")).json as Page;
  expect(previous.data.map((post) => post.id)).toEqual(seen.slice(25, 50));
});

it("puts the token into the next link, as the real one does", async () => {
  const { app, token, list } = await openAccount("daily.bread");
  await using _app = app;
  const { paging } = (await list({ limit: "2" }, "/v26.0/me/media")).json as Page;
  expect(paging?.next).toContain(`${app.sim.origin}/v26.0/me/media?`);
  expect(paging?.next).toContain(token);
});

it("takes the professional id as path, an empty account, and one post by its id", async () => {
  const { app, list } = await openAccount("acme.shop");
  await using _app = app;
  const { data } = (await list({}, "/17841401234567891/media")).json as Page;
  const one = await list({ fields: "caption" }, `/${data[0]?.id ?? ""}`);
  expect(one.json).toEqual({ caption: expect.stringContaining("anvil") as string, id: data[0]?.id });
  const empty = app.sim.issueLongLivedToken("hotel.miramar").value;
  expect((await app.get("/me/media", { access_token: empty })).text).toBe('{"data":[]}');
});

it("refuses unknown fields, foreign accounts, bad limits and cursors", async () => {
  const { app, list } = await openAccount("acme.shop");
  await using _app = app;
  const cases: [Record<string, string>, string][] = [
    [{ fields: "id,likes" }, "(#100) Tried accessing nonexisting field (likes) on node type (IGMedia)"],
    [
      { fields: "children{likes}" },
      "(#100) Tried accessing nonexisting field (likes) on node type (IGMedia)",
    ],
    [{ limit: "0" }, "(#100) Invalid cursor or limit"],
    [{ limit: "x" }, "(#100) Invalid cursor or limit"],
    [{ after: "QVFIx" }, "(#100) Invalid cursor or limit"],
  ];
  for (const [query, message] of cases) expect(errorOf(await list(query))["message"]).toBe(message);
  expect(errorOf(await list({}, "/17841401234567892/media"))["error_subcode"]).toBe(33);
});

it("tells the publishing limit, usage alone when no field is asked for", async () => {
  const { app, list } = await openAccount("acme.shop");
  await using _app = app;
  const path = "/17841401234567891/content_publishing_limit";
  expect((await list({ fields: "quota_usage,config" }, path)).json).toEqual({
    data: [{ quota_usage: 2, config: { quota_total: 100, quota_duration: 86_400 } }],
  });
  app.sim.policy.set({ quota_total: 50 });
  expect((await list({ fields: "config" }, path)).text).toContain('"quota_total":50');
  expect((await list({}, path)).json).toEqual({ data: [{ quota_usage: 2 }] });
  expect(errorOf(await list({ fields: "quota_left" }, path))["code"]).toBe(100);
  const basicOnly = app.sim.issueLongLivedToken("acme.shop", {
    permissions: ["instagram_business_basic"],
  }).value;
  expect(errorOf(await app.get(path, { access_token: basicOnly }))["code"]).toBe(10);
});
