import { describe, expect, it } from "vitest";

import type { AlertMessage, AlertReceipt } from "./deliver-alerts.ts";
import { openTestKeeper, type TestKeeper } from "./testing/keeper.ts";

const HOUR_MS = 3_600_000;
const ACCEPTED: AlertReceipt = { httpStatus: 204, errorCode: null };
const REFUSED: AlertReceipt = { httpStatus: 503, errorCode: "refused" };

const signal = new AbortController().signal;
const sweep = (keeper: TestKeeper) =>
  keeper.connections.sweep({ trigger: "worker", concurrency: 16, signal });

/** A keeper with a receiver that answers as `answer` says. */
async function openWithReceiver(answer: { receipt: AlertReceipt }) {
  const sent: { id: string; message: AlertMessage }[] = [];
  const keeper = await openTestKeeper({
    change: () => ({
      sendAlert: async (id, message) => {
        sent.push({ id, message });
        return answer.receipt;
      },
    }),
  });
  return { keeper, sent };
}

/** Something worth an alert: the person removed the app, and the sweep finds it. */
async function loseOne(keeper: TestKeeper, user = "acme.shop") {
  const signedIn = await keeper.signIn(user);
  keeper.sim.users.removeApp(user);
  keeper.sim.clock.advance({ days: 40 });
  await sweep(keeper);
  return signedIn;
}

