import { describe, expect, it } from "vitest";
import { control, startTestApp } from "../testing/test-app.ts";

describe("people", () => {
  it("are listed, added and changed by each switch", async () => {
    await using app = await startTestApp();
    const post = (name: string, body: object) => control(app.sim, "POST", `/__sim/users${name}`, body);
    const added = await post("", {
      key: "u7",
      username: "u.seven",
      name: null,
      accountType: "MEDIA_CREATOR",
      professionalId: "17841499999999999",
      media: [
        { id: "18100000000000001", mediaType: "IMAGE", caption: "Hi", postedAt: "2026-01-01T00:00:00Z" },
      ],
    });
    expect(added.json).toMatchObject({ key: "u7", professionalId: "17841499999999999", hasTesterRole: true });
    expect(JSON.parse((await app.get("/__sim/users")).text)).toHaveLength(9);

    expect((await post("/rename", { user: "u7", username: "new" })).json).toMatchObject({ username: "new" });
    expect((await post("/switch_personal", { user: "u7" })).json).toMatchObject({ accountType: "PERSONAL" });
    expect((await post("/switch_professional", { user: "u7" })).json).toMatchObject({
      accountType: "BUSINESS",
    });
    expect((await post("/withdraw_tester_role", { user: "u7" })).json).toMatchObject({
      hasTesterRole: false,
    });
    expect((await post("/grant_tester_role", { user: "u7" })).json).toMatchObject({ hasTesterRole: true });

    const endings: [string, object, unknown][] = [
      ["/revoke", {}, "revoked"],
      ["/revoke", { subcode: null }, "revoked"],
      ["/password_changed", {}, "password_changed"],
      ["/remove_app", {}, "app_removed"],
    ];
    for (const [name, more, endedBy] of endings) {
      app.sim.issueLongLivedToken("u7");
      expect([name, (await post(name, { user: "u7", ...more })).status]).toEqual([name, 200]);
      expect(app.sim.lineages()[0]?.tokens.at(-1)?.endedBy).toBe(endedBy);
    }
    app.sim.issueLongLivedToken("u7");
    await post("/withdraw_permissions", { user: "u7", permissions: ["instagram_business_content_publish"] });
    expect(app.sim.lineages()[0]?.tokens.at(-1)?.permissions).not.toContain(
      "instagram_business_content_publish",
    );
    expect((await post("/remove", { user: "u7" })).json).toHaveLength(8);
  });

  it("F35 come with hostile profiles", async () => {
    await using app = await startTestApp();
    for (const variant of ["script", "template", "rtl", "emoji", "nul", "long"]) {
      const { json } = await control(app.sim, "POST", "/__sim/users", { variant });
      const user = json as { key: string; username: string };
      const token = app.sim.issueLongLivedToken(user.key).value;
      const me = await app.me(token, "username,name,biography,website");
      expect([variant, me.json["username"], me.json["name"]]).toEqual([
        variant,
        user.username,
        user.username,
      ]);
    }
    expect((await control(app.sim, "POST", "/__sim/users", { variant: "calm" })).status).toBe(400);
  });

  it("are refused when they make no sense", async () => {
    await using app = await startTestApp();
    const bad: [string, object, number][] = [
      ["", { key: "acme.shop" }, 400],
      ["", { key: "" }, 400],
      ["", { professionalId: "17841401234567891" }, 400],
      ["", { appScopedId: "25811112222333345" }, 400],
      ["", { professionalId: "../me" }, 400],
      ["", { accountType: "ROBOT" }, 400],
      ["", { followersCount: -1 }, 400],
      ["", { nickname: "x" }, 400],
      ["", { media: [{ id: "x" }] }, 400],
      ["/revoke", { user: "nobody" }, 404],
      ["/revoke", {}, 400],
      ["/revoke", { user: "acme.shop", subcode: "x" }, 400],
      ["/rename", { user: "acme.shop", username: "" }, 400],
      ["/remove", { user: "nobody" }, 404],
      ["/withdraw_permissions", { user: "acme.shop", permissions: "all" }, 400],
    ];
    for (const [name, body, status] of bad) {
      expect([name, body, (await control(app.sim, "POST", `/__sim/users${name}`, body)).status]).toEqual([
        name,
        body,
        status,
      ]);
    }
  });
});
