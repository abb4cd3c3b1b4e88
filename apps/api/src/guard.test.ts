import { describe, expect, it } from "vitest";

import { MUTATIONS } from "./testing/procedures.ts";
import { openTestApp } from "./testing/open-app.ts";
import type { TestBrowser } from "./testing/test-browser.ts";

async function attemptsBegun(
  browser: TestBrowser,
  headers: Record<string, string | undefined>,
): Promise<number> {
  const before = browser.setCookies.length;
  const answer = await browser.request("/trpc/auth.begin", { body: "{}", headers });
  await answer.arrayBuffer();
  return browser.setCookies.length - before;
}

describe("changing something", () => {
  it("RF-01 needs a same-origin proof that agrees with itself, and our own header, in every combination", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    const own = app.config.appUrl;
    const sites = ["same-origin", "same-site", "cross-site", "none", "garbage", undefined];
    const origins = [
      own,
      "null",
      "http://sibling.localhost:5173",
      "https://evil.test",
      `${own}.evil.test`,
      own.toUpperCase(),
      undefined,
    ];
    let combinations = 0;
    for (const site of sites) {
      for (const origin of origins) {
        for (const client of ["web", undefined]) {
          combinations += 1;
          const isOwn = (site ?? "same-origin") === "same-origin" && (origin ?? own) === own;
          const isAllowed = isOwn && !(site === undefined && origin === undefined) && client !== undefined;
          const begun = await attemptsBegun(browser, {
            "sec-fetch-site": site,
            origin,
            "x-perennial-client": client,
          });
          expect(begun > 0, `${site} ${origin} ${client}`).toBe(isAllowed);
        }
      }
    }
    expect(combinations).toBe(84);
  });

  it("RF-02 takes exact JSON only", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    const refused = [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/octet-stream",
      "application/json\tx",
      "application/json;x",
      "application/json garbage",
      "application/jsonp",
      "text/json",
      "application/json, text/plain",
      "application/vnd.api+json",
      "application/json; charset=utf-7",
      " ",
      undefined,
    ];
    for (const type of refused) {
      const answer = await browser.request("/trpc/auth.begin", {
        body: "{}",
        headers: { "content-type": type },
      });
      expect([type, answer.status]).toEqual([type, 415]);
      expect(await answer.json()).toMatchObject({ error: { code: "not_json" } });
    }
    expect(browser.setCookies).toEqual([]);
  });

  it("RF-03 does not happen by GET, HEAD or an overridden method", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    const { connectionId } = await browser.signIn(app, "acme.shop");
    const before = browser.setCookies.length;
    for (const procedure of MUTATIONS) {
      for (const method of ["GET", "HEAD"]) {
        const input = encodeURIComponent(JSON.stringify({ id: connectionId }));
        const answer = await browser.request(`/trpc/${procedure}?input=${input}`, {
          method,
          headers: { "x-http-method-override": "POST" },
        });
        if (method === "GET") expect([procedure, answer.status]).toEqual([procedure, 405]);
        await answer.arrayBuffer();
      }
    }
    for (const method of ["PUT", "DELETE", "PATCH", "OPTIONS"]) {
      expect((await browser.request("/trpc/auth.signOut", { method })).status).toBe(405);
    }
    expect(browser.setCookies.length).toBe(before);
    expect((await browser.query("connections.get", { id: connectionId })).status).toBe(200);
  });

  it("refuses a page that was opened at another address, and says which one is right", async () => {
    await using app = await openTestApp();
    const headers = { origin: "http://127.0.0.1:5173" };
    const answer = await app.newBrowser().request("/trpc/auth.begin", { body: "{}", headers });
    expect(await answer.json()).toMatchObject({
      error: { code: "other_address", message: expect.stringContaining("http://localhost:5173") },
    });
  });
});
