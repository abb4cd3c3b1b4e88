import { describe, expect, it } from "vitest";
import { listOf, startFacebookApp, type FacebookApp } from "../testing/facebook-app.ts";
import { errorOf, tokenOf } from "../testing/test-app.ts";

const ACME_PAGE = "103000000000101";

const me = (app: FacebookApp, token: string) => app.get("/me", { access_token: token });

async function pageToken(app: FacebookApp, userToken: string, pageId = ACME_PAGE): Promise<string> {
  const { data } = listOf(await app.get("/me/accounts", { access_token: userToken, limit: "100" }));
  return String(data.find(({ id }) => id === pageId)?.["access_token"]);
}

describe("the exchange for a long-lived token", () => {
  it("gives one of about sixty days, and the same one with the same end when it is exchanged again", async () => {
    await using app = await startFacebookApp();
    const first = await app.exchange(await app.shortLived());
    const long = tokenOf(first);
    expect(first.json["expires_in"]).toBeGreaterThan(5_183_000);
    app.sim.clock.advance({ days: 30 });
    const again = await app.exchange(long);
    expect(tokenOf(again)).toBe(long);
    expect(again.json["expires_in"]).toBe(Number(first.json["expires_in"]) - 30 * 86_400);
    app.sim.clock.advance({ days: 30 });
    expect(errorOf(await app.exchange(long))).toMatchObject({ code: 190, error_subcode: 463 });
  });

  it("may leave the seconds out", async () => {
    await using app = await startFacebookApp({ policy: { fb_expires_in: "missing" } });
    const answer = await app.exchange(await app.shortLived());
    expect(Object.keys(answer.json)).toEqual(["access_token", "token_type"]);
  });

  it("refuses expired, foreign and unreadable tokens, and a wrong app", async () => {
    await using app = await startFacebookApp();
    const { sim } = app;
    const short = await app.shortLived();
    const page = sim.issueFacebookToken("maya.brandt", { page: ACME_PAGE }).value;
    const foreign = sim.issueFacebookToken("maya.brandt", { app: "foreign" }).value;
    const instagram = sim.issueLongLivedToken("acme.shop").value;
    const error = async (token: string, change = {}) => {
      const { code, error_subcode: subcode, message } = errorOf(await app.exchange(token, change));
      return [code, subcode, message];
    };
    expect(await error(foreign)).toEqual([100, undefined, expect.stringContaining("does not belong")]);
    expect(await error(page)).toEqual([100, undefined, expect.stringContaining("Only a person's")]);
    expect(await error("")).toEqual([100, undefined, expect.stringContaining("is required")]);
    const cannotParse = "Invalid OAuth access token - Cannot parse access token";
    expect(await error(instagram)).toEqual([190, undefined, cannotParse]);
    expect(await error("EAAnothing")).toEqual([190, undefined, cannotParse]);
    expect(await error(short, { client_secret: "x" })).toEqual([
      1,
      undefined,
      "Error validating client secret.",
    ]);
    sim.clock.advance({ hours: 1 });
    expect(await error(short)).toEqual([190, 463, expect.stringContaining("Session has expired on")]);
  });
});

describe("Page tokens", () => {
  it("of a long-lived token have no end, of a short-lived one the same end", async () => {
    await using app = await startFacebookApp();
    const short = await app.shortLived();
    const ofShort = await pageToken(app, short);
    const ofLong = await pageToken(app, tokenOf(await app.exchange(short)));
    expect(ofShort).not.toBe(ofLong);
    const ends = async (token: string) => (await app.debug(token))["expires_at"];
    expect([await ends(ofShort), await ends(ofLong)]).toEqual([await ends(short), 0]);
    app.sim.clock.advance({ hours: 1 });
    expect(errorOf(await me(app, ofShort))).toMatchObject({ code: 190, error_subcode: 463 });
    expect((await me(app, ofLong)).json).toEqual({ id: ACME_PAGE, name: "Acme Shop" });
    app.sim.clock.advance({ days: 61 });
    expect((await me(app, ofLong)).status).toBe(200);
  });

  it("are the same when they are read again", async () => {
    await using app = await startFacebookApp();
    const long = await app.longLived();
    expect(await pageToken(app, long)).toBe(await pageToken(app, long));
    const tokens = app.sim.lineages()[0]?.tokens.filter(({ kind }) => kind === "page") ?? [];
    expect(tokens).toHaveLength(5);
    expect(tokens[0]).toMatchObject({ pageId: ACME_PAGE, source: "page", expiresAt: null, isLive: true });
  });
});

