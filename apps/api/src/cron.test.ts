import { connect } from "@perennial/runtime/testing";
import { describe, expect, it } from "vitest";

import { openTestApp, type TestApp } from "./testing/open-app.ts";

const OLD_SECRET = "an-old-secret-of-the-scheduler-0123456789abcd";
const NEW_SECRET = "a-new-secret-of-the-scheduler-0123456789abcd";

const environment = { CRON_SECRET: `${NEW_SECRET},${OLD_SECRET}` };

type Run = { id: string; state: string; counts: Record<string, number> | null; status?: string };

async function ask(app: TestApp, method: string, path: string, secret: string | null) {
  const headers = secret === null ? {} : { authorization: `Bearer ${secret}` };
  return await app.request(path, { method, headers });
}

/** Long enough for what was connected to be due. */
async function letDaysPass(app: TestApp): Promise<void> {
  app.sim.clock.advance({ days: 40 });
  await app.runtime.simulatorClock?.advance(0); // until this process follows
}

const runOf = async (response: Response) => (await response.json()) as Run;

const refreshes = (app: TestApp): number =>
  app.sim.ledger().filter(({ endpoint }) => endpoint === "refresh").length;

describe("the cron endpoint", () => {
  it("CE-03 answers with a run at once, goes on by itself, and tells how it went", async () => {
    await using app = await openTestApp({ environment });
    await connect(app, "acme.shop");
    await letDaysPass(app);
    const gate = app.sim.gates.add({ at: "refresh", point: "before_process" });
    const answer = await ask(app, "POST", "/cron/refresh", NEW_SECRET);
    expect(answer.status).toBe(202);
    const run = await runOf(answer);
    expect(run).toMatchObject({ state: "running", counts: null, status: `/cron/runs/${run.id}` });
    expect(answer.headers.get("location")).toBe(run.status);
    const waiting = await app.sim.gates.waitFor(gate);
    app.sim.gates.release(waiting.id);
    const found = async () => await runOf(await ask(app, "GET", `/cron/runs/${run.id}`, NEW_SECRET));
    await expect.poll(async () => (await found()).state).toBe("finished");
    expect((await found()).counts).toMatchObject({ claimed: 1, refreshed: 1 });
  });

  it("CE-01 refuses everybody without one of the secrets, and does nothing for them", async () => {
    await using app = await openTestApp({ environment });
    await connect(app, "acme.shop");
    await letDaysPass(app);
    for (const secret of [
      null,
      "",
      "undefined",
      "null",
      `${NEW_SECRET}x`,
      NEW_SECRET.slice(0, -1),
      "x".repeat(600),
    ]) {
      const answer = await ask(app, "POST", "/cron/refresh", secret);
      expect([secret, answer.status]).toEqual([secret, 401]);
      expect((await ask(app, "GET", "/cron/runs/run_0000000000000000000000", secret)).status).toBe(401);
    }
    expect(refreshes(app)).toBe(0);
  });

  it("CE-05 takes the old secret and the new one while one replaces the other", async () => {
    await using app = await openTestApp({ environment });
    for (const secret of [OLD_SECRET, NEW_SECRET])
      expect((await ask(app, "POST", "/cron/refresh", secret)).status).toBe(202);
  });

  it("CE-02 does no work twice, however often it is asked while another sweep goes on", async () => {
    await using app = await openTestApp({ environment });
    for (const key of ["acme.shop", "lena.paints"]) await connect(app, key);
    await letDaysPass(app);
    app.sim.faults.add({ at: "refresh", do: "delay", with: { ms: 30 } });
    const signal = new AbortController().signal;
    const sweep = app.runtime.connections.sweep({ trigger: "worker", concurrency: 4, signal });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => ask(app, "POST", "/cron/refresh", NEW_SECRET)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const ids = new Set(await Promise.all(answers.map(async (answer) => (await runOf(answer)).id)));
    for (const id of ids) {
      const found = async () => (await runOf(await ask(app, "GET", `/cron/runs/${id}`, NEW_SECRET))).state;
      await expect.poll(found).toBe("finished");
    }
    await sweep;
    expect(refreshes(app)).toBe(2);
    expect(app.sim.concurrency().max).toBe(1);
  });

  it("CE-04 answers with numbers: no token, no name, no account", async () => {
    await using app = await openTestApp({ environment });
    await connect(app, "acme.shop");
    await letDaysPass(app);
    const run = await runOf(await ask(app, "POST", "/cron/refresh", NEW_SECRET));
    const answers = async () => await (await ask(app, "GET", `/cron/runs/${run.id}`, NEW_SECRET)).text();
    await expect.poll(answers).toContain('"finished"');
    expect(await answers()).not.toMatch(/acme|SIMTOK_|1784/i);
  });

  it("knows no run that never was", async () => {
    await using app = await openTestApp({ environment });
    const answer = await ask(app, "GET", "/cron/runs/run_0000000000000000000000", NEW_SECRET);
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: "not_found" } }]);
  });
});
