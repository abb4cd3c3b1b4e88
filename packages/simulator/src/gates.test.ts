import { describe, expect, it } from "vitest";
import type { Gate } from "./gates.ts";
import { startTestApp, tokenOf, wireError } from "./testing/test-app.ts";

async function openGate(gate: Partial<Gate> = {}) {
  const app = await startTestApp();
  const token = app.sim.issueLongLivedToken("acme.shop").value;
  app.sim.clock.advance({ days: 2 });
  const id = app.sim.gates.add({ at: "refresh", point: "before_process", ...gate });
  const generations = () => app.sim.lineages()[0]?.tokens.length;
  return { app, token, id, generations };
}

it("before_process holds a request that has arrived and not taken effect (P2)", async () => {
  const { app, token, id, generations } = await openGate();
  await using _app = app;
  const call = app.refresh(token);
  const waiting = await app.sim.gates.waitFor(id);
  expect(waiting).toEqual({
    id: `${id}/1`,
    gateId: id,
    at: "refresh",
    point: "before_process",
    user: "acme.shop",
    sequence: 1,
    isClientGone: false,
  });
  expect(generations()).toBe(1);
  expect(app.sim.ledger()[0]).toMatchObject({ outcome: "pending", processedAt: null });
  app.sim.gates.release(waiting.id);
  expect(tokenOf(await call)).toMatch(/^SIMTOK_/);
  expect(generations()).toBe(2);
});

it("after_process holds the reply of a request that took effect (P3)", async () => {
  const { app, token, id, generations } = await openGate({ point: "after_process" });
  await using _app = app;
  const call = app.refresh(token);
  const waiting = await app.sim.gates.waitFor(id);
  expect(generations()).toBe(2);
  expect(app.sim.ledger()[0]).toMatchObject({ outcome: "accepted", delivery: "pending" });
  app.sim.gates.release(waiting.id);
  expect(tokenOf(await call)).toMatch(/^SIMTOK_/);
  expect(app.sim.ledger()[0]).toMatchObject({ delivery: "complete" });
});

describe("dropping", () => {
  it("loses a request before it took effect", async () => {
    const { app, token, id, generations } = await openGate();
    await using _app = app;
    const lost = wireError(() => app.refresh(token));
    app.sim.gates.release((await app.sim.gates.waitFor(id)).id, { reply: "drop" });
    expect(await lost).toBe("ECONNRESET");
    expect([generations(), app.sim.ledger()[0]?.outcome]).toEqual([1, "not_processed"]);
  });

  it("loses only the reply after it took effect", async () => {
    const { app, token, id, generations } = await openGate({ point: "after_process" });
    await using _app = app;
    const lost = wireError(() => app.refresh(token));
    app.sim.gates.release((await app.sim.gates.waitFor(id)).id, { reply: "drop" });
    expect(await lost).toBe("ECONNRESET");
    expect(generations()).toBe(2);
    expect(app.sim.ledger()[0]).toMatchObject({ outcome: "accepted", delivery: "none", status: null });
  });
});

it("a released request takes effect although its client was killed while it waited", async () => {
  const { app, token, id, generations } = await openGate();
  await using _app = app;
  const query = { grant_type: "ig_refresh_token", access_token: token };
  const client = new AbortController();
  const gone = wireErrorName(app.get("/refresh_access_token", query, { signal: client.signal }));
  const waiting = await app.sim.gates.waitFor(id);
  client.abort();
  expect(await gone).toBe("AbortError");
  await expect.poll(() => app.sim.gates.waiting()[0]?.isClientGone).toBe(true);
  app.sim.gates.release(waiting.id);
  await expect.poll(() => app.sim.ledger()[0]).toMatchObject({ outcome: "accepted", delivery: "none" });
  expect(generations()).toBe(2);
});

it("holds only what it was made for", async () => {
  const { app, token } = await openGate({ user: "lena.paints" });
  await using _app = app;
  app.sim.gates.add({ at: "any", point: "before_process", flavour: "fb" });
  expect((await app.refresh(token)).status).toBe(200);
  expect((await app.me(token)).status).toBe(200);
  expect(app.sim.gates.waiting()).toEqual([]);
});

it("opened by its own id it lets all go on and holds nothing more", async () => {
  const { app, token, id } = await openGate({ at: "any" });
  await using _app = app;
  const calls = Promise.all([app.me(token), app.me(token), app.refresh(token)]);
  await expect.poll(() => app.sim.gates.waiting().length).toBe(3);
  app.sim.gates.release(id);
  expect((await calls).map((answer) => answer.status)).toEqual([200, 200, 200]);
  expect(app.sim.gates.list()).toEqual([]);
  expect((await app.me(token)).status).toBe(200);
});

it("with times it holds that many requests and lets the next ones through", async () => {
  const { app, token, id } = await openGate({ at: "me", times: 1 });
  await using _app = app;
  const held = app.me(token);
  const waiting = await app.sim.gates.waitFor(id);
  expect((await app.me(token)).status).toBe(200);
  app.sim.gates.release(waiting.id);
  expect((await held).status).toBe(200);
});

it("stands in the way of a request that a fault rule also meets", async () => {
  const { app, token, id, generations } = await openGate({ point: "after_process" });
  await using _app = app;
  app.sim.faults.add({ at: "refresh", do: "reset", with: { point: "after" } });
  const lost = wireError(() => app.refresh(token));
  await app.sim.gates.waitFor(id);
  expect(generations()).toBe(2);
  app.sim.gates.release(id);
  expect(await lost).toBe("ECONNRESET");
});

it("refuses ids nobody knows, and ends a wait for a gate that was opened first", async () => {
  const { app, id } = await openGate();
  await using _app = app;
  const unknown = expect.objectContaining({ code: "unknown_gate" }) as Error;
  expect(() => app.sim.gates.release("nobody")).toThrow(unknown);
  await expect(app.sim.gates.waitFor("nobody")).rejects.toThrow(unknown);
  expect(() => app.sim.gates.add({ id, at: "me", point: "before_process" })).toThrow("already");
  const wait = app.sim.gates.waitFor(id);
  app.sim.gates.release(id);
  await expect(wait).rejects.toThrow(unknown);
});

async function wireErrorName(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "answered",
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );
}
