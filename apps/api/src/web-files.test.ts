import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";

import { openTestApp } from "./testing/open-app.ts";

describe("pages and headers", () => {
  const webRoot = mkdtempSync(path.join(tmpdir(), "perennial-web-"));
  mkdirSync(path.join(webRoot, "assets"));
  writeFileSync(path.join(webRoot, "index.html"), "<!doctype html><title>Perennial</title>");
  writeFileSync(path.join(webRoot, "assets/app-1a2b.js"), "export {};");

  it("OA-14 sends no-referrer and no-store with the callback page, and a strict policy with every answer", async () => {
    await using app = await openTestApp({ webRoot });
    const browser = app.newBrowser();
    for (const address of [
      "/auth/instagram/callback?code=a&state=b",
      "/",
      "/connections",
      "/nothing",
      "/trpc/auth.session",
      "/healthz",
      "/trpc/nothing",
    ]) {
      const answer = await browser.request(address, { headers: { accept: "text/html" } });
      expect(answer.headers.get("referrer-policy"), address).toBe("no-referrer");
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      const policy = answer.headers.get("content-security-policy") ?? "";
      for (const part of [
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ])
        expect(policy).toContain(part);
      expect(policy).not.toContain("unsafe");
      if (!address.startsWith("/healthz"))
        expect([address, answer.headers.get("cache-control")]).toEqual([address, "no-store"]);
    }
  });

  it("logs addresses without their query", async () => {
    await using app = await openTestApp({ webRoot });
    await app
      .newBrowser()
      .request("/auth/instagram/callback?code=SIMCODE_abcdefghijkl&state=STATEabcdefghijkl");
    expect(app.logLines.join("")).not.toMatch(/SIMCODE|STATEabc/);
  });

  it("serves the built pages for our own addresses, files for good, and nothing outside its folder", async () => {
    await using app = await openTestApp({ webRoot });
    const browser = app.newBrowser();
    const page = await browser.request("/connections/con_x", { headers: { accept: "text/html" } });
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("Perennial")]);
    expect((await browser.request("/no/such/page", { headers: { accept: "text/html" } })).status).toBe(404);
    const file = await browser.request("/assets/app-1a2b.js");
    expect(file.headers.get("cache-control")).toContain("immutable");
    for (const escape of [
      "/assets/../../package.json",
      "/assets/%2e%2e/%2e%2e/package.json",
      "/..%2f..%2fpackage.json",
    ]) {
      expect((await browser.request(escape)).status).toBe(404);
    }
  });

  it("serves its pages to whoever takes anything, such as link previews and monitors, and says in JSON what is none", async () => {
    await using app = await openTestApp({ webRoot });
    const ask = async (path: string, accept?: string) => {
      const answer = await app.request(path, accept === undefined ? {} : { headers: { accept } });
      return [answer.status, answer.headers.get("content-type")?.split(";")[0]];
    };
    for (const accept of [undefined, "*/*", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"])
      expect(await ask("/", accept)).toEqual([200, "text/html"]);
    expect(await ask("/", "application/json")).toEqual([404, "application/json"]);
    expect(await ask("/no/such/page", "*/*")).toEqual([404, "application/json"]);
    expect(await ask("/no/such/page", "text/html")).toEqual([404, "text/html"]);
  });

  it("is ready while its database can be written", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    expect((await browser.request("/healthz")).status).toBe(200);
    expect((await browser.request("/readyz")).status).toBe(200);
  });
});
