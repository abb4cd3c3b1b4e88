import { describe, expect, it } from "vitest";

import { errorOf, openTestLogin, TEST_ACCOUNT_ID, TEST_TOKEN } from "./testing/open-test-login.ts";

const PAGE = {
  data: [
    {
      id: "18000000000000001",
      media_type: "IMAGE",
      media_product_type: "FEED",
      caption: "Sunrise",
      media_url: "https://cdn.example.com/1.jpg",
      permalink: "https://www.instagram.com/p/Abc/",
      timestamp: "2026-06-01T12:30:00+0000",
    },
    {
      id: "18000000000000002",
      media_type: "CAROUSEL_ALBUM",
      children: { data: [{ id: "18000000000000003" }] },
    },
  ],
  paging: {
    cursors: { before: "QVFI", after: "QVFJ" },
    next: `https://graph.instagram.com/x?access_token=${TEST_TOKEN.value}`,
  },
};

describe("recent media", () => {
  it("gives posts, and of the paging the cursor alone", async () => {
    const { login, requests } = openTestLogin([{ json: PAGE }]);
    const page = await login.fetchRecentMedia(TEST_TOKEN, TEST_ACCOUNT_ID, { limit: 2 });
    expect(page).toEqual({
      after: "QVFJ",
      items: [
        {
          id: "18000000000000001",
          kind: "image",
          productType: "FEED",
          caption: "Sunrise",
          mediaUrl: "https://cdn.example.com/1.jpg",
          thumbnailUrl: null,
          permalink: "https://www.instagram.com/p/Abc/",
          publishedAt: new Date("2026-06-01T12:30:00Z"),
          childIds: [],
        },
        {
          id: "18000000000000002",
          kind: "carousel",
          productType: null,
          caption: null,
          mediaUrl: null,
          thumbnailUrl: null,
          permalink: null,
          publishedAt: null,
          childIds: ["18000000000000003"],
        },
      ],
    });
    expect(JSON.stringify(page)).not.toContain("SIMTOK");
    expect(new URL(requests[0]?.url ?? "").pathname).toBe("/v26.0/17841400000000123/media");
  });

  it("passes the cursor on, encoded", async () => {
    const { login, requests } = openTestLogin([{ json: { data: [] } }]);
    await login.fetchRecentMedia(TEST_TOKEN, TEST_ACCOUNT_ID, { after: "QV&F=#J" });
    expect(new URL(requests[0]?.url ?? "").searchParams.get("after")).toBe("QV&F=#J");
  });

  it("ends when there is no next, however full the page", async () => {
    const { login } = openTestLogin([{ json: { ...PAGE, paging: { cursors: PAGE.paging.cursors } } }]);
    expect((await login.fetchRecentMedia(TEST_TOKEN, TEST_ACCOUNT_ID)).after).toBeNull();
  });

  it("leaves out what is no post", async () => {
    const { login } = openTestLogin([
      { json: { data: [null, 7, {}, { id: "x" }, { id: "18000000000000001" }] } },
    ]);
    const page = await login.fetchRecentMedia(TEST_TOKEN, TEST_ACCOUNT_ID);
    expect(page.items).toMatchObject([{ id: "18000000000000001", kind: "unknown" }]);
  });

  it.each(["yesterday", "2026-13-45T99:99:99+0000", 7])(
    "takes the timestamp %j for none",
    async (timestamp) => {
      const { login } = openTestLogin([{ json: { data: [{ id: "18000000000000001", timestamp }] } }]);
      const page = await login.fetchRecentMedia(TEST_TOKEN, TEST_ACCOUNT_ID);
      expect(page.items[0]?.publishedAt).toBeNull();
    },
  );

  it.each([0, 101, 1.5, NaN])("refuses the limit %d", async (limit) => {
    const { login } = openTestLogin([]);
    await expect(login.fetchRecentMedia(TEST_TOKEN, TEST_ACCOUNT_ID, { limit })).rejects.toThrow(RangeError);
  });

  it("fails when the answer is no page", async () => {
    const { login } = openTestLogin([{ json: { data: {} } }]);
    expect((await errorOf(login.fetchRecentMedia(TEST_TOKEN, TEST_ACCOUNT_ID))).reason).toBe(
      "answer_incomplete",
    );
  });
});

describe("the publishing quota", () => {
  it("is read with its total and its window", async () => {
    const json = { data: [{ quota_usage: 2, config: { quota_total: 100, quota_duration: 86_400 } }] };
    const { login, requests } = openTestLogin([{ json }]);
    const quota = await login.fetchPublishingQuota(TEST_TOKEN, "17841400000000123");
    expect(quota).toEqual({ used: 2, total: 100, windowSeconds: 86_400 });
    expect(new URL(requests[0]?.url ?? "").pathname).toBe(
      "/v26.0/17841400000000123/content_publishing_limit",
    );
  });

  it("does without the configuration", async () => {
    const { login } = openTestLogin([{ json: { data: [{ quota_usage: 0 }] } }]);
    const quota = await login.fetchPublishingQuota(TEST_TOKEN, "17841400000000123");
    expect(quota).toEqual({ used: 0, total: null, windowSeconds: null });
  });

  it.each([{ data: [] }, { data: [{}] }, {}])("fails on %j", async (json) => {
    const { login } = openTestLogin([{ json }]);
    const error = await errorOf(login.fetchPublishingQuota(TEST_TOKEN, "17841400000000123"));
    expect(error.reason).toBe("answer_incomplete");
  });

  it.each(["", "me", "../x", "1?a=b"])("does not put the account id %j into a path", async (accountId) => {
    const { login, requests } = openTestLogin([]);
    await expect(login.fetchPublishingQuota(TEST_TOKEN, accountId)).rejects.toThrow(TypeError);
    expect(requests).toEqual([]);
  });
});
