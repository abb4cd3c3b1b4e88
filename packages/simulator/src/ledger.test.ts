import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { startTestApp, tokenOf } from "./testing/test-app.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("the ledger", () => {
  it("tells a whole sign-in, in order, with hashes in place of secrets", async () => {
    await using app = await startTestApp();
    const code = await app.consent();
    const short = tokenOf(await app.exchangeCode(code));
    const long = tokenOf(await app.exchange(short));
    await app.me(long);
    app.sim.clock.advance({ days: 30 });
    const next = tokenOf(await app.refresh(long));
    const entries = app.sim.ledger();
    expect(
      entries.map((entry) => [entry.sequence, entry.endpoint, entry.method, entry.user, entry.outcome]),
    ).toEqual([
      [1, "authorize", "GET", null, "accepted"],
      [2, "authorize", "POST", "acme.shop", "accepted"],
      [3, "code", "POST", "acme.shop", "accepted"],
      [4, "exchange", "GET", "acme.shop", "accepted"],
      [5, "me", "GET", "acme.shop", "accepted"],
      [6, "refresh", "GET", "acme.shop", "accepted"],
    ]);
    expect(entries[2]).toMatchObject({
      codeHash: sha256(code),
      tokenHash: null,
      issuedTokenHash: sha256(short),
      issuedGeneration: 1,
      status: 200,
      fault: null,
    });
    expect(entries[5]).toMatchObject({
      tokenHash: sha256(long),
      tokenGeneration: 2,
      issuedTokenHash: sha256(next),
      issuedGeneration: 3,
      arrivedAt: new Date("2026-03-31T12:00:00Z"),
      processedAt: new Date("2026-03-31T12:00:00Z"),
      arrivedRealMs: Date.parse("2026-03-01T12:00:00Z"),
      delivery: "complete",
    });
    expect(entries[5]?.bytesSent).toBeGreaterThan(150);
  });

  it("holds no token, code or secret anywhere, and neither do the lineages", async () => {
    await using app = await startTestApp();
    await app.exchange(await app.shortLived());
    await app.me("SIMTOK_unknown_but_secret");
    await app.exchangeCode("SIMCODE_unknown_but_secret");
    const truth = JSON.stringify([
      app.sim.ledger(),
      app.sim.lineages(),
      app.sim.concurrency(),
      app.sim.rate(),
    ]);
    expect(truth).not.toMatch(/SIMTOK_|SIMCODE_|SIMSEC_/);
    expect(app.sim.ledger().at(-2)?.tokenHash).toBe(sha256("SIMTOK_unknown_but_secret"));
  });

  it("names why a request was refused", async () => {
    await using app = await startTestApp();
    const { value } = app.sim.issueLongLivedToken("acme.shop");
    await app.refresh(value);
    app.sim.clock.advance({ days: 61 });
    await app.refresh(value);
    await app.exchangeCode("SIMCODE_x");
    expect(app.sim.ledger().map((entry) => [entry.outcome, entry.refusal, entry.issuedGeneration])).toEqual([
      ["refused", "100", null],
      ["refused", "190/463", null],
      ["refused", "code_unknown", null],
    ]);
  });

  it("gives only what came after a sequence, and starts anew after a reset without reusing numbers", async () => {
    await using app = await startTestApp();
    for (let call = 0; call < 5; call++) await app.me("x");
    expect(app.sim.ledger(3).map((entry) => entry.sequence)).toEqual([4, 5]);
    expect(app.sim.ledger(1, 2).map((entry) => entry.sequence)).toEqual([2, 3]);
    app.sim.resetLedger();
    expect([app.sim.ledger(), app.sim.rate().total]).toEqual([[], 0]);
    await app.me("x");
    expect(app.sim.ledger().map((entry) => entry.sequence)).toEqual([6]);
  });

  it("keeps the latest entries when it is bounded, and counts them all", async () => {
    await using app = await startTestApp({ ledgerLimit: 3 });
    for (let call = 0; call < 10; call++) {
      await app.me("x");
      expect(app.sim.ledger().length).toBe(Math.min(call + 1, 3));
    }
    expect(app.sim.ledger().map((entry) => entry.sequence)).toEqual([8, 9, 10]);
    expect(app.sim.rate().total).toBe(10);
  });
});

