import { describe, expect, it } from "vitest";
import { REDIRECT_URI, startTestApp, type TestApp } from "../testing/test-app.ts";

async function open(app: TestApp, change: Record<string, string | undefined>) {
  return app.get(app.authorizationUrl(change));
}

async function decide(app: TestApp, fields: [string, string][]) {
  const body = new URLSearchParams([
    ["client_id", app.sim.instagramApp.clientId],
    ["redirect_uri", REDIRECT_URI],
    ["response_type", "code"],
    ["scope", "instagram_business_basic,instagram_business_content_publish"],
    ...fields,
  ]);
  return app.get("/oauth/authorize/decision", {}, { method: "POST", body });
}

describe("the request", () => {
  it("leaves the person on an error page when the client id is not the Instagram app's", async () => {
    await using app = await startTestApp();
    const answer = await open(app, { client_id: "700000000000001" });
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toContain("text/html");
    expect(answer.text).toContain("Invalid platform app");
  });

  it("refuses every redirect address that is not registered byte for byte", async () => {
    await using app = await startTestApp({ redirectUris: ["https://app.example/cb"] });
    expect((await open(app, { redirect_uri: "https://app.example/cb" })).status).toBe(200);
    for (const redirectUri of [
      "https://app.example/cb/",
      "https://app.example/CB",
      "https://app.example/cb?x=1",
      "",
    ]) {
      const answer = await open(app, { redirect_uri: redirectUri });
      expect([redirectUri, answer.status, answer.text.includes("Invalid redirect_uri")]).toEqual([
        redirectUri,
        400,
        true,
      ]);
    }
  });

  it("takes the callback of any port of this machine when no list was given, and nothing else", async () => {
    await using app = await startTestApp();
    const path = "/auth/instagram/callback";
    for (const origin of [
      "http://localhost:5173",
      "https://localhost",
      "http://127.0.0.1:80",
      "http://[::1]:3000",
    ]) {
      expect([origin, (await open(app, { redirect_uri: origin + path })).status]).toEqual([origin, 200]);
    }
    const refused = [
      `http://localhost.evil.test${path}`,
      `http://localhost:5173${path}/`,
      `http://localhost:5173${path}?next=x`,
      `http://localhost:5173${path}#x`,
      `http://user@localhost:5173${path}`,
      `http://localhost:5173/x/..${path}`,
      `HTTP://localhost:5173${path}`,
      `ftp://localhost${path}`,
    ];
    for (const redirectUri of refused) {
      expect([redirectUri, (await open(app, { redirect_uri: redirectUri })).status]).toEqual([
        redirectUri,
        400,
      ]);
    }
  });

  it("refuses a response type other than code", async () => {
    await using app = await startTestApp();
    expect((await open(app, { response_type: "token" })).text).toContain("Invalid response_type");
  });

  it("names retired, misspelt and missing scopes", async () => {
    await using app = await startTestApp();
    for (const scope of [
      "user_profile",
      "business_basic",
      "instagram_business_basic,instagram_business_content_publishing",
      "instagram_business_content_publish",
      "",
    ]) {
      const answer = await open(app, { scope });
      expect([scope, answer.status, answer.text.includes("Invalid scope")]).toEqual([scope, 400, true]);
    }
    expect((await open(app, { scope: "user_profile" })).text).toContain("Invalid scope: user_profile");
  });

  it("answers mixed scope families in Instagram's own words", async () => {
    await using app = await startTestApp();
    const answer = await open(app, { scope: "instagram_business_basic,pages_show_list" });
    expect([answer.status, answer.json]).toEqual([
      400,
      { message: "Business and user permissions are mutually exclusive", status: "fail" },
    ]);
  });

  it("takes scopes separated by comma or space", async () => {
    await using app = await startTestApp();
    const answer = await open(app, { scope: "instagram_business_basic instagram_business_manage_comments" });
    expect(answer.text).toContain('value="instagram_business_manage_comments"');
  });
});

