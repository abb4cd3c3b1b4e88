import { Agent, request } from "node:http";
import { describe, expect, it } from "vitest";
import { openUnder, refreshPatiently, wireErrorOr } from "../testing/fault-app.ts";
import { wireError, startTestApp, type TestApp } from "../testing/test-app.ts";

const generations = (app: TestApp) => app.sim.lineages()[0]?.tokens.length;

describe("resets and refusals", () => {
  it("F05 reset before: the connection breaks and nothing has happened", async () => {
    const { app, token } = await openUnder({ at: "refresh", do: "reset" });
    await using _app = app;
    expect(await wireError(() => app.refresh(token))).toBe("ECONNRESET");
    expect(generations(app)).toBe(1);
    expect(app.sim.ledger().at(-1)).toMatchObject({
      outcome: "not_processed",
      delivery: "none",
      status: null,
      bytesSent: 0,
      processedAt: null,
    });
  });

  it("F06 reset after: the refresh took effect and its reply is lost", async () => {
    const { app, token } = await openUnder({ at: "refresh", do: "reset", with: { point: "after" } });
    await using _app = app;
    expect(await wireError(() => app.refresh(token))).toBe("ECONNRESET");
    expect(generations(app)).toBe(2);
    expect(app.sim.ledger().at(-1)).toMatchObject({
      outcome: "accepted",
      delivery: "none",
      status: null,
      tokenGeneration: 1,
      issuedGeneration: 2,
    });
  });

  it("F04 tcp_refuse at an endpoint breaks the connection", async () => {
    const { app, token } = await openUnder({ at: "refresh", do: "tcp_refuse" });
    await using _app = app;
    expect(await wireError(() => app.refresh(token))).toBe("ECONNRESET");
    expect((await app.me(token)).status).toBe(200);
  });

  it("F04 F30 tcp_refuse at tcp takes the listener down and brings it back on the same port", async () => {
    const { app, token } = await openUnder({ id: "outage", at: "tcp", do: "tcp_refuse" });
    await using _app = app;
    expect(await wireError(() => app.me(token))).toBe("ECONNREFUSED");
    expect(await wireError(() => app.get("/__sim/clock"))).toBe("ECONNREFUSED");
    app.sim.faults.clear("outage");
    expect((await app.me(token)).status).toBe(200);
  });

  it("F30 an outage ends by itself and overlapping ones count", async () => {
    const { app, token } = await openUnder({ id: "short", at: "tcp", do: "tcp_refuse", to_ms: 30 });
    await using _app = app;
    app.sim.faults.add({ id: "long", at: "tcp", do: "tcp_refuse" });
    app.sim.faults.clear("short");
    expect(await wireError(() => app.me(token))).toBe("ECONNREFUSED");
    app.sim.faults.add({ id: "last", at: "tcp", do: "tcp_refuse", to_ms: 30 });
    app.sim.faults.clear("long");
    await expect
      .poll(async () =>
        app.me(token).then(
          (answer) => answer.status,
          () => "refused",
        ),
      )
      .toBe(200);
  });
});

describe("silence", () => {
  for (const [point, outcome, tokens] of [
    ["before", "not_processed", 1],
    ["after", "accepted", 2],
  ] as const) {
    it(`F02 hang ${point}: never answered, ${outcome}`, async () => {
      const { app, token } = await openUnder({ at: "refresh", do: "hang", with: { point } });
      await using _app = app;
      const call = refreshPatiently(app, token);
      await expect
        .poll(() => app.sim.ledger()[0])
        .toMatchObject({ outcome, delivery: "pending", status: null });
      expect(generations(app)).toBe(tokens);
      await app.me(token); // others are answered meanwhile
      expect(await call.hangUp()).toBe("hung up");
      await expect.poll(() => app.sim.ledger()[0]?.delivery).toBe("none");
    });
  }

  it("F03 stall: the head arrives, the body does not", async () => {
    const { app, token } = await openUnder({ at: "me", do: "stall", times: 1 });
    await using _app = app;
    const client = new AbortController();
    const response = await fetch(`${app.sim.origin}/me?access_token=${token}`, { signal: client.signal });
    expect([response.status, response.headers.get("content-length")]).toEqual([200, "24"]);
    const body = response.text();
    await app.me(token);
    expect(app.sim.ledger()[0]).toMatchObject({ bytesSent: 0, delivery: "pending", status: 200 });
    client.abort();
    await expect(body).rejects.toThrow("aborted");
    await expect.poll(() => app.sim.ledger()[0]?.delivery).toBe("cut");
  });

  it("F03 stall half-way: part of the body arrives", async () => {
    const { app, token } = await openUnder({ at: "me", do: "stall", with: { after: "half" } });
    await using _app = app;
    const response = await fetch(`${app.sim.origin}/me?access_token=${token}`);
    const first = await response.body?.getReader().read();
    expect(Buffer.from(first?.value ?? []).toString()).toBe('{"id":258111');
    expect(app.sim.ledger()[0]).toMatchObject({ bytesSent: 12, delivery: "pending" });
  });

  it("F03 drip: the body comes in drops and does arrive", async () => {
    const { app, token } = await openUnder({ at: "me", do: "drip", with: { bps: 600 } });
    await using _app = app;
    const startedAt = performance.now();
    const response = await fetch(`${app.sim.origin}/me?access_token=${token}`);
    let chunks = 0;
    for await (const _chunk of response.body ?? []) chunks++;
    expect(chunks).toBeGreaterThan(2);
    expect(performance.now() - startedAt).toBeGreaterThan(25);
    expect(app.sim.ledger().at(-1)).toMatchObject({ bytesSent: 24, delivery: "complete" });
  });
});

