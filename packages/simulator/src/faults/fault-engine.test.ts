import { describe, expect, it } from "vitest";
import { REDIRECT_URI, START, startTestApp } from "../testing/test-app.ts";
import type { FaultRule } from "./rule.ts";

async function openAccount(realNow: () => number = () => START) {
  const app = await startTestApp({ baseNow: realNow });
  const token = app.sim.issueLongLivedToken("acme.shop").value;
  return {
    app,
    token,
    statuses: async (count: number) => collect(count, async () => (await app.me(token)).status),
  };
}

async function collect<Value>(count: number, make: () => Promise<Value>): Promise<Value[]> {
  const values: Value[] = [];
  for (let index = 0; index < count; index++) values.push(await make());
  return values;
}

const broken = (more: Partial<FaultRule> = {}): FaultRule => ({
  at: "me",
  do: "status",
  with: { status: 503 },
  ...more,
});

describe("which requests a rule meets", () => {
  it("is those of its endpoint, or of any", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    app.sim.faults.add(broken({ at: "media" }));
    expect((await app.me(token)).status).toBe(200);
    app.sim.faults.add(broken({ at: "any" }));
    expect((await app.me(token)).status).toBe(503);
    expect((await app.get("/oauth/authorize")).status).toBe(503);
    expect((await app.get("/nowhere")).status).toBe(503);
  });

  it("F31 is those of one person", async () => {
    const { app, token } = await openAccount();
    await using _app = app;
    app.sim.faults.add(broken({ at: "any", match: { user: "acme.shop" } }));
    const lena = app.sim.issueLongLivedToken("lena.paints").value;
    expect([(await app.me(token)).status, (await app.me(lena)).status, (await app.me("x")).status]).toEqual([
      503, 200, 400,
    ]);
  });

  it("F31 is those of one flavour", async () => {
    const { app, statuses } = await openAccount();
    await using _app = app;
    app.sim.faults.add(broken({ match: { flavour: "fb" } }));
    expect(await statuses(1)).toEqual([200]);
    app.sim.faults.add(broken({ match: { flavour: "ig" } }));
    expect(await statuses(1)).toEqual([503]);
  });

  it("is the nth one", async () => {
    const { app, statuses } = await openAccount();
    await using _app = app;
    app.sim.faults.add(broken({ match: { nth: 3 } }));
    expect(await statuses(4)).toEqual([200, 200, 503, 200]);
  });

  it("is the one that presents a code", async () => {
    const { app } = await openAccount();
    await using _app = app;
    const [first, second] = [await app.consent(), await app.consent()];
    app.sim.faults.add(broken({ at: "code", match: { code: second } }));
    expect((await app.exchangeCode(first)).status).toBe(200);
    expect((await app.exchangeCode(second)).status).toBe(503);
  });
});

describe("how often a rule fires", () => {
  it("is limited by times, over all matching requests", async () => {
    const { app, statuses } = await openAccount();
    await using _app = app;
    app.sim.faults.add(broken({ times: 2 }));
    expect(await statuses(4)).toEqual([503, 503, 200, 200]);
  });

  it("F28 follows its cycle", async () => {
    const { app, statuses } = await openAccount();
    await using _app = app;
    app.sim.faults.add(broken({ cycle: { bad: 2, good: 1 } }));
    expect(await statuses(6)).toEqual([503, 503, 200, 503, 503, 200]);
  });

  it("F28 follows its probability, the same for the same seed", async () => {
    const runs: number[][] = [];
    for (const seed of [42, 42, 43]) {
      const { app, statuses } = await openAccount();
      await using _app = app;
      app.sim.faults.add(broken({ p: 0.3, seed }));
      runs.push(await statuses(60));
    }
    const bad = runs[0]?.filter((status) => status === 503).length ?? 0;
    expect(bad).toBeGreaterThan(8);
    expect(bad).toBeLessThan(30);
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).not.toEqual(runs[0]);
  });

  it("F30 is bounded by its window of real time, whatever the virtual clock does", async () => {
    let now = START;
    const { app, statuses } = await openAccount(() => now);
    await using _app = app;
    app.sim.faults.add(broken({ from_ms: 100, to_ms: 200 }));
    app.sim.clock.advance({ days: 1 });
    const seen: number[] = [];
    for (const at of [0, 99, 100, 199, 200]) {
      now = START + at;
      seen.push(...(await statuses(1)));
    }
    expect(seen).toEqual([200, 200, 503, 503, 200]);
  });

  it("is told by the list", async () => {
    const { app, statuses } = await openAccount();
    await using _app = app;
    const id = app.sim.faults.add(broken({ times: 2 }));
    await statuses(3);
    expect(app.sim.faults.list()).toEqual([{ id, ...broken({ times: 2 }), seen: 3, applied: 2 }]);
  });
});

