import { SESSION_IDLE_MS } from "@perennial/connections";
import { describe, expect, it } from "vitest";

import { openTestApp } from "./testing/open-app.ts";
import { errorOf, resultOf, type TestBrowser } from "./testing/test-browser.ts";

type Listed = { id: string; device: string; isThisOne: boolean }[];

const sessionsOf = async (browser: TestBrowser) =>
  await resultOf<Listed>(await browser.query("auth.sessions"));
const statusOf = async (browser: TestBrowser) => (await browser.query("connections.list")).status;
const FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:152.0) Gecko/20100101 Firefox/152.0";

describe("a person's sessions", () => {
  it("SE-08 are listed by what the browsers say, and say nothing that opens one", async () => {
    await using app = await openTestApp();
    const [phone, desk] = [app.newBrowser(), app.newBrowser()];
    await phone.signIn(app, "acme.shop");
    const { search } = await desk.authorize(app, "acme.shop");
    await desk.request("/trpc/auth.complete", {
      body: JSON.stringify({ flavour: "instagram", query: search }),
      headers: { "user-agent": FIREFOX },
    });
    const listed = await sessionsOf(desk);
    expect(listed.map(({ device, isThisOne }) => [device, isThisOne])).toEqual([
      ["Firefox on Windows", true],
      ["Unknown browser", false],
    ]);
    const text = await (await desk.query("auth.sessions")).text();
    for (const browser of [phone, desk]) {
      const claims = (browser.cookies.get("perennial_session") ?? "").split(".")[1] ?? "";
      const { sid } = JSON.parse(Buffer.from(claims, "base64url").toString()) as { sid: string };
      expect(text).not.toContain(sid);
    }
    expect((await app.newBrowser().query("auth.sessions")).status).toBe(401);
  });

  it("SE-08 SE-04 are ended by a click, one or all others, and their cookies open nothing from then on", async () => {
    await using app = await openTestApp();
    const browsers = Array.from({ length: 5 }, () => app.newBrowser());
    for (const browser of browsers) await browser.signIn(app, "acme.shop");
    const stranger = app.newBrowser();
    await stranger.signIn(app, "lena.paints");
    const [own] = browsers;
    if (own === undefined) throw new Error("There is no browser.");
    const live = async () => (await Promise.all(browsers.map(statusOf))).filter((status) => status === 200);
    const [, other] = await sessionsOf(own);
    const foreign = await stranger.mutate("auth.revokeSession", { id: other?.id });
    expect([foreign.status, (await errorOf(foreign)).data.reason]).toEqual([404, "session_not_found"]);
    expect(await live()).toHaveLength(5);

    expect(await resultOf(await own.mutate("auth.revokeSession", { id: other?.id }))).toEqual({ ended: 1 });
    expect(await live()).toHaveLength(4);
    expect(await resultOf(await own.mutate("auth.revokeSession", { id: "others" }))).toEqual({ ended: 3 });
    expect(await live()).toHaveLength(1);
    expect(await sessionsOf(own)).toHaveLength(1);
    expect(await statusOf(own)).toBe(200);
    expect(await statusOf(stranger)).toBe(200);
    for (const input of [{}, { id: "all" }, { id: "" }, { id: null }])
      expect((await own.mutate("auth.revokeSession", input)).status).toBe(400);
  });

  it("SE-05 are refused once they were not used for three days, whatever the cookie says", async () => {
    let isLater = false;
    const agoMs = () => (isLater ? SESSION_IDLE_MS : 0);
    await using app = await openTestApp({
      decorateStore: (store) => ({
        ...store,
        findSession: async (idHash, wallNow) => {
          const found = await store.findSession(idHash, wallNow);
          if (found === null) return null;
          return { ...found, lastSeenAt: new Date(found.lastSeenAt.getTime() - agoMs()) };
        },
      }),
    });
    const browser = app.newBrowser();
    await browser.signIn(app, "acme.shop");
    expect(await statusOf(browser)).toBe(200);
    isLater = true;
    expect(await statusOf(browser)).toBe(401);
    expect(await resultOf(await browser.query("auth.session"))).toMatchObject({ user: null });
  });
});
