import { describe, expect, it } from "vitest";

import { openTestApp } from "./testing/open-app.ts";

const ROOM = 4;

describe("an api with more to do than it can", () => {
  it("BP-01 answers what it has room for, tells the rest to come again at once, and is well right after", async () => {
    await using app = await openTestApp({ mostAtOnce: ROOM });
    const browser = app.newBrowser();
    const redirect = await browser.authorize(app, "acme.shop");
    const gate = app.sim.gates.add({ at: "code", point: "before_process" });
    const complete = () => browser.mutate("auth.complete", { flavour: "instagram", query: redirect.search });
    // The first exchanges the code, and the others wait for its result.
    const inside = Array.from({ length: ROOM }, complete);
    const waiting = await app.sim.gates.waitFor(gate);
    const outside = await Promise.all(Array.from({ length: 10 * ROOM }, () => browser.query("auth.session")));
    expect(new Set(outside.map(({ status }) => status))).toEqual(new Set([503]));
    expect(new Set(outside.map(({ headers }) => headers.get("retry-after")))).toEqual(new Set(["2"]));
    expect(await outside[0]?.json()).toMatchObject({ error: { code: "overloaded", retryable: true } });
    expect((await app.request("/healthz")).status).toBe(200);
    app.sim.gates.release(waiting.id);
    expect((await Promise.all(inside)).map(({ status }) => status)).toEqual(inside.map(() => 200));
    expect((await browser.query("auth.session")).status).toBe(200);
  });
});
