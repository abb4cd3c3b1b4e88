import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { control, START, startTestApp, tokenOf, wireError, type TestApp } from "../testing/test-app.ts";

async function read(app: TestApp, path: string): Promise<unknown> {
  return JSON.parse((await app.get(path)).text) as unknown;
}

/** One request with headers that fetch would not let through. */
function raw(app: TestApp, path: string, headers: Record<string, string>): Promise<number | undefined> {
  const { port } = new URL(app.sim.origin);
  return new Promise((resolve, reject) => {
    const call = request({ host: "127.0.0.1", port, path, headers, setHost: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    call.once("error", reject);
    call.end();
  });
}

describe("who may", () => {
  it("change anything: holders of the control secret only", async () => {
    await using app = await startTestApp();
    const rule = JSON.stringify({ at: "me", do: "hang" });
    for (const secret of [undefined, "", "wrong", "control-secre", "control-secret2"]) {
      const headers = secret === undefined ? {} : { "x-sim-secret": secret };
      for (const [method, path] of [
        ["POST", "/__sim/faults"],
        ["DELETE", "/__sim/faults"],
        ["POST", "/__sim/clock"],
        ["POST", "/__sim/users/revoke"],
        ["DELETE", "/__sim/ledger"],
      ] as const) {
        const body = method === "POST" ? { body: rule } : {};
        const answer = await app.get(path, {}, { method, headers, ...body });
        expect([secret, path, answer.status]).toEqual([secret, path, 401]);
      }
    }
    expect(app.sim.faults.list()).toEqual([]);
    expect((await control(app.sim, "POST", "/__sim/faults", { at: "me", do: "hang" })).status).toBe(200);
  });

  it("ask at all: those who call this machine by its own name", async () => {
    await using app = await startTestApp();
    const { port } = new URL(app.sim.origin);
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, "LOCALHOST"]) {
      expect([host, await raw(app, "/__sim/clock", { host })]).toEqual([host, 200]);
    }
    for (const host of [
      "evil.test",
      `localhost.evil.test:${port}`,
      "127.0.0.1.evil.test",
      "192.168.0.1",
      "[::2]",
      "",
    ]) {
      for (const path of ["/__sim/clock", "/", "/me"]) {
        expect([host, path, await raw(app, path, { host })]).toEqual([host, path, 403]);
      }
    }
    expect(await raw(app, "/__sim/clock", {})).toBe(400); // Node itself refuses HTTP/1.1 without Host
  });
});

describe("the clock", () => {
  it("is read as three numbers and moved by offset, rate and advance", async () => {
    await using app = await startTestApp();
    const start = Date.parse("2026-03-01T12:00:00Z");
    expect(await read(app, "/__sim/clock")).toEqual({ now_ms: start, offset_ms: 0, rate: 1 });
    const moved = await control(app.sim, "POST", "/__sim/clock", {
      offset_ms: 1000,
      rate: 2,
      advance_ms: 500,
    });
    expect(moved.json).toEqual({ now_ms: start + 1500, offset_ms: 1500, rate: 2 });
    expect(await read(app, "/__sim/clock")).toEqual(moved.json);
    expect((await control(app.sim, "POST", "/__sim/clock", { rate: "fast" })).status).toBe(400);
    expect((await control(app.sim, "POST", "/__sim/clock", { offset: 5 })).status).toBe(400);
  });

  it("F39 CK-01 skews the Date header, ahead and behind, drifting and jumping", async () => {
    let now = START;
    await using app = await startTestApp({ baseNow: () => now });
    const dateAfter = async (change: object) => {
      await control(app.sim, "POST", "/__sim/clock", change);
      const dates = [app.me("x"), app.get("/oauth/authorize"), app.get("/__sim/clock")];
      const seen = (await Promise.all(dates)).map((answer) => answer.headers.get("date") ?? "");
      expect(new Set(seen).size).toBe(1); // every answer, whoever gives it
      return (Date.parse(seen[0] ?? "") - now) / 3_600_000;
    };
    expect(await dateAfter({})).toBe(0);
    expect(await dateAfter({ offset_ms: 3_600_000 })).toBe(1);
    expect(await dateAfter({ offset_ms: -86_400_000 })).toBe(-24);
    expect(await dateAfter({ advance_ms: 60 * 86_400_000 })).toBe(59 * 24);
    expect(await dateAfter({ advance_ms: -60 * 86_400_000 })).toBe(-24);
    await control(app.sim, "POST", "/__sim/clock", { offset_ms: 0, rate: 3 });
    now += 3_600_000;
    expect(await dateAfter({})).toBe(2);
    now += 3_600_000;
    expect(await dateAfter({ rate: 0 })).toBe(4);
    now += 3_600_000;
    expect(await dateAfter({})).toBe(3);
  });
});