describe("every token", () => {
  const causes: [name: string, end: (app: FacebookApp) => void, code: number | undefined, text: string][] = [
    ["removing the app", ({ sim }) => sim.facebook.removeApp("maya.brandt"), 458, "has not authorized"],
    [
      "a new password",
      ({ sim }) => sim.facebook.passwordChanged("maya.brandt"),
      460,
      "changed their password",
    ],
    ["a checkpoint", ({ sim }) => sim.facebook.checkpoint("maya.brandt"), 459, "log in to www.facebook.com"],
    [
      "the end of data access",
      ({ sim }) => sim.facebook.endDataAccess("maya.brandt"),
      493,
      "in longer than 90 days",
    ],
    ["logging out", ({ sim }) => sim.facebook.revoke("maya.brandt", { subcode: 467 }), 467, "logged out"],
    ["deletion", ({ sim }) => sim.facebook.remove("maya.brandt"), undefined, "Invalid OAuth access token."],
  ];
  for (const [name, end, subcode, text] of causes) {
    it(`dies of ${name}, a Page's too`, async () => {
      await using app = await startFacebookApp();
      const user = await app.longLived();
      const page = await pageToken(app, user);
      end(app);
      for (const token of [user, page]) {
        const answer = await me(app, token);
        expect(answer.status).toBe(400);
        expect(errorOf(answer)).toMatchObject({
          code: 190,
          message: expect.stringContaining(text) as string,
        });
        expect(errorOf(answer)["error_subcode"]).toBe(subcode);
      }
      expect(app.sim.lineages()[0]?.tokens.every((token) => !token.isLive)).toBe(true);
    });
  }

  it("of one Page dies with the role there, and no other", async () => {
    await using app = await startFacebookApp();
    const user = await app.longLived();
    const [acme, lena] = [await pageToken(app, user), await pageToken(app, user, "103000000000102")];
    app.sim.facebook.withdrawPageRole("maya.brandt", ACME_PAGE);
    expect(errorOf(await me(app, acme))).toMatchObject({
      code: 190,
      error_subcode: 492,
      message: expect.stringContaining("not an administrator of the page") as string,
    });
    expect([(await me(app, lena)).status, (await me(app, user)).status]).toEqual([200, 200]);
    const { data } = listOf(await app.get("/me/accounts", { access_token: user }));
    expect(data.map(({ id }) => id)).not.toContain(ACME_PAGE);
  });

  it("works again after a checkpoint was passed, or after the person came back", async () => {
    await using app = await startFacebookApp();
    const token = await app.longLived();
    app.sim.facebook.checkpoint("maya.brandt");
    expect((await me(app, token)).status).toBe(400);
    app.sim.facebook.clearCheckpoint("maya.brandt");
    expect((await me(app, token)).status).toBe(200);
    app.sim.facebook.checkpoint("maya.brandt");
    await app.consent();
    expect((await me(app, token)).status).toBe(200);
  });

  it("may read for 90 days from the person's last coming by", async () => {
    await using app = await startFacebookApp();
    const page = await pageToken(app, await app.longLived());
    app.sim.clock.advance({ days: 89 });
    expect((await me(app, page)).status).toBe(200);
    await app.consent();
    app.sim.clock.advance({ days: 89 });
    expect((await me(app, page)).status).toBe(200);
    app.sim.clock.advance({ days: 1 });
    expect(errorOf(await me(app, page))).toMatchObject({ code: 190, error_subcode: 493 });
    await app.consent();
    expect((await me(app, page)).status).toBe(200);
  });

  it("of another app outlives the removal of ours", async () => {
    await using app = await startFacebookApp();
    const foreign = app.sim.issueFacebookToken("maya.brandt", { app: "foreign" }).value;
    await app.longLived();
    app.sim.facebook.removeApp("maya.brandt");
    expect((await me(app, foreign)).status).toBe(200);
    app.sim.facebook.passwordChanged("maya.brandt");
    expect(errorOf(await me(app, foreign))).toMatchObject({ code: 190, error_subcode: 460 });
  });
});
