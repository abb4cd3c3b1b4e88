import { describe, expect, it } from "vitest";
import { listOf, startFacebookApp, type FacebookApp } from "../testing/facebook-app.ts";
import { control, errorOf, wireError, type Answer } from "../testing/test-app.ts";
import type { FaultRule } from "./rule.ts";

const ACME_PAGE = "103000000000101";

/** The answer to one call under one rule. */
async function under(app: FacebookApp, rule: FaultRule, call: () => Promise<Answer>): Promise<Answer> {
  const id = app.sim.faults.add(rule);
  const answer = await call();
  app.sim.faults.clear(id);
  return answer;
}

describe("lists of Pages", () => {
  it("F33 are empty, or lack accounts, tokens or tasks", async () => {
    await using app = await startFacebookApp();
    const token = await app.longLived();
    const fields = "id,access_token,tasks,instagram_business_account{id}";
    const read = (variant?: string) =>
      under(app, { at: "pages", do: "pages", with: variant === undefined ? {} : { variant } }, () =>
        app.get("/me/accounts", { fields, access_token: token }),
      );
    expect((await read()).text).toBe('{"data":[]}');
    const first = async (variant: string) => listOf(await read(variant)).data[0];
    expect(await first("no_instagram")).not.toHaveProperty("instagram_business_account");
    expect(await first("null_instagram")).toMatchObject({ instagram_business_account: null });
    expect(await first("null_token")).toMatchObject({ id: ACME_PAGE, access_token: null });
    expect(await first("no_token")).not.toHaveProperty("access_token");
    expect(await first("no_tasks")).not.toHaveProperty("tasks");
    expect(app.sim.ledger().at(-1)?.fault).toMatch(/^f\d+:pages$/);
  });

  it("leave refusals and other answers alone", async () => {
    await using app = await startFacebookApp();
    const token = await app.longLived();
    const rule = { at: "any", do: "pages" } as const;
    const me = await under(app, rule, () => app.get("/me", { access_token: token }));
    expect(me.json["name"]).toBe("Maya Brandt");
    const refused = await under(app, rule, () => app.get("/me/accounts", { access_token: "x" }));
    expect(errorOf(refused)["code"]).toBe(190);
    expect((await under(app, rule, () => app.get(app.dialogUrl()))).text).toContain("Allow");
  });
});

describe("token inspection", () => {
  it("F33 says that data access has ended, that the app is another, or less than it should", async () => {
    await using app = await startFacebookApp();
    const token = await app.longLived();
    const nowS = app.sim.clock.now().getTime() / 1000;
    const read = async (variant: string) => {
      const query = { input_token: token, access_token: app.appToken };
      const answer = await under(app, { at: "debug", do: "debug", with: { variant } }, () =>
        app.get("/debug_token", query),
      );
      return answer.json["data"];
    };
    expect(await read("data_access_past")).toMatchObject({ data_access_expires_at: nowS - 86_400 });
    expect(await read("other_app")).toMatchObject({ app_id: app.sim.foreignFacebookApp.clientId });
    expect(await read("no_end")).toMatchObject({ expires_at: 0, data_access_expires_at: 0 });
    expect(await read("invalid")).toMatchObject({ is_valid: false, error: { code: 190 } });
    expect(await read("no_granular_scopes")).not.toHaveProperty("granular_scopes");
    expect(await read("no_user_id")).not.toHaveProperty("user_id");
    const bad = { at: "debug", do: "debug", with: { variant: "odd" } };
    expect((await control(app.sim, "POST", "/__sim/faults", bad)).status).toBe(400);
  });
});