describe("cut and spoilt deliveries", () => {
  it("F08 truncate: fewer bytes than Content-Length promised", async () => {
    const { app, token } = await openUnder({ at: "me", do: "truncate", with: { bytes: 10 } });
    await using _app = app;
    const response = await fetch(`${app.sim.origin}/me?access_token=${token}`);
    expect(response.headers.get("content-length")).toBe("24");
    await expect(response.text()).rejects.toThrow("terminated");
    await expect.poll(() => app.sim.ledger().at(-1)).toMatchObject({ bytesSent: 10, delivery: "cut" });
  });

  it("F08 truncate chunked: the last chunk never comes, and a reply is never whole", async () => {
    const { app, token } = await openUnder({
      at: "me",
      do: "truncate",
      with: { bytes: 9999, framing: "chunked" },
    });
    await using _app = app;
    const response = await fetch(`${app.sim.origin}/me?access_token=${token}`);
    expect(response.headers.get("transfer-encoding")).toBe("chunked");
    await expect(response.text()).rejects.toThrow("terminated");
  });

  it("F09 keepalive_race: answered, then cut when the same connection is used again", async () => {
    const { app, token } = await openUnder({ at: "me", do: "keepalive_race", times: 1 });
    await using _app = app;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const path = `/me?access_token=${token}`;
    expect(await statusOver(agent, app, path)).toBe(200);
    expect(await statusOver(agent, app, path)).toBe("ECONNRESET");
    expect(app.sim.ledger().at(-1)).toMatchObject({ outcome: "not_processed", fault: "keepalive_race" });
    expect(await statusOver(agent, app, path)).toBe(200);
    agent.destroy();
  });

  it("F12 flood: more body than anybody wants, said or zipped, and a huge header", async () => {
    const { app, token } = await openUnder({ at: "me", do: "flood", with: { bytes: 3_000_000 }, times: 1 });
    await using _app = app;
    const url = `${app.sim.origin}/me?access_token=${token}`;
    expect((await (await fetch(url)).arrayBuffer()).byteLength).toBe(3_000_000);
    app.sim.faults.add({ at: "me", do: "flood", with: { kind: "gzip", bytes: 3_000_000 }, times: 1 });
    const bomb = await fetch(url);
    expect(bomb.headers.get("content-encoding")).toBe("gzip");
    expect((await bomb.arrayBuffer()).byteLength).toBe(3_000_000);
    expect(app.sim.ledger().at(-1)?.bytesSent).toBeLessThan(30_000);
    app.sim.faults.add({ at: "me", do: "flood", with: { kind: "header" }, times: 1 });
    expect(await wireError(() => fetch(url))).toBe("UND_ERR_HEADERS_OVERFLOW");
  });

  it("F12 a client that hangs up ends the flood", async () => {
    const { app, token } = await openUnder({ at: "me", do: "flood", with: { bytes: 1_000_000_000 } });
    await using _app = app;
    const response = await fetch(`${app.sim.origin}/me?access_token=${token}`);
    await response.body?.cancel();
    await expect.poll(() => app.sim.ledger().at(-1)?.delivery).toBe("cut");
    expect(app.sim.ledger().at(-1)?.bytesSent).toBeLessThan(100_000_000);
  });
});

it("closing cuts whatever hangs, waits or drips", async () => {
  const app = await startTestApp();
  const token = app.sim.issueLongLivedToken("acme.shop").value;
  app.sim.faults.add({ at: "me", do: "hang" });
  app.sim.faults.add({ at: "media", do: "delay", with: { ms: 60_000 } });
  app.sim.gates.add({ at: "quota", point: "before_process" });
  const calls = ["/me", "/me/media", "/me/content_publishing_limit"].map((path) =>
    wireErrorOr(() => app.get(path, { access_token: token })),
  );
  await expect.poll(() => app.sim.ledger().length).toBe(3);
  await app.sim.close();
  for (const result of await Promise.all(calls)) expect(result).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
});

function statusOver(agent: Agent, app: TestApp, path: string): Promise<number | string | undefined> {
  return new Promise((resolve) => {
    const call = request(`${app.sim.origin}${path}`, { agent }, (response) => {
      response.resume();
      // the agent hands the socket out again only once it is free
      response.once("end", () => setImmediate(() => resolve(response.statusCode)));
    });
    call.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    call.end();
  });
}
