import { describe, expect, it } from "vitest";
import { openAccount, under } from "../testing/fault-app.ts";
import { errorOf, REDIRECT_URI } from "../testing/test-app.ts";
import type { FaultRule } from "./rule.ts";

describe("Graph errors", () => {
  it("F13 F14 F16 F17 F37 come by code and subcode, in Graph's words, under any status", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    const cases: [Record<string, unknown>, number, Record<string, unknown>][] = [
      [{ code: 1 }, 500, { code: 1, is_transient: false }],
      [{ code: 2 }, 500, { code: 2, is_transient: true }],
      [{ code: 2, is_transient: false, status: 503 }, 503, { code: 2, is_transient: false }],
      [{ code: 190, status: 200 }, 200, { code: 190, message: "Invalid OAuth access token." }],
      ...[458, 459, 460, 463, 464, 467].map(
        (sub): [Record<string, unknown>, number, Record<string, unknown>] => [
          { code: 190, sub },
          400,
          { code: 190, error_subcode: sub, message: expect.stringMatching(/access token|log in/) as string },
        ],
      ),
      [{ code: 10 }, 403, { code: 10 }],
      [{ code: 200 }, 403, { code: 200 }],
      [{ code: 100 }, 400, { message: "Unsupported request - method type: get", type: "IGApiException" }],
      [{ code: 99999 }, 400, { code: 99999, message: "(#99999) An unknown error occurred" }],
      [
        { code: 4, message: "mine", type: "Other", fbtrace_id: "A\r\nB" },
        403,
        { message: "mine", type: "Other", fbtrace_id: "A\r\nB" },
      ],
      [{ reason: "version_retired" }, 400, { code: 2635 }],
      [{ reason: "client_secret" }, 400, { code: 100, message: "Error validating client secret." }],
    ];
    for (const [given, status, error] of cases) {
      const answer = await under(app, { at: "me", do: "graph_error", with: given }, () => app.me(token));
      expect([given, answer.status]).toEqual([given, status]);
      expect(errorOf(answer)).toMatchObject(error);
      expect(errorOf(answer)).toHaveProperty("fbtrace_id");
    }
  });

  it("F23 the code exchange's refusals come by their meaning, in its own envelope", async () => {
    const { app } = await openAccount();
    await using _app = app;
    const rule = (given: Record<string, unknown>): FaultRule => ({
      at: "code",
      do: "graph_error",
      with: given,
    });
    const code = await app.consent();
    const used = await under(app, rule({ reason: "code_used" }), () => app.exchangeCode(code));
    expect(used.json).toEqual({
      error_type: "OAuthException",
      code: 400,
      error_message: "Matching code was not found or was already used",
    });
    for (const reason of ["code_expired", "redirect_uri_mismatch", "invalid_client_secret"]) {
      const answer = await under(app, rule({ reason }), () => app.exchangeCode(code));
      expect([reason, answer.status, typeof answer.json["error_message"]]).toEqual([reason, 400, "string"]);
    }
    const meta = await under(app, rule({ reason: "code_used", envelope: "meta", status: 200 }), () =>
      app.exchangeCode(code),
    );
    expect([meta.status, meta.json]).toEqual([
      200,
      { meta: expect.objectContaining({ code: 400 }) as object },
    ]);
    expect((await app.exchangeCode(code)).status).toBe(200); // none of them used the code
  });

  it("F15 throttles carry the headers of their scope and the minutes to wait", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    const throttled = (given: Record<string, unknown>) =>
      under(app, { at: "me", do: "throttle", with: given }, () => app.me(token));
    for (const code of [4, 341]) {
      const answer = await throttled({ code });
      expect([code, errorOf(answer)["code"]]).toEqual([code, code]);
      expect(answer.headers.get("x-app-usage")).toBe(
        '{"call_count":100,"total_time":100,"total_cputime":100}',
      );
      expect(answer.headers.has("retry-after")).toBe(false);
    }
    for (const code of [17, 32, 613, 80001, 80002]) {
      const answer = await throttled({ code, minutes: 19 });
      expect([code, errorOf(answer)["code"]]).toEqual([code, code]);
      expect(answer.headers.get("x-app-usage")).toContain('"call_count":1,');
      expect(JSON.parse(answer.headers.get("x-business-use-case-usage") ?? "")).toEqual({
        "17841401234567891": [
          {
            type: "instagram",
            call_count: 100,
            total_cputime: 100,
            total_time: 100,
            estimated_time_to_regain_access: 19,
          },
        ],
      });
    }
    const app15 = await throttled({ code: 4, minutes: 15 });
    expect([app15.status, app15.headers.get("retry-after")]).toEqual([403, "900"]);
    const wholeApp = await throttled({ code: 613, scope: "app" });
    expect(wholeApp.headers.get("x-app-usage")).toContain('"call_count":100');
    for (const retryAfter of ["120", "Wed, 21 Oct 2026 07:28:00 GMT", "soon"]) {
      const answer = await throttled({ code: 4, retry_after: retryAfter, scope: "none" });
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, retryAfter]);
    }
  });

  it("F34 reflect repeats the presented token, code or secret", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    const echoed = await under(app, { at: "any", do: "reflect" }, () => app.me(token));
    expect(errorOf(echoed)["message"]).toBe(`Malformed access token ${token}`);
    expect(echoed.headers.get("www-authenticate")).toContain(token);
    const code = await app.consent();
    const atCode = await under(app, { at: "code", do: "reflect" }, () => app.exchangeCode(code));
    expect(atCode.text).toContain(code);
    const secret = await under(app, { at: "any", do: "reflect", with: { what: "secret" } }, () =>
      app.exchange(token),
    );
    expect(secret.text).toContain(app.sim.instagramApp.clientSecret);
  });
});

