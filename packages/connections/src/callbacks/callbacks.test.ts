import { describe, expect, it } from "vitest";

import { accept, idOf, signedRequest, tell } from "../testing/callbacks.ts";
import { MAYA, NORTH, allow, arrive, choose, connectMaya } from "../testing/facebook.ts";
import { openTestKeeper, type TestKeeper } from "../testing/keeper.ts";
import { codeOf } from "../testing/sign-in.ts";

const EVERYTHING = { userId: null, before: null, limit: 99 };
const outcomeOf = async (keeper: TestKeeper, id: string) =>
  (await keeper.store.findMetaCallback(id))?.outcome;

async function makeKey(keeper: TestKeeper, userId: string) {
  const open = { connectionIds: null, expiresAt: null, allowedAddresses: null };
  return await keeper.connections.createApiKey({ userId, name: "Uploader", actions: ["token"], ...open });
}

function visit(keeper: TestKeeper, secret: string) {
  return keeper.connections.visits.toAll({ secret, address: null, action: "token", requestId: null });
}

describe("a person who removes the app", () => {
  it("is asked to reconnect, told so once, and none of their tokens, sessions and keys is left", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId, sessionId } = await keeper.signIn("acme.shop");
    const { secret } = await makeKey(keeper, userId);
    const { id, confirmationCode } = await tell(keeper, "deauthorize", { userId: idOf(keeper, "acme.shop") });
    expect([confirmationCode, await outcomeOf(keeper, id)]).toEqual([null, "revoked"]);
    expect(await keeper.connections.get(userId, connectionId)).toMatchObject({
      state: "reconnect_required",
      problem: { code: "token_revoked" },
      life: null,
    });
    expect(await keeper.store.findConnectionById(connectionId)).toMatchObject({
      sealedToken: null,
      previousSealedToken: null,
    });
    expect(await keeper.connections.alerts({ userId, limit: 9 })).toMatchObject([
      { kind: "connection.reconnect_required", problem: { code: "token_revoked" } },
    ]);
    expect(await keeper.connections.findSession(sessionId)).toBeNull();
    expect(await visit(keeper, secret)).toMatchObject({ code: "key_revoked" });
    expect(await codeOf(keeper.connections.handOut({ connectionId, trigger: "api" }))).toBe("token_revoked");
    const forced = { connectionId, userId, trigger: "person", force: true } as const;
    expect(await codeOf(keeper.connections.refresh(forced))).toBe("reconnect_required");

    const again = await keeper.signIn("acme.shop");
    expect(again.connectionId).toBe(connectionId);
    expect(await keeper.connections.get(userId, connectionId)).toMatchObject({ state: "healthy" });
    expect((await keeper.connections.alerts({ userId, limit: 1 }))[0]?.kind).toBe("connection.recovered");
  });

  it("MC-04 keeps a connection that was allowed since, whatever of before arrives again", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.clock.advance({ minutes: 5 });
    const signing = { userId: idOf(keeper, "acme.shop") };
    const first = signedRequest(keeper, signing);
    const of = { deauthorize: first, data_deletion: first };
    await accept(keeper, "deauthorize", of.deauthorize);
    await keeper.connections.callbacks.settle();
    keeper.sim.clock.advance({ minutes: 5 });
    await keeper.signIn("acme.shop");
    const before = await keeper.store.findConnectionById(connectionId);
    for (const kind of ["deauthorize", "data_deletion"] as const) {
      await accept(keeper, kind, of[kind]); // the very same, which of the deletion is the first that is heard
      await tell(keeper, kind, { ...signing, agoMs: 6 * 60_000 }); // another one of before
    }
    expect(await keeper.store.findConnectionById(connectionId)).toEqual(before);
    expect(await keeper.connections.get(userId, connectionId)).toMatchObject({ state: "healthy" });
    const { id } = await tell(keeper, "data_deletion", { ...signing, agoMs: 5 * 60_000 + 1_000 });
    expect(await outcomeOf(keeper, id)).toBe("outdated");
    // A refresh is no allowance: what Meta says of the time before it counts.
    keeper.sim.clock.advance({ days: 2 });
    await keeper.connections.refresh({ connectionId, userId: null, trigger: "cli", force: true });
    await tell(keeper, "deauthorize", { ...signing, agoMs: 1_000 });
    expect((await keeper.store.findConnectionById(connectionId))?.sealedToken).toBeNull();
  });

  it("WK-10 wins over a refresh that is under way, whose token is nobody's", async () => {
    await using keeper = await openTestKeeper();
    const other = await keeper.another();
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.clock.advance({ days: 40 });
    const gate = keeper.sim.gates.add({ at: "refresh", point: "after_process" });
    const refreshing = other.connections.refresh({ connectionId, userId, trigger: "person", force: false });
    const waiting = await keeper.sim.gates.waitFor(gate);
    await tell(keeper, "deauthorize", { userId: idOf(keeper, "acme.shop") });
    keeper.sim.gates.release(waiting.id);
    expect(await refreshing).toEqual({ kind: "superseded" });
    expect(await keeper.store.findConnectionById(connectionId)).toMatchObject({
      status: "reconnect_required",
      sealedToken: null,
      nextRefreshAt: null,
    });
  });
});

