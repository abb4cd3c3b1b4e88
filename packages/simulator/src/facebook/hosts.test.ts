import { describe, expect, it } from "vitest";
import { startFacebookApp } from "../testing/facebook-app.ts";
import { errorOf, START } from "../testing/test-app.ts";
import { startSimulator } from "../index.ts";

const ACME_PAGE = "103000000000101";
const CANNOT_PARSE = "Invalid OAuth access token - Cannot parse access token";

describe("the two hosts", () => {
  it("know nothing of each other's paths, and Facebook's has no control", async () => {
    await using app = await startFacebookApp();
    const { sim } = app;
    const onFacebook = ["/oauth/authorize", "/access_token", "/refresh_access_token", "/__sim/clock", "/"];
    for (const path of onFacebook) {
      const answer = await fetch(sim.facebookOrigin + path);
      expect([path, answer.status]).toEqual([path, 400]);
      expect(await answer.json()).toMatchObject({ error: { code: 2500 } });
    }
    for (const path of ["/v25.0/dialog/oauth", "/me/accounts", "/debug_token", "/me/businesses"]) {
      const answer = await fetch(sim.origin + path);
      expect([path, await answer.json()]).toMatchObject([path, { error: { code: 2500 } }]);
    }
  });

  it("cannot parse each other's tokens", async () => {
    await using app = await startFacebookApp();
    const { sim } = app;
    const instagram = sim.issueLongLivedToken("acme.shop").value;
    const facebook = sim.issueFacebookToken("maya.brandt").value;
    const refusal = { code: 190, message: CANNOT_PARSE };
    for (const path of ["/me", "/me/accounts", `/${ACME_PAGE}`]) {
      expect(errorOf(await app.get(path, { access_token: instagram }))).toMatchObject(refusal);
    }
    for (const path of [`/me?access_token=${facebook}`, `/me/media?access_token=${facebook}`]) {
      expect(await (await fetch(sim.origin + path)).json()).toMatchObject({ error: refusal });
    }
  });

  it("listen side by side: on the port after Instagram's, on a free one, or on one of its own", async () => {
    const free = await startSimulator();
    const port = Number(new URL(free.origin).port);
    expect(Number(new URL(free.facebookOrigin).port)).not.toBe(port);
    const facebookPort = Number(new URL(free.facebookOrigin).port);
    await expect(startSimulator({ port: facebookPort, facebookPort: 0 })).rejects.toMatchObject({
      code: "port_taken",
    });
    await expect(startSimulator({ facebookPort })).rejects.toMatchObject({ code: "port_taken" });
    await free.close();
    await using own = await startSimulator({ facebookPort });
    expect(own.facebookOrigin).toBe(`http://127.0.0.1:${facebookPort}`);
    await expect(startSimulator({ port: 65_535 })).rejects.toMatchObject({ code: "invalid_input" });
    await using beside = await startBeside();
    const ports = [beside.origin, beside.facebookOrigin].map((origin) => Number(new URL(origin).port));
    expect(ports[1]).toBe((ports[0] ?? 0) + 1);
  });

  it("answer to names of this machine only, Facebook's too", async () => {
    await using app = await startFacebookApp();
    const { port } = new URL(app.sim.facebookOrigin);
    const answer = await rawGet(Number(port), "evil.test");
    expect(answer).toContain("403");
  });
});

describe("appsecret_proof", () => {
  it("is checked when it is there", async () => {
    await using app = await startFacebookApp();
    const token = await app.longLived();
    const me = (proof: string) => app.get("/me", { access_token: token, appsecret_proof: proof });
    expect((await me(app.proof(token))).status).toBe(200);
    for (const wrong of [app.proof("x"), app.proof(token).toUpperCase(), ""]) {
      expect(errorOf(await me(wrong))).toMatchObject({
        code: 100,
        message: "Invalid appsecret_proof provided in the API argument",
      });
    }
    const inspected = { input_token: token, access_token: app.appToken };
    const debug = (proof: string) => app.get("/debug_token", { ...inspected, appsecret_proof: proof });
    expect([(await debug(app.proof(app.appToken))).status, (await debug("x")).status]).toEqual([200, 400]);
  });

  it("is required of persons' and Pages' tokens by policy, and of the token in use", async () => {
    await using app = await startFacebookApp({ policy: { fb_appsecret_proof: "required" } });
    const { sim } = app;
    const user = await app.longLived();
    const page = sim.issueFacebookToken("maya.brandt", { page: ACME_PAGE }).value;
    for (const token of [user, page]) {
      const bare = await app.get("/me", { access_token: token });
      expect(errorOf(bare)).toMatchObject({
        code: 100,
        message: "API calls from the server require an appsecret_proof argument",
      });
      const proven = await app.get("/me", { access_token: token, appsecret_proof: app.proof(token) });
      expect(proven.status).toBe(200);
    }
    const other = await app.get("/me", { access_token: page, appsecret_proof: app.proof(user) });
    expect(errorOf(other)["message"]).toBe("Invalid appsecret_proof provided in the API argument");
    expect(await app.debug(user)).toMatchObject({ is_valid: true });
    const foreign = sim.issueFacebookToken("maya.brandt", { app: "foreign" }).value;
    expect((await app.get("/me", { access_token: foreign })).status).toBe(200);
    const ours = { access_token: foreign, appsecret_proof: app.proof(foreign) };
    expect(errorOf(await app.get("/me", ours))["code"]).toBe(100);
  });
});