describe("consent and its way back", () => {
  it("F17 grant gives other permissions than were ticked", async () => {
    const { app } = await openAccount();
    await using _app = app;
    const id = app.sim.faults.add({
      at: "authorize",
      do: "grant",
      with: { scopes: ["instagram_business_basic"] },
    });
    const code = await app.consent();
    app.sim.faults.clear(id);
    expect((await app.exchangeCode(code)).json["permissions"]).toEqual(["instagram_business_basic"]);
  });

  it("F17 grant withdraws permissions later", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    app.sim.faults.add({ at: "me", do: "grant", with: { scopes: [] }, times: 1 });
    expect(errorOf(await app.me(token))["code"]).toBe(10);
    expect(app.sim.lineages()[0]?.tokens[0]?.permissions).toEqual([]);
  });

  it("F24 the redirect back arrives spoilt in each way", async () => {
    const { app } = await openAccount();
    await using _app = app;
    const expected: Record<string, (query: URLSearchParams, hash: string) => boolean> = {
      denial: (query) =>
        query.get("error") === "access_denied" && !query.has("code") && query.get("state") === "s1",
      bare_error: (query) => [...query.keys()].join() === "error",
      no_state: (query) => query.has("code") && !query.has("state"),
      altered_state: (query) => query.get("state") === "s1x",
      double_encoded: (query) => query.get("state") === "%73%31",
      repeated: (query) => query.getAll("code").length === 2 && query.getAll("state").length === 2,
      extra_iss: (query) => query.get("iss") === "https://www.instagram.com",
      no_fragment: (query, hash) => query.has("code") && hash === "",
      fragment_in_code: (query) => query.get("code")?.endsWith("#_") === true,
      code_and_error: (query) => query.has("code") && query.get("error") === "access_denied",
      no_code: (query) => !query.has("code") && query.get("state") === "s1",
    };
    for (const [variant, isFine] of Object.entries(expected)) {
      const id = app.sim.faults.add({ at: "authorize", do: "authorize", with: { variant } });
      const authorizationUrl = app.authorizationUrl();
      const url = new URL(await app.sim.authorize({ authorizationUrl, user: "acme.shop" }));
      app.sim.faults.clear(id);
      expect(`${url.origin}${url.pathname}`).toBe(REDIRECT_URI);
      expect([variant, isFine(url.searchParams, url.hash)]).toEqual([variant, true]);
    }
  });

  it("F24 spoils decisions only, so that times counts people and not pages", async () => {
    const { app } = await openAccount();
    await using _app = app;
    app.sim.faults.add({ at: "authorize", do: "authorize", with: { variant: "no_code" }, times: 1 });
    await app.get(app.authorizationUrl());
    expect(await app.consent()).toBe("");
    expect(await app.consent()).toMatch(/^SIMCODE_/);
  });

  it("a fault at authorize stops a played person", async () => {
    const { app } = await openAccount();
    await using _app = app;
    app.sim.faults.add({ at: "authorize", do: "html", times: 1 });
    await expect(app.consent()).rejects.toMatchObject({ code: "authorization_stopped" });
    app.sim.faults.add({ at: "authorize", do: "reset", times: 1 });
    await expect(app.consent()).rejects.toMatchObject({ code: "authorization_stopped" });
  });
});