describe("a person who wants their data deleted", () => {
  it("MC-08 SE-06 leaves nothing behind, although a refresh was under way, and their webhook is told", async () => {
    const told: unknown[] = [];
    const done = { httpStatus: 204, errorCode: null };
    const sinkWriter = {
      write: async () => done,
      announce: async ({
        event,
        messageId,
        sink,
      }: {
        event: object;
        messageId: string;
        sink: { secret: unknown };
      }) => {
        told.push({ event, messageId, isSigned: typeof sink.secret === "string" });
        return done;
      },
      admit: async <Settings>(settings: Settings) => settings,
      kinds: () => [],
    };
    await using keeper = await openTestKeeper({ change: () => ({ sinkWriter }) });
    const other = await keeper.another();
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    const sessions = [];
    for (let count = 0; count < 5; count += 1) sessions.push((await keeper.signIn("acme.shop")).sessionId);
    const keys = [];
    for (let count = 0; count < 3; count += 1) keys.push((await makeKey(keeper, userId)).secret);
    const { sink } = await keeper.connections.sinks.save({
      id: null,
      connectionId,
      userId,
      origin: "web",
      name: "Reader",
      settings: { kind: "webhook", url: "https://reader.test/hook" },
    });
    await keeper.connections.sinks.settle();
    keeper.sim.clock.advance({ days: 40 });
    const gate = keeper.sim.gates.add({ at: "refresh", point: "after_process" });
    const refreshing = other.connections.refresh({ connectionId, userId, trigger: "person", force: false });
    const waiting = await keeper.sim.gates.waitFor(gate);

    const { id, confirmationCode } = await tell(keeper, "data_deletion", {
      userId: idOf(keeper, "acme.shop"),
    });
    keeper.sim.gates.release(waiting.id);
    expect(await refreshing).toEqual({ kind: "superseded" });

    expect(await keeper.store.findConnectionById(connectionId)).toBeNull();
    expect(await keeper.store.findUser(userId)).toBeNull();
    for (const sessionId of sessions) expect(await other.connections.findSession(sessionId)).toBeNull();
    for (const secret of keys)
      expect(
        await other.connections.visits.toAll({ secret, address: null, action: "token", requestId: null }),
      ).toMatchObject({
        code: "key_invalid",
      });
    expect(await codeOf(keeper.connections.handOut({ connectionId, trigger: "api" }))).toBe(
      "connection_not_found",
    );
    await keeper.connections.sinks.sayFarewells();
    expect(told).toEqual([
      {
        event: { type: "connection.erased", at: keeper.deps.wallNow(), connectionId },
        messageId: `${sink.id}.erased`,
        isSigned: true,
      },
    ]);
    expect(await keeper.connections.callbacks.deletionStatus(confirmationCode ?? "")).toMatchObject({
      state: "completed",
    });
    expect(await keeper.store.findMetaCallback(id)).toMatchObject({
      outcome: "erased",
      providerUserId: null,
    });
    const sweep = { trigger: "worker", concurrency: 4, signal: new AbortController().signal } as const;
    expect(await keeper.connections.sweep(sweep)).toMatchObject({ claimed: 0 });
    const events = keeper.events.map(({ event }) => event);
    expect(events).toContain("connection.erased");

    const again = await keeper.signIn("acme.shop");
    expect([again.userId === userId, again.connectionId === connectionId]).toEqual([false, false]);
  });

  it("MC-08 is not brought back by a sign-in that had begun before, and may come back by one after it", async () => {
    await using keeper = await openTestKeeper();
    const allowed = await allow(keeper, MAYA);
    await arrive(keeper, allowed); // and now they could choose among their accounts
    keeper.sim.clock.advance({ minutes: 2 });
    const userId = keeper.sim.facebook.get(MAYA).appScopedId;
    await tell(keeper, "data_deletion", { userId, flavour: "facebook" });
    expect(await codeOf(choose(keeper, allowed, [NORTH]))).toBe("token_revoked");
    expect(await keeper.store.pageConnections({ after: null, limit: 9 })).toEqual([]);
    keeper.sim.clock.advance({ minutes: 2 });
    await connectMaya(keeper, [NORTH]);
    expect(await keeper.store.pageConnections({ after: null, limit: 9 })).toHaveLength(1);
  });

  it("OB-03 is written down, with nothing by which anybody could be known", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    const providerUserId = idOf(keeper, "acme.shop");
    const { id } = await tell(keeper, "data_deletion", { userId: providerUserId });
    const audit = (await keeper.store.listAuditEvents(EVERYTHING)).filter(({ actor }) => actor === "meta");
    expect(audit.toReversed()).toMatchObject([
      {
        kind: "callback.accepted",
        actor: "meta",
        subjectId: id,
        requestId: "request-1",
        clientNetwork: "192.0.2.0/24",
        detail: { kind: "data_deletion", flavour: "instagram" },
      },
      {
        kind: "account.erased",
        actor: "meta",
        userId,
        subjectId: connectionId,
        detail: { callback: id, users: 1, connections: 1, identities: 1, webhooks: 0 },
      },
      { kind: "callback.worked", subjectId: id, detail: { outcome: "erased" } },
    ]);
    const { professionalId, username } = keeper.sim.users.get("acme.shop");
    for (const text of [providerUserId, professionalId, username])
      expect(JSON.stringify([audit, keeper.events])).not.toContain(text);
  });

  it("loses one account of several, and keeps the rest", async () => {
    await using keeper = await openTestKeeper();
    const { userId, sessionId } = await keeper.signIn("acme.shop");
    const second = await keeper.signIn("lena.paints", { linkUserId: userId, sessionId });
    await tell(keeper, "data_deletion", { userId: idOf(keeper, "acme.shop") });
    const left = await keeper.connections.list(userId);
    expect(left.map(({ username }) => username)).toEqual(["lena.paints"]);
    expect(await keeper.connections.findSession(second.sessionId)).not.toBeNull();
    expect(await keeper.store.listIdentities(userId)).toHaveLength(1);
  });
});
