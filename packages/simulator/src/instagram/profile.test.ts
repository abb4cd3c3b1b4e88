import { describe, expect, it } from "vitest";
import { errorOf, startTestApp } from "../testing/test-app.ts";

const ALL =
  "id,user_id,username,name,account_type,profile_picture_url,followers_count,follows_count,media_count,biography,website";

async function openAccount(user = "acme.shop", options = {}) {
  const app = await startTestApp(options);
  return { app, token: app.sim.issueLongLivedToken(user).value };
}

describe("/me", () => {
  it("tells the app-scoped id from the professional id, both bare numbers above 2^53", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    const answer = await app.me(token, ALL);
    expect(answer.text).toContain('"id":25811112222333345,"user_id":17841401234567891,');
    expect(answer.json).toMatchObject({
      username: "acme.shop",
      name: "Acme Shop",
      account_type: "BUSINESS",
      followers_count: 4210,
      follows_count: 180,
      media_count: 4,
    });
    expect(answer.headers.get("x-business-use-case-usage")).toContain(
      '{"17841401234567891":[{"type":"instagram"',
    );
    expect(JSON.parse(answer.headers.get("x-app-usage") ?? "")).toHaveProperty("call_count");
  });

  it("OA-09 gives three people three ids that JSON.parse would make fewer", async () => {
    await using app = await startTestApp({ policy: { app_mode: "live" } });
    const texts: string[] = [];
    for (const user of ["acme.shop", "lena.paints", "studio.noor"]) {
      texts.push((await app.me(app.sim.issueLongLivedToken(user).value, "user_id")).text);
    }
    expect(new Set(texts.map((text) => /"user_id":(\d+)/.exec(text)?.[1]))).toEqual(
      new Set(["17841401234567891", "17841401234567892", "17841401234567893"]),
    );
    const parsed = texts.map((text) => (JSON.parse(text) as { user_id: number }).user_id);
    expect(new Set(parsed).size).toBeLessThan(3);
  });

  it("sends strings under id_as string, and the documentation's wrapper under shape docs", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    app.sim.policy.set({ id_as: "string" });
    expect((await app.me(token, "user_id")).json).toEqual({
      user_id: "17841401234567891",
      id: "25811112222333345",
    });
    app.sim.policy.set({ id_as: "number", shape: "docs" });
    expect((await app.me(token, "user_id,username")).json).toEqual({
      data: [{ user_id: "17841401234567891", username: "acme.shop", id: "25811112222333345" }],
    });
  });

  it("leaves out what an account has not got", async () => {
    const { app, token } = await openAccount("ines.runs");
    await using _app = app;
    const { json } = await app.me(token, ALL);
    expect(json).not.toHaveProperty("name");
    expect(json).not.toHaveProperty("website");
    expect(json["account_type"]).toBe("MEDIA_CREATOR");
  });

  it("fails whole for one unknown field", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    for (const field of ["ig_id", "email", "toString", "__proto__"]) {
      const answer = await app.me(token, `id,${field},username`);
      expect([answer.status, errorOf(answer)["code"], errorOf(answer)["message"]]).toEqual([
        400,
        100,
        `(#100) Tried accessing nonexisting field (${field}) on node type (IGUser)`,
      ]);
    }
  });

  it("gives the id alone when no field is asked for", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    expect((await app.get("/me", { access_token: token })).text).toBe('{"id":25811112222333345}');
  });

  it("follows a rename but keeps the ids", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    app.sim.users.rename("acme.shop", "acme.renamed");
    expect((await app.me(token)).text).toBe(
      '{"id":25811112222333345,"user_id":17841401234567891,"username":"acme.renamed"}',
    );
  });

  it("serves a picture that shows without any other host and expires after a week", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    const url = String((await app.me(token, "profile_picture_url")).json["profile_picture_url"]);
    expect(url.startsWith(`${app.sim.origin}/pictures/17841401234567891.svg?`)).toBe(true);
    const picture = await app.get(url);
    expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/svg+xml"]);
    expect(picture.text).toMatch(/^<svg .*<\/svg>$/);
    expect(picture.text.replace("http://www.w3.org/2000/svg", "")).not.toContain("http");
    app.sim.clock.advance({ days: 8 });
    expect((await app.get(url)).status).toBe(403);
    expect((await app.get("/pictures/..%2Fx.svg")).status).toBe(404);
  });
});

