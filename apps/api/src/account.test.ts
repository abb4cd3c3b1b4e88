import { describe, expect, it } from "vitest";

import { openTestApp } from "./testing/open-app.ts";
import { openStoreOf } from "./testing/stored-people.ts";
import { errorOf, resultOf } from "./testing/test-browser.ts";

describe("a person's account over tRPC", () => {
  it("is exported and erased, after which their browser, their other browsers and their keys open nothing", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    const second = app.newBrowser();
    await browser.signIn(app, "acme.shop");
    await second.signIn(app, "acme.shop");
    const key = await resultOf<{ secret: string }>(
      await browser.mutate("keys.create", { name: "Key", actions: ["read"] }),
    );
    const exported = await browser.mutate("account.export");
    const text = JSON.stringify(await resultOf(exported));
    expect(text).toContain('"username":"acme.shop"');
    expect(text).not.toMatch(/SIMTOK|v1\.[A-Za-z0-9-]+\./);
    expect(exported.headers.get("cache-control")).toBe("no-store");

    const refused = await errorOf(await browser.mutate("account.erase", { typed: "somebody.else" }));
    expect(refused.data.reason).toBe("erasure_not_confirmed");
    expect(await resultOf(await browser.mutate("account.erase", { typed: "acme.shop" }))).toEqual({
      erased: true,
    });
    expect([...browser.cookies.keys()].filter((name) => name.includes("session"))).toEqual([]);
    expect((await errorOf(await second.query("connections.list"))).data.reason).toBe("not_signed_in");
    const asked = await app.request("/v1/connections", {
      headers: { authorization: `Bearer ${key.secret}` },
    });
    expect(asked.status).toBe(401);
    await using store = await openStoreOf(app);
    const audit = await store.listAuditEvents({ userId: null, kind: "account", before: null, limit: 9 });
    expect(audit.map(({ kind }) => kind)).toEqual(["account.erased", "account.exported"]);
  });

  it("is nobody's without a session", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    for (const [procedure, input] of [
      ["account.export", {}],
      ["account.erase", { typed: "acme.shop" }],
    ] as const)
      expect((await errorOf(await browser.mutate(procedure, input))).data.reason).toBe("not_signed_in");
  });
});
