import { describe, expect, it } from "vitest";
import { openAccount, under } from "../testing/fault-app.ts";
import type { TestApp } from "../testing/test-app.ts";
import type { FaultAction, FaultRule } from "./rule.ts";

describe("answers that are no answers", () => {
  it("status sends what it is told to", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    const given = { status: 418, body: "short", content_type: "text/x-tea", headers: { "x-kettle": "on" } };
    const answer = await under(app, { at: "me", do: "status", with: given }, () => app.me(token));
    expect([answer.status, answer.text]).toEqual([418, "short"]);
    expect(answer.headers.get("content-type")).toBe("text/x-tea");
    expect(answer.headers.get("x-kettle")).toBe("on");
  });

  it("F10 html is a page under any status", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    for (const status of [200, 502, 503]) {
      const answer = await under(app, { at: "me", do: "html", with: { status } }, () => app.me(token));
      expect([answer.status, answer.text.startsWith("<!DOCTYPE html>")]).toEqual([status, true]);
      expect(answer.headers.get("content-type")).toContain("text/html");
    }
  });

  it("a replaced answer can come after the request took effect", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    for (const action of ["html", "status", "junk", "redirect", "graph_error"] satisfies FaultAction[]) {
      const before = app.sim.lineages()[0]?.tokens.length ?? 0;
      const rule: FaultRule = { at: "refresh", do: action, with: { point: "after" } };
      await under(app, rule, () => app.refresh(token));
      expect([action, app.sim.lineages()[0]?.tokens.length]).toEqual([action, before + 1]);
      await under(app, { at: "refresh", do: action }, () => app.refresh(token));
      expect([action, app.sim.lineages()[0]?.tokens.length]).toEqual([action, before + 1]);
    }
  });

  it("F11 junk comes in every kind", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    const whole: Record<string, string> = {
      empty: "",
      null: "null",
      false: "false",
      array: "[]",
      string: '"ok"',
      number: "42",
      empty_object: "{}",
    };
    for (const [kind, text] of Object.entries(whole)) {
      const answer = await under(app, { at: "me", do: "junk", with: { kind } }, () => app.me(token));
      expect([kind, answer.status, answer.text]).toEqual([kind, 200, text]);
    }
    const junk = (kind: string) => fetchBytes(app, token, { at: "me", do: "junk", with: { kind } });
    expect((await junk("cut")).toString()).toMatch(/^\{"access_token":"[^"]*$/);
    expect((await junk("deep")).length).toBe(200_000);
    expect((await junk("invalid_utf8")).toString("utf8")).toContain("\u{FFFD}");
  });

  it("F11 junk can be the true answer behind a byte-order mark or with every key twice", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    const marked = await fetchBytes(app, token, { at: "me", do: "junk", with: { kind: "bom" } });
    expect([...marked.subarray(0, 4)]).toEqual([0xef, 0xbb, 0xbf, 0x7b]);
    const rule: FaultRule = { at: "refresh", do: "junk", with: { kind: "duplicate_keys" } };
    const twice = await under(app, rule, () => app.refresh(token));
    expect(twice.text.match(/"access_token":/g)).toHaveLength(2);
    expect(twice.json["access_token"]).toMatch(/^SIMTOK_/);
  });

  it("F25 redirect points wherever it is told to", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    for (const status of [301, 302, 307, 308]) {
      const rule: FaultRule = { at: "me", do: "redirect", with: { status, to: "http://127.0.0.1:9/trap" } };
      const answer = await under(app, rule, () => app.me(token));
      expect([answer.status, answer.headers.get("location")]).toEqual([status, "http://127.0.0.1:9/trap"]);
    }
    const metadata = await under(app, { at: "me", do: "redirect" }, () => app.me(token));
    expect(metadata.headers.get("location")).toContain("169.254.169.254");
  });
});

async function fetchBytes(app: TestApp, token: string, rule: FaultRule): Promise<Buffer> {
  const id = app.sim.faults.add(rule);
  const response = await fetch(`${app.sim.origin}/me?access_token=${token}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  app.sim.faults.clear(id);
  return bytes;
}
