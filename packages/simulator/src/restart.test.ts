import { describe, expect, it } from "vitest";
import type { SimulatorOptions } from "./index.ts";
import { openStateFolder } from "./testing/state-folder.ts";
import { errorOf, START, startTestApp, tokenOf, type TestApp } from "./testing/test-app.ts";

const HOUR_MS = 3_600_000;

/** Runs two simulators one after the other on one state file. */
async function acrossRestart<Kept>(
  before: (app: TestApp) => Promise<Kept>,
  after: (app: TestApp, kept: Kept) => Promise<void>,
  options: { before?: SimulatorOptions; after?: SimulatorOptions } = {},
): Promise<void> {
  await using folder = await openStateFolder();
  const { stateFile } = folder;
  const notices: string[] = [];
  const notify = (sentence: string) => notices.push(sentence);
  const first = await startTestApp({ stateFile, notify, ...options.before });
  const kept = await before(first);
  await first.sim.close();
  await using second = await startTestApp({ stateFile, notify, ...options.after });
  await after(second, kept);
  expect(notices).toEqual([]);
}

describe("tokens", () => {
  it("issued before a restart are refreshed after it, by the same rules", () =>
    acrossRestart(
      async (app) => {
        const short = await app.shortLived("lena.paints");
        return { token: tokenOf(await app.exchange(short)), lineages: app.sim.lineages() };
      },
      async (app, { token, lineages }) => {
        expect(lineages[0]?.tokens).toHaveLength(2);
        expect(app.sim.lineages()).toEqual(lineages);
        expect(errorOf(await app.refresh(token))).toMatchObject({ code: 100 }); // not a day old
        app.sim.clock.advance({ days: 30 });
        const next = tokenOf(await app.refresh(token));
        expect((await app.me(next)).json["username"]).toBe("lena.paints");
        expect(app.sim.lineages()[0]?.tokens.map((one) => one.generation)).toEqual([1, 2, 3]);
        app.sim.clock.advance({ days: 60 });
        expect(errorOf(await app.refresh(next))).toMatchObject({ code: 190, error_subcode: 463 });
      },
    ));

  it("end when they would have ended: at once, after a grace period, or never because they stay the same", () =>
    acrossRestart(
      async (app) => {
        const issued = ["acme.shop", "lena.paints", "ines.runs"].map((key) =>
          app.sim.issueLongLivedToken(key),
        );
        const [revoked = "", graced = "", same = ""] = issued.map(({ value }) => value);
        app.sim.clock.advance({ days: 2 });
        app.sim.policy.set({ rotation: "revoke_old" });
        await app.refresh(revoked);
        app.sim.policy.set({ rotation: "grace:60" });
        await app.refresh(graced);
        app.sim.policy.set({ rotation: "same_token" });
        await app.refresh(same);
        return { revoked, graced, same, lineages: app.sim.lineages() };
      },
      async (app, { revoked, graced, same, lineages }) => {
        expect(app.sim.lineages()).toEqual(lineages);
        const statuses = async () => [
          (await app.me(revoked)).status,
          (await app.me(graced)).status,
          (await app.me(same)).status,
        ];
        expect(await statuses()).toEqual([400, 200, 200]);
        app.sim.clock.advance({ seconds: 61 });
        expect(await statuses()).toEqual([400, 400, 200]);
      },
    ));

  it("keep the permissions that were left to them", () =>
    acrossRestart(
      async (app) => {
        const { value } = app.sim.issueLongLivedToken("acme.shop");
        app.sim.users.withdrawPermissions("acme.shop", ["instagram_business_basic"]);
        return value;
      },
      async (app, token) => {
        expect(errorOf(await app.me(token))).toMatchObject({ code: 10 });
      },
    ));

  it("are other strings after each restart, although the seed is the same", async () => {
    await using place = await openStateFolder();
    const given: string[] = [];
    for (let start = 0; start < 4; start++) {
      await using app = await startTestApp({ seed: 7, stateFile: place.stateFile });
      given.push(app.sim.issueLongLivedToken("acme.shop").value, await app.consent());
      given.push(app.sim.users.add({ key: `added-${start}` }).professionalId);
    }
    expect(new Set(given).size).toBe(12);
  });

  it("go on with another app registered", () =>
    acrossRestart(
      async (app) => ({ token: app.sim.issueLongLivedToken("acme.shop").value, code: await app.consent() }),
      async (app, { token, code }) => {
        app.sim.clock.advance({ seconds: 60 });
        expect((await app.me(token)).status).toBe(200);
        expect((await app.exchange(await app.shortLived())).status).toBe(200);
        expect(app.sim.lineages().map((one) => one.appId)).toEqual(["990000000000001", "77"]);
        // a code is good for the app it was given to
        expect((await app.exchangeCode(code)).text).toContain("Invalid authorization code");
      },
      { after: { app: { clientId: "77", clientSecret: "SIMSEC_new" } } },
    ));
});

describe("authorization codes", () => {
  it("stay spent when they were spent, good when they were not, and expire in time", () =>
    acrossRestart(
      async (app) => {
        const [spent, fresh, late] = [await app.consent(), await app.consent(), await app.consent()];
        tokenOf(await app.exchangeCode(spent));
        return { spent, fresh, late };
      },
      async (app, { spent, fresh, late }) => {
        const refusal = async (code: string) => {
          await app.exchangeCode(code);
          return app.sim.ledger().at(-1)?.refusal;
        };
        expect(await refusal(spent)).toBe("code_used");
        expect(await refusal(fresh)).toBeNull();
        expect(await refusal(fresh)).toBe("code_used");
        app.sim.clock.advance({ hours: 1 });
        expect(await refusal(late)).toBe("code_expired");
      },
    ));
});

