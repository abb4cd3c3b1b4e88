import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";

import { listOf, startFacebookApp, type FacebookApp } from "../testing/facebook-app.ts";

const FIELDS = "id,name,access_token,tasks,instagram_business_account{id,username}";
const ACME_PAGE = "103000000000101";

/** Every sheet of a list, following `next` as it comes. */
async function everySheet(app: FacebookApp, token: string) {
  const first = listOf(await app.get("/v25.0/me/accounts", { fields: FIELDS, access_token: token }));
  const sheets = [first.data];
  let { next } = first.paging;
  while (next !== undefined && sheets.length < 20) {
    const url = new URL(next);
    expect(url.origin).toBe(app.sim.facebookOrigin);
    const sheet = listOf(await app.get(url.pathname, Object.fromEntries(url.searchParams)));
    sheets.push(sheet.data);
    ({ next } = sheet.paging);
  }
  return sheets;
}

describe("the Pages of a person", () => {
  it("come in several sheets, each Page once", async () => {
    await using app = await startFacebookApp();
    const sheets = await everySheet(app, await app.longLived("casa.colectiva"));
    expect(sheets.length).toBeGreaterThan(1);
    const ids = sheets.flat().map(({ id }) => id);
    expect(ids).toHaveLength(60);
    expect(new Set(ids).size).toBe(60);
  });

  it("carry an account where a professional one is linked, and lack the field where not", async () => {
    await using app = await startFacebookApp();
    const [pages = []] = await everySheet(app, await app.longLived());
    const accounts = Object.fromEntries(
      pages.map((page) => [page["name"], page["instagram_business_account"]]),
    );
    expect(accounts["Acme Shop"]).toEqual({ id: "17841401234567891", username: "acme.shop" });
    expect(accounts["Weekend Market"]).toBeUndefined();
  });

  it("are none without a Page, which is a success", async () => {
    await using app = await startFacebookApp();
    expect(await everySheet(app, await app.longLived("nadia.new"))).toEqual([[]]);
  });

  it("of a portfolio are listed with a role in it only, and found under the portfolio", async () => {
    await using app = await startFacebookApp();
    const token = await app.longLived("oscar.agency");
    const [listed = []] = await everySheet(app, token);
    expect(listed.map(({ name }) => name)).toEqual(["Studio Noor"]);
    const { data } = listOf(await app.get("/v25.0/me/businesses", { access_token: token }));
    const business = String(data[0]?.["id"]);
    const clients = await app.get(`/v25.0/${business}/client_pages`, {
      fields: "id,name",
      access_token: token,
    });
    expect(listOf(clients).data.map(({ name }) => name)).toEqual(["Hotel Miramar"]);
  });

  it("are no field of a User", async () => {
    await using app = await startFacebookApp();
    const query = { fields: "instagram_business_account", access_token: await app.longLived() };
    const { status, json } = await app.get("/v25.0/me", query);
    expect([status, json["error"]]).toMatchObject([
      400,
      { code: 100, message: expect.stringContaining("nonexisting field (instagram_business_account)") },
    ]);
  });
});

describe("appsecret_proof", () => {
  it("is checked where it is sent, and asked for where the app requires it", async () => {
    await using app = await startFacebookApp();
    const access_token = await app.longLived();
    const ask = async (appsecret_proof?: string) => {
      const { status, json } = await app.get("/v25.0/me", { access_token, appsecret_proof });
      return [status, (json["error"] as { message?: string } | undefined)?.message ?? ""];
    };
    expect(await ask()).toEqual([200, ""]);
    expect(await ask("0".repeat(64))).toEqual([400, expect.stringContaining("Invalid appsecret_proof")]);
    app.sim.policy.set({ fb_appsecret_proof: "required" });
    expect(await ask()).toEqual([400, expect.stringContaining("require an appsecret_proof argument")]);
    expect(await ask(app.proof(access_token))).toEqual([200, ""]);
  });
});

describe("hosts", () => {
  it("know nothing of each other's tokens and paths", async () => {
    await using app = await startFacebookApp();
    const ofInstagram = app.sim.issueLongLivedToken("acme.shop").value;
    const there = await app.get("/v25.0/me", { access_token: ofInstagram });
    expect(there.json["error"]).toMatchObject({
      code: 190,
      message: expect.stringContaining("Cannot parse"),
    });
    const token = await app.longLived();
    const here = await fetch(`${app.sim.origin}/v25.0/me?access_token=${token}`);
    expect(await here.json()).toMatchObject({
      error: { code: 190, message: expect.stringContaining("Cannot parse") },
    });
    expect((await app.get("/refresh_access_token", { access_token: token })).status).toBeGreaterThanOrEqual(
      400,
    );
  });
});

describe("Facebook's side of the state file", () => {
  it("outlives a restart: people, Pages, tokens, and what became of them", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "perennial-sim-"));
    const stateFile = path.join(folder, "simulator.json");
    try {
      let tokens: string[];
      {
        await using app = await startFacebookApp({ stateFile });
        const page = app.sim.issueFacebookToken("maya.brandt", { page: ACME_PAGE }).value;
        const dead = app.sim.issueFacebookToken("rita.outside").value;
        app.sim.facebook.removeApp("rita.outside");
        app.sim.facebook.rename("maya.brandt", "Maya B.");
        tokens = [page, dead];
      }
      await using app = await startFacebookApp({ stateFile });
      const [page = "", dead = ""] = tokens;
      expect(await app.debug(page)).toMatchObject({ is_valid: true, type: "PAGE" });
      expect(await app.debug(dead)).toMatchObject({ is_valid: false });
      expect(app.sim.facebook.get("maya.brandt").name).toBe("Maya B.");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("what befalls a person", () => {
  it("can be switched over HTTP, as in process", async () => {
    await using app = await startFacebookApp();
    const headers = { "content-type": "application/json", "x-sim-secret": "control-secret" };
    const post = async (name: string, body: object) => {
      const init = { method: "POST", headers, body: JSON.stringify(body) };
      const answer = await fetch(`${app.sim.origin}/__sim/facebook/${name}`, init);
      expect(answer.status).toBe(200);
      return (await answer.json()) as Record<string, unknown>;
    };
    const { value } = await post("token", { user: "maya.brandt" });
    expect(await app.debug(String(value))).toMatchObject({ is_valid: true, type: "USER" });
    await post("people/remove_app", { user: "maya.brandt" });
    expect(await app.debug(String(value))).toMatchObject({ is_valid: false, error: { subcode: 458 } });
  });
});
