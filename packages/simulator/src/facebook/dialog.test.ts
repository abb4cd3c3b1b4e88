import { describe, expect, it } from "vitest";
import { FACEBOOK_REDIRECT_URI, startFacebookApp, type FacebookApp } from "../testing/facebook-app.ts";
import { tokenOf } from "../testing/test-app.ts";

type Change = Record<string, string | undefined>;

const open = async (app: FacebookApp, change: Change = {}) => app.get(app.dialogUrl(change));

async function decide(app: FacebookApp, fields: [string, string][]) {
  const body = new URLSearchParams([
    ["client_id", app.sim.facebookApp.clientId],
    ["redirect_uri", FACEBOOK_REDIRECT_URI],
    ["scope", "instagram_basic,pages_show_list"],
    ...fields,
  ]);
  return app.get("/dialog/oauth/decision", {}, { method: "POST", body });
}

/** What an answer grants, read back with the token it leads to. */
async function grantedBy(app: FacebookApp, address: URL): Promise<Record<string, string>> {
  const token = tokenOf(await app.exchangeCode(address.searchParams.get("code") ?? ""));
  const { json } = await app.get("/me/permissions", { access_token: token });
  const data = json["data"] as { permission: string; status: string }[];
  return Object.fromEntries(data.map(({ permission, status }) => [permission, status]));
}

describe("the request", () => {
  it("leaves the person on an error page when the client id is not the Meta app's", async () => {
    await using app = await startFacebookApp();
    const { clientId: instagramId } = app.sim.instagramApp;
    for (const clientId of [instagramId, "1", "", "x"]) {
      const answer = await open(app, { client_id: clientId });
      expect([clientId, answer.status, answer.headers.get("location")]).toEqual([clientId, 400, null]);
      expect(answer.text).toContain("Invalid App ID");
    }
    expect((await open(app, { client_id: instagramId })).text).toContain("the Instagram app&#39;s id");
  });

  it("refuses every redirect address that is not registered byte for byte, in Facebook's words", async () => {
    await using app = await startFacebookApp({ facebookRedirectUris: ["https://app.example/cb"] });
    expect((await open(app, { redirect_uri: "https://app.example/cb" })).status).toBe(200);
    for (const redirectUri of ["https://app.example/cb/", "https://app.example/CB", FACEBOOK_REDIRECT_URI]) {
      const answer = await open(app, { redirect_uri: redirectUri });
      expect([redirectUri, answer.status, answer.text.includes("URL blocked")]).toEqual([
        redirectUri,
        400,
        true,
      ]);
    }
    const broken = await open(app, { redirect_uri: "https%3A%2F%2Fapp.example%2Fcb" });
    expect(broken.text).toContain("redirect_uri isn&#39;t an absolute URI");
  });

  it("has a list of its own: Instagram's callback address is not on it", async () => {
    await using app = await startFacebookApp();
    const redirectUri = "http://localhost:5173/auth/instagram/callback";
    expect((await open(app, { redirect_uri: redirectUri })).text).toContain("URL blocked");
  });

  it("names mixed, retired and unknown scopes", async () => {
    await using app = await startFacebookApp();
    const cases = [
      ["instagram_basic,instagram_business_basic", "mutually exclusive", "mixed_scopes"],
      ["pages_show_list,manage_pages", "out of service", "retired_scope"],
      ["instagram_basic,instagram_everything", "knows no scopes", "invalid_scope"],
    ] as const;
    for (const [scope, why, refusal] of cases) {
      const answer = await open(app, { scope });
      expect([scope, answer.status, answer.text.includes("Invalid Scopes: ")]).toEqual([scope, 400, true]);
      expect(answer.text).toContain(why);
      expect(app.sim.ledger().at(-1)?.refusal).toBe(refusal);
    }
  });

  it("takes scopes or a configuration, with or without a version, but no ended one", async () => {
    await using app = await startFacebookApp();
    const [configuration] = app.sim.loginConfigurations;
    const byConfig = await open(app, { scope: undefined, config_id: configuration?.id });
    expect([byConfig.status, byConfig.text.includes('value="instagram_basic"')]).toEqual([200, true]);
    expect((await open(app, { scope: undefined, config_id: "1" })).text).toContain("Invalid configuration");
    expect((await open(app, { response_type: undefined })).status).toBe(200);
    expect((await open(app, { response_type: "token" })).text).toContain("Invalid response_type");
    const path = (version: string) => app.dialogUrl().replace("/v25.0", version);
    expect((await app.get(path(""))).status).toBe(200);
    expect((await app.get(path("/v20.0"))).json["error"]).toMatchObject({ code: 2500 });
  });
});