describe("people", () => {
  it("who revoked stay revoked, each with their reason", () =>
    acrossRestart(
      async (app) => {
        const issue = (key: string) => app.sim.issueLongLivedToken(key).value;
        const [removed, checkpoint, changed] = [issue("acme.shop"), issue("lena.paints"), issue("ines.runs")];
        app.sim.users.removeApp("acme.shop");
        app.sim.users.revoke("lena.paints", { subcode: null });
        app.sim.users.passwordChanged("ines.runs");
        return { removed, checkpoint, changed };
      },
      async (app, { removed, checkpoint, changed }) => {
        const error = async (token: string) => {
          const { code, error_subcode: subcode } = errorOf(await app.refresh(token));
          return [code, subcode];
        };
        expect(await error(removed)).toEqual([190, 458]);
        expect(await error(checkpoint)).toEqual([190, undefined]);
        expect(await error(changed)).toEqual([190, 460]);
        expect(app.sim.lineages().map((one) => one.tokens[0]?.endedBy)).toEqual([
          "app_removed",
          "revoked",
          "password_changed",
        ]);
      },
    ));

  it("are as they were left: added, changed, hostile, in the same order", () =>
    acrossRestart(
      async ({ sim: { users } }) => {
        users.add({ key: "u7", name: null, media: [post("18100000000000001"), post("18100000000000002")] });
        for (const variant of ["script", "rtl", "emoji", "nul", "long"] as const) users.add({ variant });
        users.rename("u7", "lone \ud800 surrogate");
        users.switchToPersonal("daily.bread");
        users.switchToProfessional("tom.private", "MEDIA_CREATOR");
        users.withdrawTesterRole("acme.shop");
        users.grantTesterRole("studio.noor");
        return users.list();
      },
      async ({ sim: { users } }, list) => {
        expect(users.list()).toEqual(list);
        expect(users.get("u7").media[0]?.postedAt).toBeInstanceOf(Date);
        expect(users.get("tom.private").accountType).toBe("MEDIA_CREATOR");
      },
    ));

  it("who were removed stay away, with their ids taken and their tokens ended, while their key is free", () =>
    acrossRestart(
      async ({ sim }) => {
        const gone = sim.users.get("acme.shop");
        const { value } = sim.issueLongLivedToken("acme.shop");
        sim.users.remove("acme.shop");
        const { appScopedId } = sim.users.add({ key: "acme.shop" });
        const next = sim.issueLongLivedToken("acme.shop").value;
        return { gone, value, next, appScopedId };
      },
      async (app, { gone, value, next, appScopedId }) => {
        const { users } = app.sim;
        expect(users.list()).toHaveLength(8);
        expect(users.get("acme.shop").appScopedId).toBe(appScopedId);
        expect(() => users.add({ key: "again", appScopedId: gone.appScopedId })).toThrow("has an id");
        expect(users.add({ key: "again", professionalId: gone.professionalId }).key).toBe("again");
        expect(errorOf(await app.me(value))).toMatchObject({ code: 190 });
        expect(app.sim.lineages()[0]?.tokens[0]?.endedBy).toBe("account_deleted");
        expect((await app.me(next, "id")).text).toBe(`{"id":${appScopedId}}`);
      },
    ));
});

describe("clock and policy", () => {
  it("go on as set; the clock goes by real time meanwhile", async () => {
    let realMs = START;
    const options: SimulatorOptions = { baseNow: () => realMs };
    await acrossRestart(
      async ({ sim }) => {
        sim.policy.set({ lifetime_s: 600, rotation: "grace:30", calls_per_hour: 5 });
        sim.clock.advance({ days: 100 });
        realMs += 12 * HOUR_MS; // overnight, with a simulator that is closed in the morning
        return sim.policy.get();
      },
      async ({ sim }, policy) => {
        expect(sim.policy.get()).toEqual(policy);
        expect(sim.clock.state()).toEqual({
          nowMs: realMs + 2400 * HOUR_MS,
          offsetMs: 2400 * HOUR_MS,
          rate: 1,
        });
      },
      {
        before: options,
        after: { ...options, policy: { lifetime_s: 7 }, scenario: { clock: { offset_ms: 0 } } },
      },
    );
  });

  it("the clock does not go back when it ran fast or the machine's own was set back", async () => {
    let realMs = START;
    const options: SimulatorOptions = { baseNow: () => realMs };
    await acrossRestart(
      async ({ sim }) => {
        sim.policy.set({ scale_s_per_day: 10 });
        realMs += 60_000; // six days
        const { nowMs } = sim.clock.state();
        expect(nowMs).toBe(START + 6 * 24 * HOUR_MS);
        return nowMs;
      },
      async ({ sim }, nowMs) => {
        expect(sim.clock.state()).toMatchObject({ nowMs, rate: 8640 });
        realMs += 10_000;
        expect(sim.clock.state().nowMs).toBe(nowMs + 24 * HOUR_MS);
      },
      { before: options, after: { baseNow: () => realMs - HOUR_MS } },
    );
  });
});

it("forgets requests, rules and gates", () =>
  acrossRestart(
    async (app) => {
      app.sim.gates.add({ at: "quota", point: "before_process" });
      app.sim.faults.add({ at: "me", do: "status" });
      await app.me("SIMTOK_unknown");
    },
    async ({ sim }) => {
      expect([sim.ledger(), sim.gates.list(), sim.faults.list(), sim.rate().total]).toEqual([[], [], [], 0]);
    },
  ));

function post(id: string) {
  return {
    id,
    mediaType: "CAROUSEL_ALBUM" as const,
    caption: null,
    postedAt: new Date(START),
    childIds: ["1"],
  };
}
