import { expect, it } from "vitest";
import { startSimulator } from "./index.ts";
import { errorOf, startTestApp, tokenOf } from "./testing/test-app.ts";

it("takes a person from the consent page to a token that is renewed for a year", async () => {
  await using app = await startTestApp();
  const short = tokenOf(await app.exchangeCode(await app.consent("lena.paints")));
  let token = tokenOf(await app.exchange(short));
  expect((await app.me(token)).text).toContain('"user_id":17841401234567892,"username":"lena.paints"');
  for (let month = 0; month < 12; month++) {
    app.sim.clock.advance({ days: 30 });
    token = tokenOf(await app.refresh(token));
  }
  expect((await app.me(token)).status).toBe(200);
  app.sim.clock.advance({ days: 60 });
  expect(errorOf(await app.refresh(token))).toMatchObject({ code: 190, error_subcode: 463 });
  expect(app.sim.lineages()[0]?.tokens).toHaveLength(14);
});

it("starts on a free port with secrets of its own and the constant app", async () => {
  await using first = await startSimulator();
  await using second = await startSimulator();
  expect(first.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(first.origin).not.toBe(second.origin);
  expect(first.controlSecret).not.toBe(second.controlSecret);
  expect(first.instagramApp).toEqual(second.instagramApp);
  expect(first.instagramApp.clientId).toBe("990000000000001");
  expect(first.instagramApp.clientSecret).toMatch(/^SIMSEC_/);
  expect(first.seed).not.toBe(second.seed);
});

it("TE-02 gives the same tokens and ids for the same seed", async () => {
  const made: string[] = [];
  for (const seed of [3, 3, 4]) {
    await using sim = await startSimulator({ seed });
    made.push(`${sim.issueLongLivedToken("acme.shop").value} ${sim.users.add({ key: "x" }).professionalId}`);
  }
  expect(made[1]).toBe(made[0]);
  expect(made[2]).not.toBe(made[0]);
});

it("knows the cast, each with their part", async () => {
  await using sim = await startSimulator();
  const cast = Object.fromEntries(sim.users.list().map((user) => [user.key, user]));
  expect(cast["acme.shop"]).toMatchObject({ accountType: "BUSINESS", professionalId: "17841401234567891" });
  expect(cast["lena.paints"]).toMatchObject({ accountType: "MEDIA_CREATOR", hasTesterRole: true });
  expect(cast["studio.noor"]).toMatchObject({ accountType: "BUSINESS", hasTesterRole: false });
  expect(cast["tom.private"]).toMatchObject({ accountType: "PERSONAL" });
  for (const { professionalId, appScopedId } of sim.users.list()) {
    expect(professionalId).toMatch(/^17841\d{12}$/);
    expect([Number.isSafeInteger(Number(professionalId)), Number.isSafeInteger(Number(appScopedId))]).toEqual(
      [false, false],
    );
    expect(professionalId).not.toBe(appScopedId);
  }
});

it("takes other people and another app", async () => {
  const app = { clientId: "1", clientSecret: "SIMSEC_other" };
  await using test = await startTestApp({ app, users: [{ key: "only" }] });
  expect(test.sim.users.list().map((user) => user.key)).toEqual(["only"]);
  expect((await test.exchange(await test.shortLived("only"))).status).toBe(200);
});

it("refuses other machines' addresses, an empty ledger and a taken port", async () => {
  await expect(startSimulator({ host: "0.0.0.0" })).rejects.toMatchObject({ code: "invalid_input" });
  await expect(startSimulator({ ledgerLimit: 0 })).rejects.toMatchObject({ code: "invalid_input" });
  await using sim = await startSimulator();
  const port = Number(new URL(sim.origin).port);
  await expect(startSimulator({ port })).rejects.toMatchObject({ code: "port_taken" });
});

it("listens on another loopback address when told to", async () => {
  await using sim = await startSimulator({ host: "127.0.0.2" });
  expect(sim.origin).toMatch(/^http:\/\/127\.0\.0\.2:\d+$/);
  expect((await fetch(`${sim.origin}/__sim/clock`)).status).toBe(200);
});

it("closes twice without complaint", async () => {
  const sim = await startSimulator();
  await sim.close();
  await sim.close();
  await expect(fetch(sim.origin)).rejects.toThrow("fetch failed");
});
