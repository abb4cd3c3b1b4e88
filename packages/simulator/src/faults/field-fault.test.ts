import { describe, expect, it } from "vitest";
import { openAccount, under } from "../testing/fault-app.ts";
import { errorOf } from "../testing/test-app.ts";
import { changeFields } from "./field-fault.ts";
import type { FaultRule } from "./rule.ts";

describe("changed fields", () => {
  it("F20 expires_in is anything at all", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    for (const value of [0, -1, "5184000", 1e12, 59, null]) {
      const rule: FaultRule = { at: "refresh", do: "field", with: { expires_in: value } };
      const answer = await under(app, rule, () => app.refresh(token));
      expect(answer.json["expires_in"]).toBe(value);
      expect(answer.json["access_token"]).toMatch(/^SIMTOK_/);
    }
    const rule: FaultRule = { at: "refresh", do: "field", with: { $remove: ["expires_in"] } };
    expect((await under(app, rule, () => app.refresh(token))).json).not.toHaveProperty("expires_in");
  });

  it("F21 ids are missing, or differ in me, and the others keep every digit", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    const other: FaultRule = { at: "me", do: "field", with: { $raw: { user_id: "17841401234567899" } } };
    expect((await under(app, other, () => app.me(token))).text).toBe(
      '{"id":25811112222333345,"user_id":17841401234567899,"username":"acme.shop"}',
    );
    const missing: FaultRule = { at: "code", do: "field", with: { $remove: ["user_id"] } };
    const code = await app.consent();
    expect((await under(app, missing, () => app.exchangeCode(code))).json).not.toHaveProperty("user_id");
  });

  it("F22 permissions take any form, inside the wrapper too", async () => {
    const { app } = await openAccount();
    await using _app = app;
    app.sim.policy.set({ shape: "data0" });
    const code = await app.consent();
    const rule: FaultRule = {
      at: "code",
      do: "field",
      with: { permissions: "instagram_business_basic, other" },
    };
    const answer = await under(app, rule, () => app.exchangeCode(code));
    expect(answer.json["data"]).toEqual([
      expect.objectContaining({ permissions: "instagram_business_basic, other" }) as object,
    ]);
  });

  it("F34 the trace id of an error carries line ends and colour codes", async () => {
    const { app } = await openAccount();
    await using _app = app;
    const fbtraceId = "A\r\nlevel=fatal\u001B[31m";
    const rule: FaultRule = { at: "me", do: "field", with: { fbtrace_id: fbtraceId } };
    const answer = await under(app, rule, () => app.me("SIMTOK_madeup"));
    expect(errorOf(answer)).toMatchObject({ code: 190, fbtrace_id: fbtraceId });
  });

  it("leaves anything but an object as it is", () => {
    const changes = new Map([["a", "1"]]);
    for (const body of ["", "null", "[1]", "<html>"]) expect(changeFields(body, changes, [])).toBe(body);
    expect(changeFields("{}", changes, [])).toBe('{"a":1}');
    expect(changeFields('{"x":"a,\\"}{","a":{"b":[1,{"c":2}]},"y":[]}', changes, ["y"])).toBe(
      '{"x":"a,\\"}{","a":1}',
    );
  });
});
