import { expect, it } from "vitest";
import { errorOf, startTestApp } from "./testing/test-app.ts";

it("refuses the app's calls over the limit, whoever they are for, until an hour has passed", async () => {
  await using app = await startTestApp({ policy: { calls_per_hour: 4 } });
  const acme = app.sim.issueLongLivedToken("acme.shop").value;
  const lena = app.sim.issueLongLivedToken("lena.paints").value;
  const usage: unknown[] = [];
  for (const token of [acme, lena, acme, lena]) {
    const answer = await app.me(token);
    expect(answer.status).toBe(200);
    usage.push(JSON.parse(answer.headers.get("x-app-usage") ?? ""));
  }
  expect(usage[2]).toEqual({ call_count: 75, total_time: 38, total_cputime: 38 });
  const refused = await app.me(lena);
  expect([refused.status, errorOf(refused)["code"], errorOf(refused)["message"]]).toEqual([
    403,
    4,
    "(#4) Application request limit reached",
  ]);
  expect(refused.headers.get("x-app-usage")).toContain('"call_count":100');
  app.sim.clock.advance({ hours: 1 });
  expect((await app.me(lena)).status).toBe(200);
});

it("counts calls made while throttled, so that they prolong the block", async () => {
  await using app = await startTestApp({ policy: { calls_per_hour: 2 } });
  const { value } = app.sim.issueLongLivedToken("acme.shop");
  await app.me(value);
  await app.me(value);
  app.sim.clock.advance({ minutes: 40 });
  for (let call = 0; call < 3; call++) expect((await app.me(value)).status).toBe(403);
  app.sim.clock.advance({ minutes: 30 });
  expect((await app.me(value)).status).toBe(403);
});

it("refuses nothing without a limit, whatever the number of calls", async () => {
  await using app = await startTestApp();
  const { value } = app.sim.issueLongLivedToken("acme.shop");
  const answers = await Promise.all(Array.from({ length: 300 }, () => app.me(value)));
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
});
