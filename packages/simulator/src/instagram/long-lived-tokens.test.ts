import { describe, expect, it } from "vitest";
import { errorOf, startTestApp, tokenOf } from "../testing/test-app.ts";

const LONG_AGO = { days: 1 };

describe("the exchange for a long-lived token", () => {
  it("gives a token that lives a little under sixty days", async () => {
    await using app = await startTestApp();
    const answer = await app.exchange(await app.shortLived());
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/javascript; charset=UTF-8");
    expect(answer.json["token_type"]).toBe("bearer");
    expect(answer.json["expires_in"]).toBeLessThan(5_184_000);
    expect(answer.json["expires_in"]).toBeGreaterThan(5_183_900);
    expect(answer.json).not.toHaveProperty("permissions");
  });

  it("wants the secret first, then a token", async () => {
    await using app = await startTestApp();
    const short = await app.shortLived();
    const query = { grant_type: "ig_exchange_token", client_secret: "SIMSEC_wrong", access_token: short };
    const wrong = await app.get("/access_token", query);
    expect([wrong.status, errorOf(wrong)["message"], errorOf(wrong)["code"]]).toEqual([
      400,
      "Error validating client secret.",
      100,
    ]);
    const dummy = await app.exchange("SIMTOK_madeup");
    expect([errorOf(dummy)["code"], errorOf(dummy)["message"]]).toEqual([
      190,
      "Invalid OAuth access token - Cannot parse access token",
    ]);
    const empty = await app.exchange("");
    expect(errorOf(empty)["message"]).toBe("Unsupported request - method type: get");
  });

  it("wants its own grant type and method", async () => {
    await using app = await startTestApp();
    const secret = app.sim.instagramApp.clientSecret;
    const query = { client_secret: secret, access_token: await app.shortLived() };
    expect((await app.get("/access_token", { ...query, grant_type: "ig_refresh_token" })).status).toBe(400);
    const posted = await app.get(
      "/access_token",
      { ...query, grant_type: "ig_exchange_token" },
      { method: "POST" },
    );
    expect(errorOf(posted)["message"]).toBe("Unsupported request - method type: post");
    expect((await app.get("/v26.0/access_token", { ...query, grant_type: "ig_exchange_token" })).status).toBe(
      200,
    );
  });

  it("answers 452 to a token that is long-lived already", async () => {
    await using app = await startTestApp();
    const answer = await app.exchange(app.sim.issueLongLivedToken("acme.shop").value);
    expect([answer.status, errorOf(answer)["code"]]).toEqual([400, 452]);
    expect(errorOf(answer)["message"]).toContain("Session key invalid. This could be because");
  });

  it("refuses a short-lived token after its hour", async () => {
    await using app = await startTestApp();
    const short = await app.shortLived();
    app.sim.clock.advance({ minutes: 59 });
    expect((await app.exchange(short)).status).toBe(200);
    app.sim.clock.advance({ minutes: 1 });
    expect(errorOf(await app.exchange(short))).toMatchObject({ code: 190, error_subcode: 463 });
  });
});

