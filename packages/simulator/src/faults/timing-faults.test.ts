import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { openUnder, refreshPatiently, wireErrorOr } from "../testing/fault-app.ts";
import { startTestApp, tokenOf, type TestApp } from "../testing/test-app.ts";
import { createEffect } from "./catalogue.ts";

const generations = (app: TestApp) => app.sim.lineages()[0]?.tokens.length;

describe("waiting", () => {
  it("F01 delay waits before the request takes effect", async () => {
    const { app, token } = await openUnder({ at: "refresh", do: "delay", with: { ms: 500 } });
    await using _app = app;
    const call = refreshPatiently(app, token);
    await expect.poll(() => app.sim.ledger().length, { interval: 5 }).toBe(1);
    expect([generations(app), app.sim.ledger()[0]?.outcome]).toEqual([1, "pending"]);
    expect(await call.hangUp()).toBe("hung up");
    await expect.poll(() => generations(app)).toBe(2); // hanging up does not undo what was sent
  });

  it("F07 late takes effect at once and answers when the client has gone", async () => {
    const { app, token } = await openUnder({ at: "refresh", do: "late", with: { ms: 60_000 } });
    await using _app = app;
    const call = refreshPatiently(app, token);
    await expect.poll(() => app.sim.ledger()[0]).toMatchObject({ outcome: "accepted", delivery: "pending" });
    expect(generations(app)).toBe(2);
    expect(await call.hangUp()).toBe("hung up");
  });

  it("F01 delays are fixed, spread, or heavy-tailed", async () => {
    const settings = [
      { ms: 20 },
      { ms: 20, jitter: 10 },
      { ms: 5, dist: "heavy" },
      { ms: 20, point: "after" },
      { ms: 20, jitter: 10, point: "after" },
    ];
    for (const given of settings) {
      const { app, token } = await openUnder({ at: "me", do: "delay", with: given });
      await using _app = app;
      const startedAt = performance.now();
      expect((await app.me(token)).status).toBe(200);
      expect([given, performance.now() - startedAt >= given.ms / 2 - 1]).toEqual([given, true]);
    }
  });

  it("F01 TE-02 waits come from the rule's own seed and leave the simulator's tokens as they are", async () => {
    const runs: { waits: number[]; token: string }[] = [];
    for (const seed of [42, 42, 43]) {
      const { app, token } = await openUnder({ at: "me", do: "delay", with: { ms: 0, jitter: 1 }, seed });
      await using _app = app;
      await app.me(token);
      const effect = createEffect("delay", { ms: 5, dist: "heavy" });
      const random = createRandom(seed);
      const waits = Array.from({ length: 50 }, () => effect.delayMs?.(random) ?? 0);
      runs.push({ waits, token: tokenOf(await app.refresh(token)) });
    }
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]?.waits).not.toEqual(runs[0]?.waits);
    expect(runs[2]?.token).toBe(runs[0]?.token);
  });

  it("F01 a wait longer than a timer can hold is long, not over at once", async () => {
    const { app, token } = await openUnder({ at: "refresh", do: "delay", with: { ms: 3_000_000_000 } });
    await using _app = app;
    const call = refreshPatiently(app, token);
    await expect.poll(() => app.sim.ledger().length, { interval: 5 }).toBe(1);
    await app.me(token);
    expect([generations(app), app.sim.ledger()[0]?.outcome]).toEqual([1, "pending"]);
    expect(await call.hangUp()).toBe("hung up");
  });

  it("F29 a brown-out delays only some calls", async () => {
    const { app, token } = await openUnder({
      at: "me",
      do: "delay",
      with: { ms: 30_000 },
      p: 0.2,
      seed: 11,
    });
    await using _app = app;
    const results = await Promise.all(
      Array.from({ length: 40 }, () =>
        wireErrorOr(() => app.get("/me", { access_token: token }, { signal: AbortSignal.timeout(1000) })),
      ),
    );
    const slow = results.filter((result) => result === "TIMEOUT").length;
    expect(slow).toBeGreaterThan(2);
    expect(slow).toBeLessThan(16);
  });

  it("F38 capacity lets so many in at a time and sends the rest away", async () => {
    const { app, token } = await openUnder({ at: "me", do: "capacity", with: { n: 3 } });
    await using _app = app;
    const gate = app.sim.gates.add({ at: "me", point: "before_process" }); // keeps them inside
    const calls = Promise.all(Array.from({ length: 8 }, async () => (await app.me(token)).status));
    const turnedAway = () => app.sim.ledger().filter((entry) => entry.status === 503).length;
    await expect.poll(() => [turnedAway(), app.sim.gates.waiting().length]).toEqual([5, 3]);
    app.sim.gates.release(gate);
    const statuses = await calls;
    expect([200, 503].map((status) => statuses.filter((one) => one === status).length)).toEqual([3, 5]);
    expect((await app.me(token)).status).toBe(200);
  });

  it("F38 capacity holds each request it lets in for a time", async () => {
    const { app, token } = await openUnder({ at: "me", do: "capacity", with: { n: 1, ms: 30 } });
    await using _app = app;
    const startedAt = performance.now();
    expect((await app.me(token)).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(29);
  });
});

it("latencyMs holds every Instagram answer, and none of the switches", async () => {
  await using app = await startTestApp({ latencyMs: 30 });
  const { value } = app.sim.issueLongLivedToken("acme.shop");
  const startedAt = performance.now();
  await app.me(value);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(29);
  app.sim.clock.advance({ days: 2 });
  expect(tokenOf(await app.refresh(value))).toMatch(/^SIMTOK_/);
});