describe("lineages", () => {
  it("hold every token of a person with its life", async () => {
    await using app = await startTestApp();
    const short = await app.shortLived();
    const long = tokenOf(await app.exchange(short));
    app.sim.clock.advance({ days: 2 });
    await app.refresh(long);
    app.sim.issueLongLivedToken("acme.shop", { permissions: ["instagram_business_basic"] });
    app.sim.issueLongLivedToken("lena.paints");
    const lineages = app.sim.lineages();
    expect(lineages.map((one) => [one.user, one.flavour, one.appId])).toEqual([
      ["acme.shop", "ig", "990000000000001"],
      ["lena.paints", "ig", "990000000000001"],
    ]);
    const tokens = lineages[0]?.tokens ?? [];
    expect(tokens.map((one) => [one.generation, one.kind, one.source, one.isLive, one.endedBy])).toEqual([
      [1, "short_lived", "code", false, "expired"],
      [2, "long_lived", "exchange", true, null],
      [3, "long_lived", "refresh", true, null],
      [4, "long_lived", "dashboard", true, null],
    ]);
    expect(tokens[0]).toMatchObject({
      tokenHash: sha256(short),
      issuedAt: new Date("2026-03-01T12:00:00Z"),
      expiresAt: new Date("2026-03-01T13:00:00Z"),
    });
    expect(tokens[3]?.permissions).toEqual(["instagram_business_basic"]);
  });

  it("say why a token ended", async () => {
    await using app = await startTestApp();
    for (const end of ["revoke", "passwordChanged", "removeApp"] as const) {
      app.sim.issueLongLivedToken("acme.shop");
      app.sim.users[end]("acme.shop");
    }
    expect(app.sim.lineages()[0]?.tokens.map((token) => token.endedBy)).toEqual([
      "revoked",
      "password_changed",
      "app_removed",
    ]);
  });
});

describe("concurrency", () => {
  it("marks the most refreshes of one token that were in flight at once", async () => {
    await using app = await startTestApp();
    const acme = app.sim.issueLongLivedToken("acme.shop").value;
    const lena = app.sim.issueLongLivedToken("lena.paints").value;
    const gate = app.sim.gates.add({ at: "refresh", point: "before_process" });
    const calls = [app.refresh(acme), app.refresh(acme), app.refresh(acme), app.refresh(lena)];
    await expect.poll(() => app.sim.gates.waiting().length).toBe(4);
    app.sim.gates.release(gate);
    await Promise.all(calls);
    await app.refresh(lena);
    await app.me(lena);
    const marks = { [sha256(acme)]: 3, [sha256(lena)]: 1 };
    expect(app.sim.concurrency().max).toBe(3);
    expect(
      Object.fromEntries(app.sim.concurrency().perToken.map((one) => [one.tokenHash, one.highWaterMark])),
    ).toEqual(marks);
    app.sim.resetLedger();
    expect(app.sim.concurrency()).toEqual({ max: 0, perToken: [] });
  });
});

describe("rate", () => {
  it("counts per second and endpoint by real time", async () => {
    let now = Date.parse("2026-03-01T12:00:00Z");
    await using app = await startTestApp({ baseNow: () => now });
    await app.me("x");
    await app.me("x");
    await app.refresh("x");
    now += 5000;
    app.sim.clock.advance({ days: 1 });
    await app.me("x");
    const second = Date.parse("2026-03-01T12:00:00Z") / 1000;
    expect(app.sim.rate()).toEqual({
      total: 4,
      peakPerSecond: 3,
      perEndpoint: { me: { total: 3, peakPerSecond: 2 }, refresh: { total: 1, peakPerSecond: 1 } },
      perSecond: [
        { second, count: 3 },
        { second: second + 5, count: 1 },
      ],
    });
  });
});