describe("rules, gates and policy", () => {
  it("rules are added, listed and cleared", async () => {
    await using app = await startTestApp();
    const added = await control(app.sim, "POST", "/__sim/faults", {
      id: "f1",
      at: "refresh",
      match: { user: "u7", flavour: "ig", nth: 3 },
      do: "status",
      with: {},
      times: 5,
      p: 1,
      seed: 42,
      from_ms: 0,
      to_ms: 60_000,
    });
    expect(added).toEqual({ status: 200, json: { id: "f1" } });
    expect(await read(app, "/__sim/faults")).toEqual([
      expect.objectContaining({ id: "f1", seen: 0, applied: 0 }),
    ]);
    await control(app.sim, "POST", "/__sim/faults", { at: "me", do: "hang" });
    expect((await control(app.sim, "DELETE", "/__sim/faults?id=f1")).json).toHaveLength(1);
    expect((await control(app.sim, "DELETE", "/__sim/faults")).json).toEqual([]);
    expect((await control(app.sim, "DELETE", "/__sim/faults?id=f1")).status).toBe(400);
  });

  it("an action nobody has built is answered 501, with what there is", async () => {
    await using app = await startTestApp();
    for (const action of ["tls", "dns", "explode"]) {
      const answer = await control(app.sim, "POST", "/__sim/faults", { at: "any", do: action });
      expect([action, answer.status]).toEqual([action, 501]);
      expect(answer.json).toEqual({
        error: {
          code: "not_built",
          message: expect.stringContaining("it can: authorize, capacity") as string,
        },
      });
    }
  });

  it("an outage has to have an end, answers first, and is over by itself", async () => {
    await using app = await startTestApp();
    const rule = { at: "tcp", do: "tcp_refuse" };
    expect((await control(app.sim, "POST", "/__sim/faults", rule)).status).toBe(400);
    expect((await control(app.sim, "POST", "/__sim/faults", { ...rule, to_ms: 100 })).status).toBe(200);
    expect(await wireError(() => app.me("x"))).toBe("ECONNREFUSED");
    await expect
      .poll(async () =>
        app.me("x").then(
          (answer) => answer.status,
          () => "refused",
        ),
      )
      .toBe(400);
  });

  it("gates are added, watched and released", async () => {
    await using app = await startTestApp();
    const { value } = app.sim.issueLongLivedToken("acme.shop");
    const gate = { at: "me", point: "before_process", user: "acme.shop", flavour: "ig", times: 1, id: "g1" };
    expect((await control(app.sim, "POST", "/__sim/gate", gate)).json).toEqual({ id: "g1" });
    expect(await read(app, "/__sim/gate")).toEqual([gate]);
    const held = app.me(value);
    await app.sim.gates.waitFor("g1");
    const waiting = (await read(app, "/__sim/gate/waiting")) as { id: string }[];
    expect(waiting).toEqual([
      expect.objectContaining({ gateId: "g1", user: "acme.shop", isClientGone: false }),
    ]);
    const released = await control(app.sim, "POST", "/__sim/gate/release", {
      id: waiting[0]?.id,
      reply: "normal",
    });
    expect(released).toEqual({ status: 200, json: [] });
    expect((await held).status).toBe(200);
    expect((await control(app.sim, "POST", "/__sim/gate/release", { id: "x" })).status).toBe(404);
    expect((await control(app.sim, "POST", "/__sim/gate/release", { id: "g1", reply: "maybe" })).status).toBe(
      400,
    );
    expect((await control(app.sim, "POST", "/__sim/gate", { at: "me" })).status).toBe(400);
  });

  it("policy is read and changed in part", async () => {
    await using app = await startTestApp();
    const change = {
      rotation: "grace:30",
      min_age_s: 5,
      id_as: "string",
      shape: "data0",
      scale_s_per_day: 10,
    };
    const changed = await control(app.sim, "POST", "/__sim/policy", change);
    expect(changed.json).toMatchObject({ ...change, lifetime_s: 5_184_000 });
    expect(await read(app, "/__sim/policy")).toEqual(changed.json);
    expect(app.sim.clock.state().rate).toBe(8640);
    expect((await control(app.sim, "POST", "/__sim/policy", { rotation: "x" })).status).toBe(400);
  });
});