describe("the consent page", () => {
  it("labels every control, groups people as radios and scopes as ticked boxes", async () => {
    await using app = await startTestApp();
    const { text } = await open(app, {});
    const labels = text.match(/<label[^>]*>.*?<\/label>/gs) ?? [];
    const radios = labels.filter((label) => label.includes('type="radio" name="user"'));
    const boxes = labels.filter((label) => label.includes('type="checkbox" name="permission"'));
    expect(radios).toHaveLength(app.sim.users.list().length);
    expect(radios.filter((label) => / checked>/.test(label))).toHaveLength(1);
    expect(boxes).toHaveLength(2);
    for (const box of boxes) expect(box).toContain(" checked");
    expect(boxes.filter((box) => box.includes(" disabled"))).toEqual([
      expect.stringContaining('value="instagram_business_basic"'),
    ]);
    expect(text.match(/<input(?![^>]*type="hidden")/g)).toHaveLength(radios.length + boxes.length);
    expect(text.match(/<fieldset><legend>[^<]+<\/legend>/g)).toHaveLength(2);
    expect(text.match(/<img (?![^>]*alt="")/g)).toBeNull();
    expect(text.match(/<h1>/g)).toHaveLength(1);
    expect(text).toContain('<html lang="en">');
    expect(text).toContain('name="viewport"');
  });

  it('has the buttons "Allow" and "Not now"', async () => {
    await using app = await startTestApp();
    const { text } = await open(app, {});
    expect(
      text.match(/<button[^>]*>([^<]*)<\/button>/g)?.map((button) => button.replace(/<[^>]*>/g, "")),
    ).toEqual(["Allow", "Not now"]);
  });

  it("explains each person's part", async () => {
    await using app = await startTestApp();
    const { text } = await open(app, {});
    expect(text).toContain("has no tester role: sign-in fails");
    expect(text).toContain("personal account: sign-in fails");
    app.sim.users.grantTesterRole("studio.noor");
    expect((await open(app, {})).text).not.toContain("has no tester role");
  });

  it("says what it is, carries no script and nothing from elsewhere, under a strict policy", async () => {
    await using app = await startTestApp();
    const { text, headers } = await open(app, {});
    const policy = headers.get("content-security-policy") ?? "";
    expect(text).toContain("This is not Instagram");
    expect(text).not.toMatch(/<script|<link|javascript:|\son[a-z]+=/i);
    expect(text.match(/(?:src|href|action)="(?!\/)[^"]*"/g)).toBeNull();
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'self' http://localhost:5173;");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
  });

  it("says when a fresh sign-in is forced and when the state is missing", async () => {
    await using app = await startTestApp();
    expect((await open(app, { force_reauth: "true" })).text).toContain("force_reauth");
    expect((await open(app, {})).text).not.toContain("force_reauth");
    expect((await open(app, { state: undefined })).text).toContain("missing: any website");
  });

  it("keeps hostile names and states inert", async () => {
    await using app = await startTestApp();
    for (const variant of ["script", "nul", "long", "rtl"] as const) app.sim.users.add({ variant });
    const { text } = await open(app, { state: '"><script>alert(1)</script>' });
    expect(text).not.toContain("<script");
    expect(text).not.toContain("\u0000");
    expect(text).toContain("&lt;script&gt;");
  });

  it("lists fifty people at most", async () => {
    await using app = await startTestApp();
    for (let index = 0; index < 60; index++) app.sim.users.add({ key: `crowd-${index}` });
    const { text } = await open(app, {});
    expect(text.match(/type="radio"/g)).toHaveLength(50);
    expect(text).toContain("18 more people are not listed");
  });
});

describe("the decision", () => {
  it("sends a code, the state and the fragment back", async () => {
    await using app = await startTestApp();
    const answer = await decide(app, [
      ["state", "a b&c"],
      ["user", "acme.shop"],
      ["decision", "allow"],
    ]);
    expect(answer.status).toBe(302);
    const location = answer.headers.get("location") ?? "";
    expect(location).toMatch(
      /^http:\/\/localhost:5173\/auth\/instagram\/callback\?code=SIMCODE_[A-Za-z0-9]+&state=a\+b%26c#_$/,
    );
    expect(new URL(location).searchParams.get("state")).toBe("a b&c");
  });

  it("sends the documented refusal for Not now, without a state when there was none", async () => {
    await using app = await startTestApp();
    const refusal = `${REDIRECT_URI}?error=access_denied&error_reason=user_denied&error_description=The+user+denied+your+request`;
    const withState = await decide(app, [
      ["state", "s1"],
      ["decision", "refuse"],
    ]);
    const without = await decide(app, [["decision", "refuse"]]);
    expect(withState.headers.get("location")).toBe(`${refusal}&state=s1`);
    expect(without.headers.get("location")).toBe(refusal);
  });

  it("checks the request again: a form can be forged", async () => {
    await using app = await startTestApp();
    const answer = await decide(app, [
      ["user", "acme.shop"],
      ["decision", "allow"],
    ]);
    expect(answer.status).toBe(302);
    const body = new URLSearchParams({
      client_id: app.sim.instagramApp.clientId,
      redirect_uri: "https://evil.test/",
    });
    const forged = await app.get("/oauth/authorize/decision", {}, { method: "POST", body });
    expect([forged.status, forged.headers.get("location")]).toEqual([400, null]);
  });

  it("needs a person", async () => {
    await using app = await startTestApp();
    expect((await decide(app, [["decision", "allow"]])).text).toContain("Nobody was chosen");
  });

  it("grants what was left ticked, and always the basic permission", async () => {
    await using app = await startTestApp();
    const answer = await decide(app, [
      ["user", "acme.shop"],
      ["decision", "allow"],
    ]);
    const code = new URL(answer.headers.get("location") ?? "").searchParams.get("code") ?? "";
    expect((await app.exchangeCode(code)).json["permissions"]).toEqual(["instagram_business_basic"]);
  });

  it("turns people away here when the policy says so", async () => {
    await using app = await startTestApp({ policy: { refuse_at: "authorize" } });
    for (const [user, text] of [
      ["studio.noor", "Insufficient Developer Role"],
      ["tom.private", "not an Instagram Business"],
    ] as const) {
      const answer = await decide(app, [
        ["user", user],
        ["decision", "allow"],
      ]);
      expect([answer.status, answer.text.includes(text)]).toEqual([403, true]);
    }
    app.sim.policy.set({ app_mode: "live" });
    await expect(app.consent("studio.noor")).resolves.toMatch(/^SIMCODE_/);
  });
});

describe("playing a person without a browser", () => {
  it("gives the address of a refusal too", async () => {
    await using app = await startTestApp();
    const authorizationUrl = app.authorizationUrl();
    const address = await app.sim.authorize({ authorizationUrl, user: "acme.shop", decision: "refuse" });
    expect(new URL(address).searchParams.get("error")).toBe("access_denied");
  });

  it("throws when the person would be left on an error page", async () => {
    await using app = await startTestApp();
    const authorizationUrl = app.authorizationUrl({ client_id: "1" });
    await expect(app.sim.authorize({ authorizationUrl, user: "acme.shop" })).rejects.toMatchObject({
      code: "authorization_stopped",
      message: expect.stringContaining("invalid_platform_app") as string,
    });
    await expect(app.sim.authorize({ authorizationUrl, user: "nobody" })).rejects.toMatchObject({
      code: "unknown_user",
    });
  });
});