describe("the page", () => {
  it('plays Facebook, carries no script, and has the buttons "Allow" and "Not now"', async () => {
    await using app = await startFacebookApp();
    const { text, headers } = await open(app);
    expect(text).toContain("This is not Facebook");
    expect(text).not.toMatch(/<script|<link|javascript:|\son[a-z]+=/i);
    expect(headers.get("content-security-policy")).toContain("form-action 'self' http://localhost:5173;");
    expect(
      text.match(/<button[^>]*>([^<]*)<\/button>/g)?.map((button) => button.replace(/<[^>]*>/g, "")),
    ).toEqual(["Allow", "Not now"]);
  });

  it("offers each person as a radio with their Pages as ticked boxes, and each scope as one", async () => {
    await using app = await startFacebookApp();
    const { text } = await open(app);
    const labels = text.match(/<label[^>]*>.*?<\/label>/gs) ?? [];
    const people = app.sim.facebook.list();
    const radios = labels.filter((label) => label.includes('type="radio" name="user"'));
    const pages = labels.filter((label) => label.includes('type="checkbox" name="page"'));
    const scopes = labels.filter((label) => label.includes('type="checkbox" name="permission"'));
    expect(radios).toHaveLength(people.length);
    expect(radios.filter((label) => / checked>/.test(label))).toHaveLength(1);
    expect(pages).toHaveLength(people.flatMap((person) => person.pages).length);
    expect([...pages, ...scopes].every((label) => / checked( disabled)?>/.test(label))).toBe(true);
    expect(scopes.filter((label) => label.includes(" disabled"))).toEqual([
      expect.stringContaining('value="public_profile"'),
    ]);
    expect(text).toContain("@acme.shop · every task");
    expect(text).toContain("has no role in the app: sign-in fails");
  });

  it("keeps hostile names inert", async () => {
    await using app = await startFacebookApp();
    for (const variant of ["script", "nul", "rtl"] as const) {
      app.sim.facebook.add({ variant, pages: [{}] });
    }
    const { text } = await open(app, { state: '"><script>alert(1)</script>' });
    expect(text).not.toContain("<script");
    expect(text).not.toContain("\u0000");
  });
});