describe("paths", () => {
  it("answers the professional id like me, and no other id", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    const query = { fields: "username", access_token: token };
    expect((await app.get("/17841401234567891", query)).json["username"]).toBe("acme.shop");
    for (const id of ["25811112222333345", "17841401234567892", "1"]) {
      const answer = await app.get(`/${id}`, query);
      expect([id, answer.status, errorOf(answer)["code"], errorOf(answer)["error_subcode"]]).toEqual([
        id,
        400,
        100,
        33,
      ]);
    }
  });

  it("knows the versions in service and no other", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    for (const version of ["v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0"]) {
      expect([version, (await app.get(`/${version}/me`, { access_token: token })).status]).toEqual([
        version,
        200,
      ]);
    }
    for (const path of [
      "/v20.0/me",
      "/v99.0/me",
      "/v26/me",
      "/v26.0",
      "/me/friends",
      "/ig_metadata",
      "//me",
    ]) {
      const answer = await app.get(app.sim.origin + path, { access_token: token });
      expect([path, answer.status, errorOf(answer)["code"]]).toEqual([path, 400, 2500]);
    }
  });
});

describe("the token", () => {
  it("is asked for", async () => {
    await using app = await startTestApp();
    expect(errorOf(await app.get("/me"))).toMatchObject({
      code: 2500,
      message: "An active access token must be used to query information about the current user.",
    });
    expect(errorOf(await app.get("/me?access_token="))["message"]).toBe(
      "Unsupported request - method type: get",
    );
  });

  it("is taken from an Authorization header, whose refusals are 401 with a challenge", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    const ask = (value: string) => app.get("/me", {}, { headers: { authorization: `Bearer ${value}` } });
    expect((await ask(token)).status).toBe(200);
    const refused = await ask("SIMTOK_madeup");
    expect([refused.status, errorOf(refused)["code"]]).toEqual([401, 190]);
    expect(refused.headers.get("www-authenticate")).toContain('OAuth "Facebook Platform" "invalid_token"');
  });

  it("needs the basic permission for profile and posts", async () => {
    await using app = await startTestApp();
    const { value } = app.sim.issueLongLivedToken("acme.shop", { permissions: [] });
    for (const path of ["/me", "/me/media"]) {
      const answer = await app.get(path, { access_token: value });
      expect([path, answer.status, errorOf(answer)["code"]]).toEqual([path, 403, 10]);
    }
  });
});

describe("F36 what happens to people", () => {
  const endings = [
    ["revoke", 458],
    ["removeApp", 458],
    ["passwordChanged", 460],
  ] as const;
  for (const [name, subcode] of endings) {
    it(`${name} ends every live token with 190/${subcode}, on every endpoint`, async () => {
      const { app, token } = await openAccount();
      await using _app = app;
      const other = app.sim.issueLongLivedToken("acme.shop").value;
      app.sim.users[name]("acme.shop");
      for (const answer of [await app.me(token), await app.me(other), await app.refresh(token)]) {
        expect([answer.status, errorOf(answer)["code"], errorOf(answer)["error_subcode"]]).toEqual([
          400,
          190,
          subcode,
        ]);
      }
      const next = app.sim.issueLongLivedToken("acme.shop").value;
      expect((await app.me(next)).status).toBe(200);
      expect((await app.me(app.sim.issueLongLivedToken("lena.paints").value)).status).toBe(200);
    });
  }

  it("revoke takes any other subcode, or none", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    app.sim.users.revoke("acme.shop", { subcode: 467 });
    expect(errorOf(await app.me(token))).toMatchObject({
      error_subcode: 467,
      message: expect.stringContaining("logged out") as string,
    });
    const bare = app.sim.issueLongLivedToken("acme.shop").value;
    app.sim.users.revoke("acme.shop", { subcode: null });
    expect(errorOf(await app.me(bare))).toMatchObject({ code: 190, message: "Invalid OAuth access token." });
    expect(errorOf(await app.me(token))["error_subcode"]).toBe(467); // the first reason stays
  });

  it("a personal account is refused until it is professional again", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    app.sim.users.switchToPersonal("acme.shop");
    expect(errorOf(await app.me(token))).toMatchObject({
      code: 10,
      message: "(#10) The user is not an Instagram Business",
    });
    app.sim.users.switchToProfessional("acme.shop", "MEDIA_CREATOR");
    expect((await app.me(token, "account_type")).json["account_type"]).toBe("MEDIA_CREATOR");
  });

  it("a withdrawn tester role makes every graph call unsupported while the app is in development", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    app.sim.users.withdrawTesterRole("acme.shop");
    for (const answer of [await app.me(token), await app.refresh(token)]) {
      expect(errorOf(answer)).toMatchObject({ code: 100, message: "Unsupported request - method type: get" });
    }
    app.sim.users.grantTesterRole("acme.shop");
    expect((await app.me(token)).status).toBe(200);
  });

  it("a deleted account is gone with its tokens", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    app.sim.users.remove("acme.shop");
    expect(errorOf(await app.me(token))["code"]).toBe(190);
    expect(() => app.sim.users.get("acme.shop")).toThrow(expect.objectContaining({ code: "unknown_user" }));
  });

  it("DELETE /me/permissions ends every token", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    const answer = await app.get("/me/permissions", { access_token: token }, { method: "DELETE" });
    expect(answer.text).toBe('{"success":true}');
    expect(errorOf(await app.me(token))["error_subcode"]).toBe(458);
  });
});