describe("the refresh", () => {
  it("takes a token from its 24th hour on", async () => {
    await using app = await startTestApp();
    const { value } = app.sim.issueLongLivedToken("acme.shop");
    app.sim.clock.advance({ hours: 23, minutes: 59, seconds: 59 });
    const early = await app.refresh(value);
    expect(early.status).toBe(400);
    expect(errorOf(early)["code"]).not.toBe(190);
    expect(errorOf(early)["message"]).toContain("24 hours");
    app.sim.clock.advance({ seconds: 1 });
    const answer = await app.refresh(value);
    expect(answer.status).toBe(200);
    expect(answer.json["permissions"]).toContain(
      "instagram_business_basic,instagram_business_content_publish",
    );
    expect(answer.json["expires_in"]).toBeGreaterThan(5_183_900);
  });

  it("gives a token that lives sixty days from the refresh, not from the first issue", async () => {
    await using app = await startTestApp();
    const first = app.sim.issueLongLivedToken("acme.shop");
    app.sim.clock.advance({ days: 50 });
    const second = tokenOf(await app.refresh(first.value));
    app.sim.clock.advance({ days: 20 });
    expect(errorOf(await app.me(first.value))).toMatchObject({ code: 190, error_subcode: 463 });
    expect((await app.me(second)).status).toBe(200);
  });

  it("refuses an expired token, to the second", async () => {
    await using app = await startTestApp();
    const { value, expiresAt } = app.sim.issueLongLivedToken("acme.shop");
    const leftMs = expiresAt.getTime() - app.sim.clock.now().getTime();
    app.sim.clock.advance({ ms: leftMs - 1 });
    expect((await app.me(value)).status).toBe(200);
    app.sim.clock.advance({ ms: 1 });
    const answer = await app.refresh(value);
    expect([answer.status, errorOf(answer)["error_subcode"]]).toEqual([400, 463]);
    expect(errorOf(answer)["message"]).toMatch(
      /^Error validating access token: Session has expired on \w+, \d\d-\w{3}-\d\d \d\d:\d\d:\d\d P[DS]T\. The current time is /,
    );
    expect(errorOf(answer)["fbtrace_id"]).toMatch(/^A\w{22}$/);
  });

  it("refuses short-lived, unknown and empty tokens, a wrong grant type, and POST", async () => {
    await using app = await startTestApp();
    expect(errorOf(await app.refresh(await app.shortLived()))["code"]).toBe(100);
    expect(errorOf(await app.refresh("SIMTOK_madeup"))["code"]).toBe(190);
    expect(errorOf(await app.refresh(""))["message"]).toBe("Unsupported request - method type: get");
    const { value } = app.sim.issueLongLivedToken("acme.shop");
    const wrong = await app.get("/refresh_access_token", {
      grant_type: "refresh_token",
      access_token: value,
    });
    expect(errorOf(wrong)["code"]).toBe(100);
    const query = { grant_type: "ig_refresh_token", access_token: value };
    const posted = await app.get("/refresh_access_token", query, { method: "POST" });
    expect(errorOf(posted)["message"]).toBe("Unsupported request - method type: post");
  });

  it("wants the basic permission still granted", async () => {
    await using app = await startTestApp();
    const { value } = app.sim.issueLongLivedToken("acme.shop");
    app.sim.clock.advance(LONG_AGO);
    app.sim.users.withdrawPermissions("acme.shop", ["instagram_business_basic"]);
    const answer = await app.refresh(value);
    expect([answer.status, errorOf(answer)["code"]]).toEqual([403, 10]);
  });
});

describe("F19 rotation", () => {
  async function refreshOnce(rotation: "keep_old" | "same_token" | "revoke_old" | `grace:${number}`) {
    const app = await startTestApp({ policy: { rotation } });
    const old = app.sim.issueLongLivedToken("acme.shop").value;
    app.sim.clock.advance(LONG_AGO);
    return { app, old, next: tokenOf(await app.refresh(old)) };
  }

  it("keep_old leaves the old token valid", async () => {
    const { app, old, next } = await refreshOnce("keep_old");
    await using _app = app;
    expect(next).not.toBe(old);
    expect([(await app.me(old)).status, (await app.me(next)).status]).toEqual([200, 200]);
  });

  it("same_token answers with the same string and a later end", async () => {
    const { app, old, next } = await refreshOnce("same_token");
    await using _app = app;
    expect(next).toBe(old);
    app.sim.clock.advance({ days: 59, hours: 23 });
    expect((await app.me(old)).status).toBe(200);
    const tokens = app.sim.lineages()[0]?.tokens ?? [];
    expect(tokens.map((token) => [token.generation, token.isLive, token.endedBy])).toEqual([
      [1, false, "replaced"],
      [2, true, null],
    ]);
    expect(tokens[0]?.tokenHash).toBe(tokens[1]?.tokenHash);
  });

  it("same_token counts the 24 hours anew", async () => {
    const { app, old } = await refreshOnce("same_token");
    await using _app = app;
    expect((await app.refresh(old)).status).toBe(400);
  });

  it("revoke_old ends the old token at once with a bare 190", async () => {
    const { app, old, next } = await refreshOnce("revoke_old");
    await using _app = app;
    const answer = await app.me(old);
    expect(errorOf(answer)["code"]).toBe(190);
    expect(errorOf(answer)).not.toHaveProperty("error_subcode");
    expect((await app.me(next)).status).toBe(200);
  });

  it("grace keeps the old token for that many seconds, however often it is refreshed", async () => {
    const { app, old } = await refreshOnce("grace:30");
    await using _app = app;
    app.sim.clock.advance({ seconds: 20 });
    expect((await app.refresh(old)).status).toBe(200);
    app.sim.clock.advance({ seconds: 9 });
    expect((await app.me(old)).status).toBe(200);
    app.sim.clock.advance({ seconds: 1 });
    expect(errorOf(await app.me(old))["code"]).toBe(190);
  });
});

it("F18 obeys lifetimes and the minimum age of the policy", async () => {
  await using app = await startTestApp({ policy: { lifetime_s: 60, min_age_s: 10, short_lifetime_s: 5 } });
  const short = await app.shortLived();
  const long = tokenOf(await app.exchange(short));
  app.sim.clock.advance({ seconds: 5 });
  expect(errorOf(await app.exchange(short))["error_subcode"]).toBe(463);
  app.sim.clock.advance({ seconds: 5 });
  expect((await app.refresh(long)).json["expires_in"]).toBe(60);
});
