import { expect, it } from "vitest";
import { REDIRECT_URI, startTestApp, tokenOf } from "../testing/test-app.ts";

const APP_SCOPED = "25811112222333345";

it("gives a short-lived token with the app-scoped id as a bare number above 2^53", async () => {
  await using app = await startTestApp();
  const answer = await app.exchangeCode(await app.consent());
  expect(answer.status).toBe(200);
  expect(answer.text).toContain(`"user_id":${APP_SCOPED},`);
  expect(String(answer.json["user_id"])).not.toBe(APP_SCOPED); // JSON.parse rounds it: the trap is real
  expect(tokenOf(answer)).toMatch(/^SIMTOK_[A-Za-z0-9]{64}$/);
  expect(answer.json["permissions"]).toEqual([
    "instagram_business_basic",
    "instagram_business_content_publish",
  ]);
  expect(answer.json).not.toHaveProperty("expires_in");
});

it("answers in each documented shape", async () => {
  await using app = await startTestApp();
  const permissions = '["instagram_business_basic","instagram_business_content_publish"]';
  app.sim.policy.set({ shape: "data0" });
  expect((await app.exchangeCode(await app.consent())).text).toMatch(
    new RegExp(`^\\{"data":\\[\\{"access_token":"SIMTOK_\\w+","user_id":${APP_SCOPED},"permissions":`),
  );
  app.sim.policy.set({ shape: "docs" });
  expect((await app.exchangeCode(await app.consent())).text).toContain(
    `"user_id":"${APP_SCOPED}","permissions":"instagram_business_basic,instagram_business_content_publish"}]}`,
  );
  app.sim.policy.set({ shape: "flat", id_as: "string" });
  expect((await app.exchangeCode(await app.consent())).text).toContain(
    `"user_id":"${APP_SCOPED}","permissions":${permissions}}`,
  );
});

it("takes a code once", async () => {
  await using app = await startTestApp();
  const code = await app.consent();
  expect((await app.exchangeCode(code)).status).toBe(200);
  const again = await app.exchangeCode(code);
  expect([again.status, again.json]).toEqual([
    400,
    {
      error_type: "OAuthException",
      code: 400,
      error_message: "Matching code was not found or was already used",
    },
  ]);
});

it("takes a code for one hour of virtual time", async () => {
  await using app = await startTestApp();
  const early = await app.consent();
  const late = await app.consent();
  app.sim.clock.advance({ minutes: 59, seconds: 59 });
  expect((await app.exchangeCode(early)).status).toBe(200);
  app.sim.clock.advance({ seconds: 1 });
  expect((await app.exchangeCode(late)).json["error_message"]).toBe("This authorization code has expired");
});

it("refuses each wrong part in Instagram's words and leaves the code unused", async () => {
  await using app = await startTestApp();
  const code = await app.consent();
  const cases: [Record<string, string>, string][] = [
    [{ client_id: "" }, "Missing required field client_id"],
    [{ client_id: "700000000000001" }, "Invalid platform app"],
    [{ grant_type: "client_credentials" }, "Invalid grant_type"],
    [{ client_secret: "" }, "Missing required field client_secret"],
    [{ client_secret: "SIMSEC_wrong" }, "Invalid Client Secret"],
    [{ redirect_uri: "" }, "Missing required field redirect_uri"],
    [
      { redirect_uri: `${REDIRECT_URI}/` },
      "Error validating verification code. Please make sure your redirect_uri",
    ],
    [{ code: "" }, "Missing required field code"],
    [{ code: "SIMCODE_madeup" }, "Invalid authorization code"],
    [{ code: `${code}#_` }, "Invalid authorization code"],
    // the code is looked at first: a made-up code says nothing about the secret
    [{ code: "SIMCODE_madeup", client_secret: "SIMSEC_wrong" }, "Invalid authorization code"],
  ];
  for (const [change, message] of cases) {
    const answer = await app.exchangeCode(code, change);
    expect([change, answer.status, answer.json["error_type"]]).toEqual([change, 400, "OAuthException"]);
    expect(answer.json["error_message"]).toContain(message);
  }
  expect((await app.exchangeCode(code)).status).toBe(200);
});

it("reads forms only: a JSON body lacks its client_id", async () => {
  await using app = await startTestApp();
  const fields = {
    client_id: app.sim.instagramApp.clientId,
    client_secret: app.sim.instagramApp.clientSecret,
    grant_type: "authorization_code",
    redirect_uri: REDIRECT_URI,
    code: await app.consent(),
  };
  const json = await app.get(
    "/oauth/access_token",
    {},
    {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(fields),
    },
  );
  expect([json.status, json.json["error_message"]]).toEqual([400, "Missing required field client_id"]);

  const multipart = new FormData();
  for (const [name, value] of Object.entries(fields)) multipart.set(name, value);
  const form = await app.get("/oauth/access_token", {}, { method: "POST", body: multipart });
  expect(form.status).toBe(200);

  expect((await app.get("/oauth/access_token", fields)).status).toBe(405);
});

it("turns away personal accounts and accounts without a tester role", async () => {
  await using app = await startTestApp();
  const noor = await app.exchangeCode(await app.consent("studio.noor"));
  expect([noor.status, noor.json["error_message"]]).toEqual([400, "Insufficient developer role"]);
  const tom = await app.exchangeCode(await app.consent("tom.private"));
  expect([tom.status, tom.json["error_message"]]).toEqual([400, "The user is not an Instagram Business"]);

  app.sim.policy.set({ app_mode: "live" });
  expect((await app.exchangeCode(await app.consent("studio.noor"))).status).toBe(200);
  expect((await app.exchangeCode(await app.consent("tom.private"))).status).toBe(400);
});

it("can leave that to the graph host, where it reads as an unsupported request", async () => {
  await using app = await startTestApp({ policy: { refuse_at: "graph" } });
  const token = await app.shortLived("studio.noor");
  const answer = await app.exchange(token);
  expect([answer.status, answer.json["error"]]).toEqual([
    400,
    expect.objectContaining({
      message: "Unsupported request - method type: get",
      type: "IGApiException",
      code: 100,
    }),
  ]);
});

it("gives the permissions that were left ticked", async () => {
  await using app = await startTestApp();
  const code = await app.consent("acme.shop", [
    "instagram_business_content_publish",
    "instagram_business_basic",
  ]);
  expect((await app.exchangeCode(code)).json["permissions"]).toEqual(["instagram_business_basic"]);
});