describe("delivering alerts", () => {
  it("sends what, why, whom it concerns and the way to reconnect; no token", async () => {
    const { keeper, sent } = await openWithReceiver({ receipt: ACCEPTED });
    await using _ = keeper;
    const { userId, connectionId } = await loseOne(keeper);
    expect(await keeper.connections.deliverAlerts(signal)).toBe(1);
    expect(sent[0]?.message).toMatchObject({
      type: "connection.reconnect_required",
      data: {
        connection: { id: connectionId, userId, username: "acme.shop" },
        problem: { code: "token_revoked", cure: expect.stringMatching(/./) },
        reconnectUrl: expect.stringMatching(/^http:\/\/localhost:5173\/reconnect#[\w-]+\.[\w-]+\.[\w-]+$/),
      },
    });
    expect(JSON.stringify(sent)).not.toContain("SIMTOK_");
    expect(await keeper.connections.alerts({ userId, limit: 5 })).toMatchObject([
      { kind: "connection.reconnect_required", deliveryState: "delivered", deliveryAttempts: 1 },
    ]);
    expect(await keeper.connections.deliverAlerts(signal)).toBe(0);
  });

  it("sends one that was not accepted again, later and later, under the same id, and gives up after three days", async () => {
    const { keeper, sent } = await openWithReceiver({ receipt: REFUSED });
    await using _ = keeper;
    const { userId } = await loseOne(keeper);
    let hours = 0;
    while ((await keeper.connections.alerts({ userId, limit: 1 }))[0]?.deliveryState === "waiting") {
      await keeper.connections.deliverAlerts(signal);
      keeper.advanceWall(HOUR_MS);
      hours += 1;
      if (hours > 24 * 14) throw new Error("It never gives up.");
    }
    expect(hours / 24).toBeGreaterThan(2);
    expect(hours / 24).toBeLessThan(5);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    const [alert] = await keeper.connections.alerts({ userId, limit: 1 });
    expect(alert).toMatchObject({ deliveryState: "given_up", deliveryAttempts: 10 });
    const log = await keeper.store.listAlertDeliveries(alert?.id ?? "");
    expect(log.map(({ httpStatus }) => httpStatus)).toEqual(Array.from({ length: 10 }, () => 503));
  });

  it("gets through to a receiver that comes back", async () => {
    const answer = { receipt: REFUSED };
    const { keeper } = await openWithReceiver(answer);
    await using _ = keeper;
    const { userId } = await loseOne(keeper);
    await keeper.connections.deliverAlerts(signal);
    answer.receipt = ACCEPTED;
    expect(await keeper.connections.deliverAlerts(signal)).toBe(0);
    keeper.advanceWall(10_000);
    expect(await keeper.connections.deliverAlerts(signal)).toBe(1);
    expect(await keeper.connections.alerts({ userId, limit: 1 })).toMatchObject([
      { deliveryState: "delivered" },
    ]);
  });

  it("is sent by one of two processes", async () => {
    const { keeper, sent } = await openWithReceiver({ receipt: ACCEPTED });
    await using _ = keeper;
    const other = await keeper.another();
    await loseOne(keeper);
    await Promise.all([keeper.connections.deliverAlerts(signal), other.connections.deliverAlerts(signal)]);
    expect(sent).toHaveLength(1);
  });

  it("is shown and sent nowhere when there is no receiver", async () => {
    await using keeper = await openTestKeeper();
    const { userId } = await loseOne(keeper);
    expect(await keeper.connections.deliverAlerts(signal)).toBe(0);
    expect(await keeper.connections.alerts({ userId, limit: 1 })).toMatchObject([{ deliveryState: "none" }]);
  });
});

describe("a reconnect link", () => {
  const linkOf = async (keeper: TestKeeper, sent: { message: AlertMessage }[]): Promise<string> => {
    await keeper.connections.deliverAlerts(signal);
    return sent[0]?.message.data.reconnectUrl?.split("#")[1] ?? "";
  };

  const follow = async (keeper: TestKeeper, reconnectLink: string, user: string) => {
    const begun = await keeper.begin({ reconnectLink });
    const address = await keeper.sim.authorize({ authorizationUrl: begun.authorizationUrl, user });
    return await keeper.connections.completeSignIn({
      flavour: "instagram",
      query: new URL(address).search,
      browserSecretOf: begun.browserSecretOf,
      sessionId: null,
      userAgent: null,
    });
  };

  it("reconnects its account, from a browser that nobody is signed in with, and tells that it is well again", async () => {
    const { keeper, sent } = await openWithReceiver({ receipt: ACCEPTED });
    await using _ = keeper;
    const { userId, connectionId } = await loseOne(keeper);
    const link = await linkOf(keeper, sent);
    expect(await follow(keeper, link, "acme.shop")).toMatchObject({ userId, connectionId });
    expect(await keeper.connections.get(userId, connectionId)).toMatchObject({ state: "healthy" });
    await keeper.connections.deliverAlerts(signal);
    expect(sent.map(({ message }) => message.type)).toEqual([
      "connection.reconnect_required",
      "connection.recovered",
    ]);
  });

  it("refuses any other account, and changes nothing", async () => {
    const { keeper, sent } = await openWithReceiver({ receipt: ACCEPTED });
    await using _ = keeper;
    const { userId, connectionId } = await loseOne(keeper);
    const link = await linkOf(keeper, sent);
    await expect(follow(keeper, link, "lena.paints")).rejects.toMatchObject({ code: "wrong_account" });
    expect(await keeper.connections.list(userId)).toHaveLength(1);
    expect(await keeper.connections.get(userId, connectionId)).toMatchObject({ state: "reconnect_required" });
  });

  it("is refused when it is damaged, forged, two weeks old, or for a connection that is gone", async () => {
    const { keeper, sent } = await openWithReceiver({ receipt: ACCEPTED });
    await using _ = keeper;
    const { userId, connectionId } = await loseOne(keeper);
    const link = await linkOf(keeper, sent);
    const refused = { code: "reconnect_link_invalid" };
    const [header = "", payload = "", signature = ""] = link.split(".");
    const unsigned = Buffer.from(JSON.stringify({ alg: "none", typ: "reconnect+jwt" })).toString("base64url");
    for (const damaged of [
      "",
      "x",
      link.slice(0, -2),
      `${header}.${payload}.`,
      `${unsigned}.${payload}.`,
      `${header}.${payload}x.${signature}`,
    ]) {
      await expect(keeper.begin({ reconnectLink: damaged })).rejects.toMatchObject(refused);
    }
    await keeper.connections.disconnect({ userId, connectionId });
    await expect(keeper.begin({ reconnectLink: link })).rejects.toMatchObject(refused);
    keeper.advanceWall(14 * 24 * HOUR_MS + 1_000);
    await expect(keeper.begin({ reconnectLink: link })).rejects.toMatchObject(refused);
  });
});