describe("standing in for the dashboard and the person", () => {
  it("issues a token that works", async () => {
    await using app = await startTestApp();
    const { json } = await control(app.sim, "POST", "/__sim/token", { user: "acme.shop" });
    const token = json as { value: string; issuedAt: string; expiresAt: string };
    expect((await app.me(token.value)).status).toBe(200);
    expect(Date.parse(token.expiresAt) - Date.parse(token.issuedAt)).toBeGreaterThan(5_183_900_000);
  });

  it("plays a person from another process", async () => {
    await using app = await startTestApp();
    const order = { authorization_url: app.authorizationUrl(), user: "acme.shop", untick: [] };
    const { json } = await control(app.sim, "POST", "/__sim/authorize", order);
    const code = new URL((json as { redirect: string }).redirect).searchParams.get("code") ?? "";
    expect(tokenOf(await app.exchangeCode(code))).toMatch(/^SIMTOK_/);
    const wrong = { ...order, authorization_url: app.authorizationUrl({ client_id: "1" }) };
    expect((await control(app.sim, "POST", "/__sim/authorize", wrong)).status).toBe(409);
  });
});

describe("the truth", () => {
  it("is read over HTTP as in process", async () => {
    await using app = await startTestApp();
    await app.exchange(await app.shortLived());
    const asJson = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
    expect(await read(app, "/__sim/ledger")).toEqual(asJson(app.sim.ledger()));
    expect(await read(app, "/__sim/ledger?after=2&limit=1")).toEqual(asJson(app.sim.ledger(2, 1)));
    expect(await read(app, "/__sim/lineages")).toEqual(asJson(app.sim.lineages()));
    expect(await read(app, "/__sim/concurrency")).toEqual(asJson(app.sim.concurrency()));
    expect(await read(app, "/__sim/rate")).toEqual(asJson(app.sim.rate()));
    expect((await app.get("/__sim/ledger?after=x")).status).toBe(400);
    await control(app.sim, "DELETE", "/__sim/ledger");
    expect(await read(app, "/__sim/ledger")).toEqual([]);
  });
});

it("answers bad control requests plainly", async () => {
  await using app = await startTestApp();
  const headers = { "x-sim-secret": app.sim.controlSecret };
  const post = (path: string, body: string) => app.get(path, {}, { method: "POST", headers, body });
  expect((await post("/__sim/faults", "{")).status).toBe(400);
  expect((await post("/__sim/faults", "[]")).status).toBe(400);
  expect((await post("/__sim/faults", '"x"')).status).toBe(400);
  expect((await post("/__sim/nothing", "{}")).status).toBe(404);
  expect((await post("/__sim/ledger", "{}")).status).toBe(405);
  expect((await post("/__sim/users", JSON.stringify({ name: "x".repeat(17_000_000) }))).status).toBe(413);
});

it("shows people, clock, rules and gates on a page of its own", async () => {
  await using app = await startTestApp();
  app.sim.faults.add({ id: "<b>", at: "me", do: "hang", match: { user: "<i>" } });
  app.sim.gates.add({ id: "g1", at: "refresh", point: "after_process" });
  app.sim.issueLongLivedToken("acme.shop");
  app.sim.users.add({ variant: "script" });
  app.sim.clock.advance({ days: 3 });
  for (const path of ["/", "/__sim"]) {
    const page = await app.get(path);
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(page.headers.get("content-security-policy")).toContain(`form-action 'self' ${app.sim.origin};`);
    for (const text of [
      "@acme.shop",
      "2026-03-04T12:00:00.000Z",
      "3 d 0 s",
      "hang",
      "after_process",
      "keep_old",
    ]) {
      expect(page.text).toContain(text);
    }
    expect(page.text).toContain("1, last until 2026-04-30T");
    expect(page.text).not.toMatch(/<b>|<i>|<script|SIMTOK_|SIMSEC_|control-secret/);
  }
});