describe("several rules", () => {
  it("are tried in order, and the first that fires wins", async () => {
    const { app, statuses } = await openAccount();
    await using _app = app;
    app.sim.faults.add(broken({ id: "once", times: 1, with: { status: 500 } }));
    app.sim.faults.add(broken({ id: "then", times: 1, with: { status: 502 } }));
    app.sim.faults.add(broken({ id: "always" }));
    expect(await statuses(4)).toEqual([500, 502, 503, 503]);
  });

  it("go one by one or all at once", async () => {
    const { app, statuses } = await openAccount();
    await using _app = app;
    app.sim.faults.add(broken({ id: "a", with: { status: 500 } }));
    app.sim.faults.add(broken({ id: "b" }));
    app.sim.faults.add(broken({ id: "c", with: { status: 504 } }));
    app.sim.faults.clear("a");
    expect(await statuses(1)).toEqual([503]);
    app.sim.faults.clear();
    expect(await statuses(1)).toEqual([200]);
    expect(() => app.sim.faults.clear("a")).toThrow(expect.objectContaining({ code: "invalid_input" }));
  });

  it("F32 let an exchange through while the profile fails", async () => {
    const { app } = await openAccount();
    await using _app = app;
    app.sim.faults.add(broken());
    const long = await app.exchange(await app.shortLived());
    expect(long.status).toBe(200);
    expect((await app.me(String(long.json["access_token"]))).status).toBe(503);
  });
});

it("refuses rules that make no sense, with the reason, and keeps none of them", async () => {
  await using app = await startTestApp();
  const bad: [Record<string, unknown>, string, string][] = [
    [{ at: "me", do: "explode" }, "not_built", 'cannot do "explode"'],
    [{ at: "me", do: "tls" }, "not_built", 'cannot do "tls"'],
    [{ at: "tls", do: "status" }, "not_built", 'no rules at "tls"'],
    [{ at: "moon", do: "status" }, "invalid_input", 'cannot stand at "moon"'],
    [{ do: "status" }, "invalid_input", 'needs "at" and "do"'],
    [{ at: "me", do: "status", when: "now" }, "invalid_input", 'knows no "when"'],
    [{ at: "me", do: "status", with: { staus: 3 } }, "invalid_input", 'knows no "staus"'],
    [{ at: "me", do: "status", with: { status: 99 } }, "invalid_input", "a number from 200 to 599"],
    [{ at: "me", do: "status", with: [] }, "invalid_input", 'an object as "with"'],
    [
      { at: "me", do: "delay", with: { ms: "5" } },
      "invalid_input",
      '"ms" of a "delay" rule has to be a number',
    ],
    [{ at: "me", do: "junk", with: { kind: "odd" } }, "invalid_input", "one of empty, null"],
    [{ at: "me", do: "grant" }, "invalid_input", '"scopes" of a "grant" rule has to be given'],
    [{ at: "me", do: "graph_error", with: { reason: "boredom" } }, "invalid_input", "no such reason"],
    [{ at: "me", do: "status", match: { username: "x" } }, "invalid_input", 'matches no "username"'],
    [{ at: "me", do: "status", p: 1.5 }, "invalid_input", 'from 0 to 1 as "p"'],
    [{ at: "me", do: "status", times: -1 }, "invalid_input", '"times"'],
    [{ at: "me", do: "status", cycle: { bad: 1 } }, "invalid_input", '"bad" and "good"'],
    [{ at: "me", do: "status", cycle: { bad: 0, good: 0 } }, "invalid_input", "at least one request"],
    [
      { at: "me", do: "status", cycle: { bad: 1.5, good: 1 } },
      "invalid_input",
      'whole number from 0 up as "bad"',
    ],
    [{ at: "me", do: "status", times: 0.5 }, "invalid_input", 'whole number from 0 up as "times"'],
    [{ at: "me", do: "status", match: { nth: 0 } }, "invalid_input", 'whole number from 1 up as "nth"'],
    [{ at: "me", do: "status", from_ms: 5, to_ms: 5 }, "invalid_input", "ends after it begins"],
    [{ at: "me", do: "status", id: "" }, "invalid_input", "a text as id"],
    [{ at: "tcp", do: "hang" }, "invalid_input", 'can only do "tcp_refuse"'],
    [{ at: "tcp", do: "tcp_refuse", times: 3 }, "invalid_input", 'no "times"'],
  ];
  for (const [rule, code, message] of bad) {
    expect(() => app.sim.faults.add(rule as FaultRule), JSON.stringify(rule)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) as string }),
    );
  }
  expect(app.sim.faults.list()).toEqual([]);
  app.sim.faults.add(broken({ id: "x" }));
  expect(() => app.sim.faults.add(broken({ id: "x" }))).toThrow("already");
});

it("writes down which rule was applied", async () => {
  const { app, statuses } = await openAccount();
  await using _app = app;
  app.sim.faults.add(broken({ id: "f9" }));
  await statuses(1);
  expect(app.sim.ledger().at(-1)).toMatchObject({
    fault: "f9:status",
    outcome: "not_processed",
    status: 503,
  });
});

it("keeps its own pages and switches out of every fault", async () => {
  await using app = await startTestApp();
  app.sim.faults.add({ at: "any", do: "hang" });
  expect((await app.get("/__sim/clock")).status).toBe(200);
  expect((await app.get("/")).status).toBe(200);
  expect(app.authorizationUrl()).toContain(encodeURIComponent(REDIRECT_URI));
});
