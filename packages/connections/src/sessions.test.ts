import { describe, expect, it } from "vitest";

import { ConnectionError } from "./errors.ts";
import { hashSecret } from "./ids.ts";
import { SESSION_IDLE_MS, SESSION_LIFETIME_MS } from "./sessions.ts";
import { openTestKeeper, type TestKeeper } from "./testing/keeper.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** Notes when the store is told that a session was used. */
function countTouches(touched: string[]): Parameters<typeof openTestKeeper>[0] {
  return {
    change: ({ store }) => ({
      store: {
        ...store,
        touchSession: async (idHash, wallNow) => {
          touched.push(idHash);
          await store.touchSession(idHash, wallNow);
        },
      },
    }),
  };
}

/** Waits until the uses that were noted so far are written. */
async function writtenDown({ store }: TestKeeper): Promise<void> {
  await store.checkWritable();
}

describe("a session", () => {
  it("SE-05 is accepted until a second before three days without use, and not from then on", async () => {
    await using keeper = await openTestKeeper();
    const { connections } = keeper;
    const [used, left] = [await keeper.signIn("acme.shop"), await keeper.signIn("acme.shop")];
    keeper.advanceWall(SESSION_IDLE_MS - SECOND_MS);
    expect(await connections.findSession(used.sessionId)).toMatchObject({ userId: used.userId });
    await writtenDown(keeper);
    keeper.advanceWall(SECOND_MS);
    expect(await connections.findSession(used.sessionId)).not.toBeNull();
    expect(await connections.findSession(left.sessionId)).toBeNull();
    const listed = await connections.listSessions({ userId: used.userId, sessionId: used.sessionId });
    expect(listed).toHaveLength(1);
  });

  it("SE-05 ends seven days after the sign-in, to the second, however much it is used", async () => {
    await using keeper = await openTestKeeper();
    const { sessionId } = await keeper.signIn("acme.shop");
    const stepMs = SESSION_LIFETIME_MS / 7;
    for (let day = 1; day < 7; day += 1) {
      keeper.advanceWall(stepMs);
      expect(await keeper.connections.findSession(sessionId)).not.toBeNull();
      await writtenDown(keeper);
    }
    keeper.advanceWall(stepMs - SECOND_MS);
    expect(await keeper.connections.findSession(sessionId)).not.toBeNull();
    keeper.advanceWall(SECOND_MS);
    expect(await keeper.connections.findSession(sessionId)).toBeNull();
  });

  it("is noted as used every five minutes at most, by one of however many requests there are", async () => {
    const touched: string[] = [];
    await using keeper = await openTestKeeper(countTouches(touched));
    const { sessionId, userId } = await keeper.signIn("acme.shop");
    const ask = (times: number) =>
      Promise.all(Array.from({ length: times }, () => keeper.connections.findSession(sessionId)));
    await ask(50);
    keeper.advanceWall(5 * MINUTE_MS - 1);
    await ask(50);
    expect(touched).toEqual([]);
    keeper.advanceWall(1);
    await ask(50);
    expect(touched).toEqual([hashSecret(sessionId)]);
    await writtenDown(keeper);
    const [listed] = await keeper.connections.listSessions({ userId, sessionId });
    expect(listed?.lastUsedAt).toEqual(keeper.deps.wallNow());
    keeper.advanceWall(5 * MINUTE_MS);
    await ask(50);
    expect(touched).toHaveLength(2);
  });

  it("goes on while its use cannot be written down, and the log says so", async () => {
    await using keeper = await openTestKeeper({
      change: ({ store }) => ({
        store: { ...store, touchSession: () => Promise.reject(new Error("The disk is full.")) },
      }),
    });
    const { sessionId } = await keeper.signIn("acme.shop");
    keeper.advanceWall(6 * MINUTE_MS);
    expect(await keeper.connections.findSession(sessionId)).not.toBeNull();
    await writtenDown(keeper);
    expect(keeper.events).toContainEqual(expect.objectContaining({ event: "session.use_not_noted" }));
  });
});

describe("a person's sessions", () => {
  it("SE-08 are listed without anything that opens one, this one first", async () => {
    await using keeper = await openTestKeeper();
    const sessions = [];
    for (let index = 0; index < 3; index += 1) {
      sessions.push(await keeper.signIn("acme.shop"));
      keeper.advanceWall(MINUTE_MS);
    }
    await keeper.signIn("lena.paints");
    const [first] = sessions;
    const { userId = "", sessionId = "" } = first ?? {};
    const listed = await keeper.connections.listSessions({ userId, sessionId });
    expect(listed.map(({ isThisOne }) => isThisOne)).toEqual([true, false, false]);
    expect(listed[0]).toEqual({
      id: expect.stringMatching(/^ses_[\w-]{22}$/),
      createdAt: new Date("2026-06-01T12:00:00Z"),
      lastUsedAt: new Date("2026-06-01T12:00:00Z"),
      expiresAt: new Date("2026-06-08T12:00:00Z"),
      device: "Unknown browser",
      isThisOne: true,
    });
    const told = JSON.stringify(listed);
    for (const { sessionId: secret } of sessions) {
      expect(told).not.toContain(secret);
      expect(told).not.toContain(hashSecret(secret));
    }
    const unnamed = await keeper.connections.listSessions({ userId, sessionId: null });
    expect(unnamed.filter(({ isThisOne }) => isThisOne)).toEqual([]);
  });

  it("SE-08 are ended one by one or all others at once, by their own user only, in every process", async () => {
    await using keeper = await openTestKeeper();
    const { connections } = keeper;
    const elsewhere = (await keeper.another()).connections;
    const sessions = await Promise.all(Array.from({ length: 4 }, () => keeper.signIn("acme.shop")));
    const other = await keeper.signIn("lena.paints");
    const [own] = sessions;
    if (own === undefined) throw new Error("Nobody signed in.");
    const { userId, sessionId } = own;
    const live = async () => {
      const found = await Promise.all(sessions.map(({ sessionId: id }) => elsewhere.findSession(id)));
      return found.filter((session) => session !== null).length;
    };
    const [, second] = await connections.listSessions({ userId, sessionId });
    const refused = [
      connections.revokeSession({ userId: other.userId, id: second?.id ?? "" }),
      connections.revokeSession({ userId, id: "ses_0000000000000000000000" }),
    ];
    for (const call of refused)
      await expect(call).rejects.toMatchObject(new ConnectionError("session_not_found"));
    expect(await live()).toBe(4);
    await connections.revokeSession({ userId, id: second?.id ?? "" });
    expect(await live()).toBe(3);
    expect(await connections.revokeSessions({ userId, sessionId })).toBe(2);
    expect(await live()).toBe(1);
    expect(await elsewhere.findSession(sessionId)).not.toBeNull();
    expect(await connections.revokeSessions({ userId, sessionId: null })).toBe(1);
    expect(await live()).toBe(0);
    expect(await elsewhere.findSession(other.sessionId)).not.toBeNull();
  });
});
