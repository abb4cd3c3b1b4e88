import { StoreError } from "@perennial/db";
import { describe, expect, it } from "vitest";

import { createConnections } from "./create-connections.ts";
import { openTestKeeper, type TestKeeper } from "./testing/keeper.ts";

const refreshes = (keeper: TestKeeper): number =>
  keeper.sim.ledger().filter(({ endpoint }) => endpoint === "refresh").length;

const sweep = (keeper: { connections: TestKeeper["connections"] }, concurrency = 16) =>
  keeper.connections.sweep({ trigger: "worker", concurrency, signal: new AbortController().signal });

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
    const { createConnections } = await import("./create-connections.ts");
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

/** Signs so many new people in. */
async function addPeople(keeper: TestKeeper, count: number): Promise<void> {
  const keys = Array.from({ length: count }, (_, index) => `u${index}`);
  for (const [index, key] of keys.entries()) {
    const professionalId = `178414000${String(index).padStart(8, "0")}`;
    keeper.sim.users.add({ key, username: key, name: "U", professionalId });
  }
  for (let first = 0; first < count; first += 25)
    await Promise.all(keys.slice(first, first + 25).map((key) => keeper.signIn(key)));
}

describe("the sweep", () => {
  it("WK-06 lets one that hangs and one that crashes among 500 delay nobody beyond their own slots", async () => {
    let crashing = "";
    await using keeper = await openTestKeeper({
      change: ({ seal }) => ({
        seal: {
          ...seal,
          open: (sealed, belongsTo) => {
            if (belongsTo.connectionId === crashing) throw new TypeError("a fault of ours");
            return seal.open(sealed, belongsTo);
          },
        },
      }),
    });
    await addPeople(keeper, 500);
    crashing = (await keeper.signIn("u250")).connectionId;
    keeper.sim.clock.advance({ days: 40 });
    keeper.sim.resetLedger();
    const gate = keeper.sim.gates.add({ at: "refresh", point: "before_process", user: "u3" });
    const swept = sweep(keeper);
    const waiting = await keeper.sim.gates.waitFor(gate);
    // All the others are done while the one still hangs.
    await expect
      .poll(() => keeper.events.filter(({ event }) => event === "connection.refreshed").length, {
        timeout: 10_000,
      })
      .toBe(498);
    keeper.sim.gates.release(waiting.id);
    expect(await swept).toMatchObject({ claimed: 500, refreshed: 499, failed: 1 });
  });

  it("WK-01 finds what fell due while no worker ran, in the database", async () => {
    await using keeper = await openTestKeeper();
    for (const { key } of keeper.sim.users.list().slice(0, 3)) {
      if (key !== "studio.noor" && key !== "tom.private") await keeper.signIn(key);
    }
    const count = (await keeper.store.pageConnections({ after: null, limit: 10 })).length;
    keeper.sim.clock.advance({ days: 45 }); // nobody swept for six weeks
    const other = await keeper.another();
    expect(await sweep(other)).toMatchObject({ claimed: count, refreshed: count });
    expect(await sweep(keeper)).toMatchObject({ claimed: 0 });
  });

  it("WK-02 refreshes each of 300 due tokens once, however many sweep at the same time", async () => {
    await using keeper = await openTestKeeper();
    await addPeople(keeper, 300);
    keeper.sim.clock.advance({ days: 40 });
    keeper.sim.faults.add({ at: "refresh", do: "delay", with: { ms: 5 } }); // so that two at once would be seen
    keeper.sim.resetLedger();
    const others = await Promise.all(Array.from({ length: 5 }, () => keeper.another()));
    const summaries = await Promise.all([keeper, ...others].map((each) => sweep(each, 8)));
    expect(summaries.reduce((sum, { refreshed }) => sum + refreshed, 0)).toBe(300);
    expect(refreshes(keeper)).toBe(300);
    expect(keeper.sim.concurrency().max).toBe(1);
  }, 60_000);

  it("CK-03 refreshes each token once though two processes are ten minutes apart", async () => {
    await using keeper = await openTestKeeper();
    await addPeople(keeper, 60);
    keeper.sim.clock.advance({ days: 40 });
    keeper.sim.faults.add({ at: "refresh", do: "delay", with: { ms: 10 } }); // so that two at once would be seen
    keeper.sim.resetLedger();
    const processes = await Promise.all(
      [-10, 0, 10].map(async (minutes) => {
        const now = (): Date => new Date(keeper.sim.clock.now().getTime() + minutes * 60_000);
        const { store } = await keeper.another();
        return { connections: createConnections({ ...keeper.deps, store, now }) };
      }),
    );
    await Promise.all(processes.map((each) => sweep(each, 8)));
    expect([refreshes(keeper), keeper.sim.concurrency().max]).toEqual([60, 1]);
  });

  it("UP-03 makes hardly more calls than it has to while one in five fails", async () => {
    await using keeper = await openTestKeeper();
    const people = 100;
    await addPeople(keeper, people);
    keeper.sim.clock.advance({ days: 40 });
    keeper.sim.faults.add({ at: "refresh", do: "status", with: { status: 503 }, p: 0.2, seed: 5 });
    keeper.sim.resetLedger();
    for (let minute = 0; minute < 10; minute += 1) {
      const before = refreshes(keeper);
      const { claimed } = await sweep(keeper);
      expect(refreshes(keeper) - before).toBe(claimed); // one retry layer: no call is repeated by itself
      keeper.sim.clock.advance({ minutes: 1 });
    }
    // One in five of one in five: 1.25 calls for each token if nothing is repeated in vain.
    expect(refreshes(keeper) / people).toBeLessThan(1.45);
    expect((await keeper.connections.fleet()).failing).toBe(0);
  });

  it("claims no more once it is told to stop, and finishes what is in hand", async () => {
    await using keeper = await openTestKeeper();
    await keeper.signIn("acme.shop");
    await keeper.signIn("lena.paints");
    keeper.sim.clock.advance({ days: 40 });
    const gate = keeper.sim.gates.add({ at: "refresh", point: "before_process" });
    const stopping = new AbortController();
    const swept = keeper.connections.sweep({ trigger: "worker", concurrency: 1, signal: stopping.signal });
    const waiting = await keeper.sim.gates.waitFor(gate);
    stopping.abort();
    keeper.sim.gates.release(waiting.id);
    expect(await swept).toMatchObject({ claimed: 1, refreshed: 1 });
  });
});