describe("the decision", () => {
  it("sends a code, the state and the fragment back", async () => {
    await using app = await startFacebookApp();
    const answer = await decide(app, [
      ["state", "a b&c"],
      ["user", "maya.brandt"],
      ["decision", "allow"],
    ]);
    expect([answer.status, answer.headers.get("location")]).toEqual([
      302,
      expect.stringMatching(
        /^http:\/\/localhost:5173\/auth\/facebook\/callback\?code=SIMCODE_\w+&state=a\+b%26c#_=_$/,
      ),
    ]);
  });

  it("sends Facebook's refusal for Not now", async () => {
    await using app = await startFacebookApp();
    const address = await app.answerDialog("maya.brandt", { decision: "refuse" });
    expect([...address.searchParams]).toEqual([
      ["error", "access_denied"],
      ["error_code", "200"],
      ["error_description", "Permissions error"],
      ["error_reason", "user_denied"],
      ["state", "s1"],
    ]);
    expect(address.hash).toBe("#_=_");
  });

  it("sends a number and a sentence for a person without a role in an app under development", async () => {
    await using app = await startFacebookApp();
    const address = await app.answerDialog("rita.outside");
    expect([...address.searchParams.keys()]).toEqual(["error_code", "error_message", "state"]);
    expect(address.searchParams.get("error_code")).toBe("901");
    app.sim.policy.set({ fb_no_role: "access_denied" });
    expect((await app.answerDialog("rita.outside")).searchParams.get("error")).toBe("access_denied");
    app.sim.facebook.grantAppRole("rita.outside");
    expect((await app.answerDialog("rita.outside")).searchParams.has("code")).toBe(true);
    app.sim.facebook.withdrawAppRole("rita.outside");
    app.sim.policy.set({ app_mode: "live" });
    expect((await app.answerDialog("rita.outside")).searchParams.has("code")).toBe(true);
  });

  it("checks the request again and needs a person", async () => {
    await using app = await startFacebookApp();
    const forged = await decide(app, [["redirect_uri", "https://evil.test/"]]);
    expect(forged.headers.get("location")).toContain("localhost"); // the first one counts
    const body = new URLSearchParams({
      client_id: app.sim.facebookApp.clientId,
      redirect_uri: "https://evil.test/",
    });
    const elsewhere = await app.get("/dialog/oauth/decision", {}, { method: "POST", body });
    expect([elsewhere.status, elsewhere.headers.get("location")]).toEqual([400, null]);
    expect((await decide(app, [["decision", "allow"]])).text).toContain("Nobody was chosen");
  });

  it("grants what was left ticked, and the public profile", async () => {
    await using app = await startFacebookApp();
    const untick = ["instagram_content_publish", "public_profile"];
    expect(await grantedBy(app, await app.answerDialog("maya.brandt", { untick }))).toEqual({
      public_profile: "granted",
      instagram_basic: "granted",
      pages_show_list: "granted",
      pages_read_engagement: "granted",
      business_management: "granted",
      instagram_content_publish: "declined",
    });
  });

  it("asks again for what was declined only when told to, and then grants it to every token", async () => {
    await using app = await startFacebookApp();
    const untick = ["instagram_content_publish"];
    const first = tokenOf(await app.exchangeCode(await app.consent("maya.brandt", { untick })));
    const page = await open(app);
    expect(page.text).toContain("declined before and not asked again: instagram_content_publish");
    const again = await grantedBy(app, await app.answerDialog("maya.brandt"));
    expect(again["instagram_content_publish"]).toBe("declined");
    const rerequest = { auth_type: "rerequest" };
    expect((await open(app, rerequest)).text).not.toContain("not asked again");
    const asked = await grantedBy(app, await app.answerDialog("maya.brandt", {}, rerequest));
    expect(asked["instagram_content_publish"]).toBe("granted");
    expect((await app.debug(first))["scopes"]).toContain("instagram_content_publish");
  });

  it("names what was granted and denied when told to", async () => {
    await using app = await startFacebookApp();
    const scope = "instagram_basic,pages_show_list";
    const untick = ["pages_show_list"];
    const address = await app.answerDialog("maya.brandt", { untick }, { scope, return_scopes: "true" });
    expect(address.searchParams.get("granted_scopes")).toBe("public_profile,instagram_basic");
    expect(address.searchParams.get("denied_scopes")).toBe("pages_show_list");
  });

  it("shares the Pages that were ticked, and none of anybody else's", async () => {
    await using app = await startFacebookApp();
    const [own = "", stranger = ""] = ["maya.brandt", "paul.plain"].map(
      (key) => app.sim.facebook.get(key).pages[0]?.id,
    );
    const token = await app.shortLived("maya.brandt", { pages: [own, stranger] });
    const { json } = await app.get("/me/accounts", { fields: "id", access_token: token });
    expect(json["data"]).toEqual([{ id: own }]);
  });

  it("leaves a person on the error page when playing one leads there", async () => {
    await using app = await startFacebookApp();
    await expect(app.answerDialog("maya.brandt", {}, { client_id: "1" })).rejects.toMatchObject({
      code: "authorization_stopped",
      message: expect.stringContaining("invalid_app_id") as string,
    });
    await expect(app.answerDialog("acme.shop")).rejects.toMatchObject({ code: "unknown_user" });
  });
});
