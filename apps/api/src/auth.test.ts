import { createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

import { openTestApp } from "./testing/open-app.ts";
import { seededRandom } from "./testing/random.ts";
import { errorOf, resultOf } from "./testing/test-browser.ts";

type SessionAnswer = { user: { id: string } | null };

const HTTPS = { appUrl: "https://app.example.com" };
const SESSION = "__Host-perennial_session";

describe("sessions", () => {
  it("SE-02 sets only __Host- cookies that are Secure, HttpOnly, SameSite=Lax, host-bound and under 4096 bytes", async () => {
    await using app = await openTestApp(HTTPS);
    const browser = app.newBrowser();
    await browser.signIn(app, "acme.shop");
    await browser.mutate("auth.signOut");
    expect(browser.setCookies.length).toBeGreaterThanOrEqual(3);
    for (const header of browser.setCookies) {
      expect(header).toMatch(/^__Host-perennial_/);
      for (const attribute of ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"])
        expect(header.split("; ")).toContain(attribute);
      expect(header).not.toMatch(/domain/i);
      expect(header.length).toBeLessThanOrEqual(4096);
    }
  });

  it("OA-01 refuse what was begun at a terminal, without spending it", async () => {
    await using app = await openTestApp();
    const begin = { flavour: "instagram", userId: null, connectionId: null, forceReauth: false } as const;
    const { authorizationUrl } = await app.runtime.connections.beginTerminalSignIn(begin);
    const address = await app.sim.authorize({ authorizationUrl, user: "acme.shop" });
    const browser = app.newBrowser();
    const query = new URL(address).search;
    const refused = await errorOf(await browser.mutate("auth.complete", { flavour: "instagram", query }));
    expect(refused.data.reason).toBe("sign_in_wrong_browser");
    expect(app.sim.ledger().filter(({ endpoint }) => endpoint === "code")).toEqual([]);
    const bring = { text: address, state: null, accountIds: null };
    const result = await app.runtime.connections.completeTerminalSignIn(bring);
    expect(result).toMatchObject({ kind: "signed_in", connections: [{ username: "acme.shop" }] });
  });

  it("SE-01 leaves no usable session id in the database", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    await browser.signIn(app, "acme.shop");
    const cookie = browser.cookies.get("perennial_session") ?? "";
    const { sid } = JSON.parse(Buffer.from(cookie.split(".")[1] ?? "", "base64url").toString()) as {
      sid: string;
    };
    expect(Buffer.from(sid, "base64url").length).toBeGreaterThanOrEqual(16);
    for (const file of ["perennial.db", "perennial.db-wal"]) {
      expect(readFileSync(path.join(app.folder, file)).includes(sid)).toBe(false);
    }
  });

  it("SE-03 gives a new session id at sign-in and at linking, and never adopts a planted one", async () => {
    await using app = await openTestApp(HTTPS);
    const victim = app.newBrowser();
    const attacker = app.newBrowser();
    await attacker.signIn(app, "lena.paints");
    const planted = attacker.cookies.get(SESSION) ?? "";
    const { search } = await victim.authorize(app, "acme.shop");
    victim.cookies.set(SESSION, planted);
    await resultOf(await victim.mutate("auth.complete", { flavour: "instagram", query: search }));
    const own = victim.cookies.get(SESSION) ?? "";
    expect(own).not.toBe(planted);
    const { user } = await resultOf<SessionAnswer>(await attacker.query("auth.session"));
    expect(user).toBeNull(); // the planted session ended when it was replaced

    await victim.signIn(app, "lena.paints").catch(() => undefined); // held by another user: refused
    const { search: again } = await victim.authorize(app, "acme.shop");
    await resultOf(await victim.mutate("auth.complete", { flavour: "instagram", query: again }));
    expect(victim.cookies.get(SESSION)).not.toBe(own);
  });

  it("SE-04 ends a session at once for every copy of its cookie", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    await browser.signIn(app, "acme.shop");
    const copy = app.newBrowser();
    for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
    expect((await copy.query("connections.list")).status).toBe(200);
    await resultOf(await browser.mutate("auth.signOut"));
    expect((await copy.query("connections.list")).status).toBe(401);
    expect(browser.cookies.has("perennial_session")).toBe(false);
  });

  it("SE-07 takes nothing but a session for a session", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    await browser.signIn(app, "acme.shop");
    const genuine = browser.cookies.get("perennial_session") ?? "";
    const [header = "", payload = "", signature = ""] = genuine.split(".");
    const forge = (head: object, secret: string, claims = payload): string => {
      const start = `${Buffer.from(JSON.stringify(head)).toString("base64url")}.${claims}`;
      return `${start}.${createHmac("sha256", secret).update(start).digest("base64url")}`;
    };
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as object;
    const otherAudience = Buffer.from(JSON.stringify({ ...claims, aud: "another-purpose" })).toString(
      "base64url",
    );
    const impostors = [
      [...browser.cookies.entries()].find(([name]) => name.includes("attempt"))?.[1] ?? "",
      app.config.cronSecrets[0] ?? "",
      app.config.jwtSecret,
      randomBytes(32).toString("base64url"),
      `${header}.${payload}.`,
      `${header}.${payload}.${signature.slice(0, -2)}AA`,
      forge({ alg: "none" }, ""),
      forge({ alg: "HS256", typ: "session+jwt" }, app.config.cronSecrets[0] ?? ""),
      forge({ alg: "HS256", typ: "JWT" }, app.config.jwtSecret),
      forge({ alg: "HS256", typ: "session+jwt" }, app.config.jwtSecret, otherAudience),
      `${Buffer.from('{"alg":"none","typ":"session+jwt"}').toString("base64url")}.${payload}.`,
      "null",
      "",
      "{}",
      genuine.repeat(2),
    ];
    for (const impostor of impostors) {
      browser.cookies.set("perennial_session", impostor);
      expect((await browser.query("connections.list")).status, impostor.slice(0, 20)).toBe(401);
    }
    browser.cookies.set("perennial_session", genuine);
    expect((await browser.query("connections.list")).status).toBe(200);
  });

  it("SE-09 reads 1,000 mutated cookie headers as no session, without a single 500", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    await browser.signIn(app, "acme.shop");
    const genuine = `perennial_session=${browser.cookies.get("perennial_session") ?? ""}`;
    const seed = 20_261_122;
    const random = seededRandom(seed);
    const statuses = new Map<number, number>();
    for (let round = 0; round < 1_000; round += 1) {
      const bytes = Buffer.from(genuine);
      for (let changes = 0; changes < 3; changes += 1)
        bytes[Math.floor(random() * bytes.length)] = 33 + Math.floor(random() * 90);
      const cookie =
        random() < 0.2
          ? `${bytes.toString("latin1")}; ${"%".repeat(Math.floor(random() * 4_000))}=%E0%A4%A`
          : bytes.toString("latin1");
      const { status } = await browser.request("/trpc/connections.list", { headers: { cookie } });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect(
      [...statuses.keys()].filter((status) => status !== 401 && status !== 200),
      `seed ${seed}`,
    ).toEqual([]);
    const { status } = await browser.request("/trpc/connections.list", {
      headers: { cookie: `a=${"x".repeat(8_000)}` },
    });
    expect(status).toBe(401);
  });
});