describe("handing out", () => {
  it("refreshes an urgent token first, and hands out the living one when that fails", async () => {
    await using keeper = await openTestKeeper();
    const { connectionId } = await keeper.signIn("acme.shop");
    const first = await keeper.connections.handOut({ connectionId, trigger: "api" });
    keeper.sim.clock.advance({ days: 55 });
    keeper.sim.faults.add({ at: "refresh", do: "status", with: { status: 503 }, times: 1 });
    const living = await keeper.connections.handOut({ connectionId, trigger: "api" });
    expect(living.accessToken).toBe(first.accessToken);
    const fresh = await keeper.connections.handOut({ connectionId, trigger: "api" });
    expect(fresh.accessToken).not.toBe(first.accessToken);
    expect(fresh.expiresAt > living.expiresAt).toBe(true);
  });

  it("never gives out a token that has expired", async () => {
    await using keeper = await openTestKeeper();
    const { connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.clock.advance({ days: 61 });
    await expect(keeper.connections.handOut({ connectionId, trigger: "api" })).rejects.toMatchObject({
      code: "token_expired",
    });
  });

  it("says the same of another user's connection as of one that is not there", async () => {
    await using keeper = await openTestKeeper();
    const mine = await keeper.signIn("acme.shop");
    const theirs = await keeper.signIn("lena.paints");
    const refused = { code: "connection_not_found" };
    await expect(keeper.connections.get(mine.userId, theirs.connectionId)).rejects.toMatchObject(refused);
    await expect(keeper.connections.get(mine.userId, "con_0000000000000000000000")).rejects.toMatchObject(
      refused,
    );
    await expect(
      keeper.connections.disconnect({ userId: mine.userId, connectionId: theirs.connectionId }),
    ).rejects.toMatchObject(refused);
    await expect(
      keeper.connections.refresh({
        connectionId: theirs.connectionId,
        userId: mine.userId,
        trigger: "person",
        force: true,
      }),
    ).rejects.toMatchObject(refused);
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