describe("a graph call", () => {
  it("needs a token, and not the app's own", async () => {
    await using app = await startFacebookApp();
    expect(errorOf(await app.get("/me"))["code"]).toBe(2500);
    expect(errorOf(await app.get("/me", { access_token: "" }))["code"]).toBe(2500);
    expect(errorOf(await app.get(`/${ACME_PAGE}`))["code"]).toBe(104);
    expect(errorOf(await app.get("/me", { access_token: app.appToken }))["code"]).toBe(2500);
    expect(errorOf(await app.get("/me", { access_token: "770000000000001|x" }))["message"]).toBe(
      "Invalid OAuth access token signature.",
    );
  });

  it("with a bearer header is refused as RFC 6750 says", async () => {
    await using app = await startFacebookApp();
    const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
    const answer = await app.get("/me", {}, bearer("EAAnothing"));
    expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([
      401,
      `OAuth "Facebook Platform" "invalid_token" "${CANNOT_PARSE}"`,
    ]);
    expect((await app.get("/me", {}, bearer(await app.longLived()))).status).toBe(200);
  });

  it("counts against Facebook's limit alone, and is throttled beyond it", async () => {
    await using app = await startFacebookApp({ policy: { calls_per_hour: 3 } });
    const { sim } = app;
    const token = sim.issueFacebookToken("maya.brandt").value;
    const me = () => app.get("/me", { access_token: token });
    expect((await me()).headers.get("x-app-usage")).toContain('"call_count":34,');
    await me();
    await app.debug(token);
    const refused = await me();
    expect([refused.status, errorOf(refused)["code"]]).toEqual([403, 4]);
    expect(refused.headers.get("x-app-usage")).toContain('"call_count":100,');
    const instagram = sim.issueLongLivedToken("acme.shop").value;
    expect((await fetch(`${sim.origin}/me?access_token=${instagram}`)).status).toBe(200);
    sim.clock.advance({ hours: 1 });
    expect((await me()).status).toBe(200);
  });
});

describe("the truth", () => {
  it("has Facebook's requests in the same ledger, with tokens and codes hashed", async () => {
    await using app = await startFacebookApp();
    const code = await app.consent();
    const token = String((await app.exchangeCode(code)).json["access_token"]);
    await app.exchange(token);
    await app.get("/me/accounts", { access_token: token });
    await app.get(`/${ACME_PAGE}`, { access_token: token });
    await app.get("/me/permissions", { access_token: token });
    await app.get("/me/businesses", { access_token: token });
    await app.get("/17841401234567891", { access_token: token });
    await app.get("/17841401234567891/media", { access_token: token });
    await app.get("/17841401234567891/content_publishing_limit", { access_token: token });
    await app.debug(token);
    await app.get("/770000000000001", { access_token: app.appToken });
    await app.get("/me/permissions", { access_token: token }, { method: "DELETE" });
    const ledger = app.sim.ledger();
    expect(ledger.map(({ endpoint }) => endpoint)).toEqual([
      "authorize",
      "authorize",
      "code",
      "exchange",
      "pages",
      "page",
      "permissions",
      "businesses",
      "account",
      "media",
      "quota",
      "debug",
      "app",
      "revoke",
    ]);
    expect(ledger.every(({ flavour, outcome }) => flavour === "fb" && outcome === "accepted")).toBe(true);
    expect(ledger.slice(1, 12).every(({ user }) => user === "maya.brandt")).toBe(true);
    expect(ledger[2]).toMatchObject({ issuedGeneration: 1, codeHash: expect.any(String) as string });
    expect(ledger[3]?.tokenHash).toBe(ledger[2]?.issuedTokenHash);
    const written = JSON.stringify(ledger);
    for (const secret of [code, token, app.appToken]) expect(written).not.toContain(secret);
  });

  it("has every Facebook token in the lineages, by app", async () => {
    await using app = await startFacebookApp();
    const { sim } = app;
    await app.longLived();
    sim.issueFacebookToken("maya.brandt", { app: "foreign" });
    sim.issueLongLivedToken("acme.shop");
    expect(sim.lineages().map(({ user, flavour, appId }) => [user, flavour, appId])).toEqual([
      ["acme.shop", "ig", "990000000000001"],
      ["maya.brandt", "fb", "770000000000001"],
      ["maya.brandt", "fb", "770000000000999"],
    ]);
    expect(sim.lineages()[1]?.tokens).toMatchObject([
      { kind: "short_lived", source: "code", issuedAt: new Date(START) },
      { kind: "long_lived", source: "exchange", pageId: null },
    ]);
  });
});

/** Two neighbouring ports are free more often than not, not always. */
async function startBeside() {
  for (let attempt = 0; ; attempt++) {
    const probe = await startSimulator();
    const port = Number(new URL(probe.origin).port);
    await probe.close();
    try {
      return await startSimulator({ port });
    } catch (error) {
      if (attempt === 9) throw error;
    }
  }
}

/** A request whose Host header fetch would not send. */
async function rawGet(port: number, host: string): Promise<string> {
  const { connect } = await import("node:net");
  const socket = connect(port, "127.0.0.1");
  socket.write(`GET /me HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  return text.split("\r\n", 1)[0] ?? "";
}
