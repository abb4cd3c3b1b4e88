import { StoreError } from "@perennial/db";
import { describe, expect, it } from "vitest";

import { createConnections } from "./create-connections.ts";
import { openTestKeeper, type TestKeeper } from "./testing/keeper.ts";
import { refreshes, sweep } from "./testing/refreshing.ts";

function refresh(keeper: TestKeeper, connectionId: string, force = false) {
  return keeper.connections.refresh({ connectionId, userId: null, trigger: "person", force });
}

describe("refreshing a connection", () => {
  it("leaves a token alone that is too young, and one that has more than its lead left unless forced", async () => {
    await using keeper = await openTestKeeper();
    const { connectionId } = await keeper.signIn("acme.shop");
    expect((await refresh(keeper, connectionId, true)).kind).toBe("too_young");
    keeper.sim.clock.advance({ days: 1, minutes: 1 });
    expect((await refresh(keeper, connectionId)).kind).toBe("not_due");
    expect(refreshes(keeper)).toBe(0);
    expect((await refresh(keeper, connectionId, true)).kind).toBe("refreshed");
    expect(refreshes(keeper)).toBe(1);
  });

  it("lets one upstream call answer many requests at once", async () => {
    await using keeper = await openTestKeeper();
    const { connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.clock.advance({ days: 40 });
    const results = await Promise.all(Array.from({ length: 50 }, () => refresh(keeper, connectionId)));
    expect(results.filter(({ kind }) => kind === "refreshed").length).toBe(50);
    expect(refreshes(keeper)).toBe(1);
  });

  it("waits for another process that is refreshing the same token, and takes its result", async () => {
    await using keeper = await openTestKeeper();
    const other = await keeper.another();
    const { connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.clock.advance({ days: 40 });
    const gate = keeper.sim.gates.add({ at: "refresh", point: "before_process" });
    const first = refresh(keeper, connectionId);
    const waiting = await keeper.sim.gates.waitFor(gate);
    const second = other.connections.refresh({ connectionId, userId: null, trigger: "api", force: false });
    keeper.sim.gates.release(waiting.id);
    expect((await first).kind).toBe("refreshed");
    expect((await second).kind).toBe("refreshed");
    expect(refreshes(keeper)).toBe(1);
  });

  it("asks for a reconnect once the person has removed the app, keeps the sealed token and hands nothing out", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.users.removeApp("acme.shop");
    keeper.sim.clock.advance({ days: 40 });
    expect(await sweep(keeper)).toMatchObject({ reconnect_required: 1 });
    expect(await keeper.connections.get(userId, connectionId)).toMatchObject({
      state: "reconnect_required",
      problem: { code: "token_revoked" },
    });
    expect((await keeper.store.findConnectionById(connectionId))?.sealedToken).toMatch(/^v1\./);
    await expect(keeper.connections.handOut({ connectionId, trigger: "api" })).rejects.toMatchObject({
      code: "token_revoked",
    });
    const again = await keeper.signIn("acme.shop");
    expect(again.connectionId).toBe(connectionId);
    expect(await keeper.connections.get(userId, connectionId)).toMatchObject({
      state: "healthy",
      problem: null,
    });
  });

  it("tries again later after a hiccup, shows the attempt, and recovers by itself", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.clock.advance({ days: 40 });
    keeper.sim.faults.add({ at: "refresh", do: "status", with: { status: 503 }, times: 1 });
    expect(await sweep(keeper)).toMatchObject({ failed: 1 });
    expect(await sweep(keeper)).toMatchObject({ claimed: 0 });
    const failing = await keeper.connections.get(userId, connectionId);
    expect(failing).toMatchObject({ state: "failing", failedAttempts: 1, problem: { code: "transient" } });
    keeper.sim.clock.advance({ hours: 1 });
    expect(await sweep(keeper)).toMatchObject({ refreshed: 1 });
    const history = await keeper.connections.history({ userId, connectionId, limit: 10, before: null });
    expect(history.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
      "refresh succeeded",
      "refresh failed",
      "sign_in succeeded",
    ]);
    expect(history[1]?.problem?.code).toBe("transient");
  });

  it("counts an answer with the same token string as a success when the expiry moved", async () => {
    await using keeper = await openTestKeeper();
    keeper.sim.policy.set({ rotation: "same_token" });
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    const before = await keeper.connections.get(userId, connectionId);
    keeper.sim.clock.advance({ days: 40 });
    expect(await sweep(keeper)).toMatchObject({ refreshed: 1 });
    const after = await keeper.connections.get(userId, connectionId);
    expect((after.life?.expiresAt ?? 0) > (before.life?.expiresAt ?? 0)).toBe(true);
  });

  it("lets a disconnect during a refresh win", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.clock.advance({ days: 40 });
    const gate = keeper.sim.gates.add({ at: "refresh", point: "after_process" });
    const refreshed = refresh(keeper, connectionId);
    const waiting = await keeper.sim.gates.waitFor(gate);
    await keeper.connections.disconnect({ userId, connectionId });
    keeper.sim.gates.release(waiting.id);
    expect((await refreshed).kind).toBe("superseded");
    expect((await keeper.store.findConnectionById(connectionId))?.sealedToken).toBeNull();
  });

  it("isolates a sealed token that does not open: it stays as it is, and the others are renewed", async () => {
    await using keeper = await openTestKeeper();
    const broken = await keeper.signIn("acme.shop");
    const sound = await keeper.signIn("lena.paints");
    const stranger = {
      ...keeper.deps,
      seal: {
        ...keeper.deps.seal,
        open: (text: string, row: { connectionId: string; flavour: string }) =>
          keeper.deps.seal.open(row.connectionId === broken.connectionId ? `${text}AAAA` : text, row),
      },
    };
    keeper.sim.clock.advance({ days: 40 });
    const summary = await createConnections(stranger).sweep({
      trigger: "worker",
      concurrency: 4,
      signal: new AbortController().signal,
    });
    expect(summary).toMatchObject({ refreshed: 1, failed: 1 });
    expect(await keeper.connections.get(broken.userId, broken.connectionId)).toMatchObject({
      problem: { code: "token_unreadable" },
    });
    expect(await keeper.connections.get(sound.userId, sound.connectionId)).toMatchObject({
      state: "healthy",
    });
  });

  it("tells whoever asked, and nobody else, that the database was away", async () => {
    const away = new StoreError("unavailable", "The database is away.");
    await using keeper = await openTestKeeper({
      change: ({ store }) => ({ store: { ...store, claimOne: () => Promise.reject(away) } }),
    });
    const { connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.clock.advance({ days: 40 });
    await expect(refresh(keeper, connectionId)).rejects.toBe(away);
    // A rejection that nobody hears is reported here, and would end a server.
    await new Promise((resolve) => setImmediate(resolve));
  });
});

describe("watching", () => {
  it("tells an open page what another process committed", async () => {
    await using keeper = await openTestKeeper();
    const other = await keeper.another();
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    const done = new AbortController();
    const changes = keeper.connections.watch(userId, done.signal)[Symbol.asyncIterator]();
    const next = changes.next();
    await new Promise((resolve) => setImmediate(resolve));
    keeper.sim.clock.advance({ days: 40 });
    await sweep(other);
    expect((await next).value).toEqual({ changed: [connectionId] });
    done.abort();
    expect((await changes.next()).done).toBe(true);
  });
});