describe("the callback", () => {
  it("OA-01 is refused in another browser with a code and a sentence, and spends nothing", async () => {
    await using app = await openTestApp();
    const { search } = await app.newBrowser().authorize(app, "acme.shop");
    const other = app.newBrowser();
    const error = await errorOf(await other.mutate("auth.complete", { flavour: "instagram", query: search }));
    expect(error.data).toMatchObject({ reason: "sign_in_wrong_browser", httpStatus: 400 });
    expect(error.message).toMatch(/another browser/);
    expect(app.sim.ledger().filter(({ endpoint }) => endpoint === "code")).toEqual([]);
    expect(other.cookies.size).toBe(0);
  });

  it("OA-03 opens one session for 50 identical callbacks", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    const { search } = await browser.authorize(app, "acme.shop");
    const before = browser.setCookies.length;
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        browser.mutate("auth.complete", { flavour: "instagram", query: search }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    const sessions = browser.setCookies
      .slice(before)
      .filter((header) => header.startsWith("perennial_session="));
    const ids = sessions.map(
      (header) =>
        JSON.parse(Buffer.from(header.split(".")[1] ?? "", "base64url").toString()) as { sid: string },
    );
    expect(new Set(ids.map(({ sid }) => sid)).size).toBe(1); // given again, since an answer may be lost, but one
    expect(app.sim.ledger().filter(({ endpoint }) => endpoint === "code")).toHaveLength(1);
  });

  it("OA-07 ignores forged hosts when it builds the redirect address", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    for (const name of [
      "host",
      "x-forwarded-host",
      "x-forwarded-proto",
      "forwarded",
      "x-original-url",
      "x-rewrite-url",
    ]) {
      for (const value of ["evil.test", "evil.test:443", "localhost:5173.evil.test"]) {
        const answer = await browser.request("/trpc/auth.begin", { body: "{}", headers: { [name]: value } });
        const { authorizationUrl } = await resultOf<{ authorizationUrl: string }>(answer);
        const url = new URL(authorizationUrl);
        expect(url.searchParams.get("redirect_uri")).toBe("http://localhost:5173/auth/instagram/callback");
        expect(url.origin).toBe(app.sim.origin);
      }
    }
  });

  it("OA-12 answers a refusal on the consent page with its own code", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    const { search } = await browser.authorize(app, "acme.shop", "refuse");
    const error = await errorOf(
      await browser.mutate("auth.complete", { flavour: "instagram", query: search }),
    );
    expect(error.data).toMatchObject({ reason: "user_denied", httpStatus: 400 });
    expect(browser.cookies.has("perennial_session")).toBe(false);
  });

  it("OA-18 keeps the sign-ins of several tabs of one browser apart", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    const first = await browser.authorize(app, "acme.shop");
    const second = await browser.authorize(app, "acme.shop");
    for (const { search } of [second, first]) {
      expect((await browser.mutate("auth.complete", { flavour: "instagram", query: search })).status).toBe(
        200,
      );
    }
  });

  it("keeps at most five unfinished sign-ins per browser", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    for (let tab = 0; tab < 9; tab += 1) await browser.mutate("auth.begin");
    expect([...browser.cookies.keys()].filter((name) => name.includes("attempt"))).toHaveLength(5);
  });

  it("refuses a page to return to that is not one of ours", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    for (const returnTo of [
      "https://evil.test",
      "//evil.test",
      "/..//evil.test",
      "/\\evil.test",
      "/\t/evil.test",
      "/connections/../x",
      "",
    ]) {
      const error = await errorOf(await browser.mutate("auth.begin", { returnTo }));
      expect(error.data.reason).toBe("return_path_refused");
    }
  });
});