describe("the usual faults", () => {
  it("F31 F32 meet one host, one endpoint or one person alone", async () => {
    await using app = await startFacebookApp();
    const { sim } = app;
    const [maya, paul] = [await app.longLived(), await app.longLived("paul.plain")];
    const instagram = sim.issueLongLivedToken("acme.shop").value;
    const statuses = async () => [
      (await app.get("/me", { access_token: maya })).status,
      (await app.get("/me/accounts", { access_token: maya })).status,
      (await app.get("/me", { access_token: paul })).status,
      (await fetch(`${sim.origin}/me?access_token=${instagram}`)).status,
    ];
    const cases: [FaultRule, number[]][] = [
      [{ at: "me", do: "status", match: { flavour: "fb" } }, [500, 200, 500, 200]],
      [{ at: "me", do: "status", match: { user: "maya.brandt" } }, [500, 200, 200, 200]],
      [{ at: "pages", do: "status" }, [200, 500, 200, 200]],
      [{ at: "any", do: "status", match: { flavour: "ig" } }, [200, 200, 200, 500]],
    ];
    for (const [rule, expected] of cases) {
      const id = sim.faults.add(rule);
      expect([rule, await statuses()]).toEqual([rule, expected]);
      sim.faults.clear(id);
    }
  });

  it("F23 the code exchange's refusals come in Facebook's words", async () => {
    await using app = await startFacebookApp();
    const code = await app.consent();
    const cases: [string, number, number | undefined][] = [
      ["code_used", 100, 36009],
      ["code_expired", 100, 36007],
      ["redirect_uri_mismatch", 100, 36008],
      ["invalid_client_secret", 1, undefined],
      ["unknown_app", 101, undefined],
    ];
    for (const [reason, errorCode, subcode] of cases) {
      const rule: FaultRule = { at: "code", do: "graph_error", with: { reason } };
      const error = errorOf(await under(app, rule, () => app.exchangeCode(code)));
      expect([reason, error["code"], error["error_subcode"]]).toEqual([reason, errorCode, subcode]);
    }
    expect((await app.exchangeCode(code)).status).toBe(200); // none of them used the code
  });

  it("F15 throttles name the Page or account that was asked about", async () => {
    await using app = await startFacebookApp();
    const token = await app.longLived();
    const usage = async (path: string, code: number) => {
      const rule: FaultRule = { at: "any", do: "throttle", with: { code, minutes: 19 } };
      const answer = await under(app, rule, () => app.get(path, { access_token: token }));
      expect(errorOf(answer)["code"]).toBe(code);
      return answer.headers.get("x-business-use-case-usage");
    };
    const use =
      '"call_count":100,"total_cputime":100,"total_time":100,"estimated_time_to_regain_access":19}]}';
    expect(await usage(`/${ACME_PAGE}`, 32)).toContain(`{"${ACME_PAGE}":[{"type":"pages",${use}`);
    expect(await usage("/17841401234567891/media", 80002)).toContain(
      `{"17841401234567891":[{"type":"instagram",${use}`,
    );
  });

  it("F24 spoilt answers of the dialog", async () => {
    await using app = await startFacebookApp();
    const address = async (variant: string) => {
      const id = app.sim.faults.add({ at: "authorize", do: "authorize", with: { variant } });
      const url = await app.answerDialog();
      app.sim.faults.clear(id);
      return url;
    };
    expect((await address("denial")).searchParams.get("error_description")).toBe("Permissions error");
    const bare = await address("error_code");
    expect([...bare.searchParams.keys()]).toEqual(["error_code", "error_message", "state"]);
    expect((await address("fragment_in_code")).searchParams.get("code")).toMatch(/#_=_$/);
    expect((await address("no_state")).searchParams.has("state")).toBe(false);
  });

  it("F17 grant gives other scopes than were ticked", async () => {
    await using app = await startFacebookApp();
    const scopes = ["instagram_basic"];
    app.sim.faults.add({ at: "authorize", do: "grant", with: { scopes } });
    expect((await app.debug(await app.shortLived()))["scopes"]).toEqual(["public_profile", ...scopes]);
    app.sim.faults.clear();
    app.sim.faults.add({ at: "code", do: "grant", with: { scopes } });
    expect((await app.debug(await app.shortLived("paul.plain")))["scopes"]).toEqual(scopes);
  });

  it("F06 a lost reply leaves the code used up", async () => {
    await using app = await startFacebookApp();
    const code = await app.consent();
    app.sim.faults.add({ at: "code", do: "reset", with: { point: "after" }, times: 1 });
    expect(await wireError(() => app.exchangeCode(code))).toBe("ECONNRESET");
    expect(errorOf(await app.exchangeCode(code))["error_subcode"]).toBe(36009);
  });

  it("F04 take down both hosts, or Facebook's alone, whose outage may be without an end over HTTP", async () => {
    await using app = await startFacebookApp();
    const { sim } = app;
    const id = sim.faults.add({ at: "tcp", do: "tcp_refuse" });
    expect(await wireError(() => fetch(sim.origin))).toBe("ECONNREFUSED");
    expect(await wireError(() => fetch(sim.facebookOrigin))).toBe("ECONNREFUSED");
    sim.faults.clear(id);
    await expect
      .poll(() =>
        fetch(sim.origin).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
    const rule = { at: "tcp", do: "tcp_refuse", match: { flavour: "fb" } };
    expect((await control(sim, "POST", "/__sim/faults", rule)).status).toBe(200);
    expect(await wireError(() => fetch(sim.facebookOrigin))).toBe("ECONNREFUSED");
    expect((await fetch(sim.origin)).status).toBe(200);
    expect((await control(sim, "DELETE", "/__sim/faults")).status).toBe(200);
    await expect
      .poll(() =>
        fetch(sim.facebookOrigin).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(400);
    for (const match of [{ flavour: "fb", user: "maya.brandt" }, { flavour: "threads" }]) {
      const bad = await control(sim, "POST", "/__sim/faults", { ...rule, match });
      expect([match, bad.status]).toEqual([match, 400]);
    }
  });
});

it("gates hold Facebook's requests before and after they take effect", async () => {
  await using app = await startFacebookApp();
  const code = await app.consent();
  const gate = { at: "code", point: "after_process", flavour: "fb", user: "maya.brandt", id: "g1" };
  expect((await control(app.sim, "POST", "/__sim/gate", gate)).status).toBe(200);
  const held = app.exchangeCode(code).then(
    () => "answered",
    () => "lost",
  );
  await app.sim.gates.waitFor("g1");
  expect(app.sim.lineages()[0]?.tokens).toHaveLength(1);
  app.sim.gates.release("g1", { reply: "drop" });
  expect(await held).toBe("lost");
});
