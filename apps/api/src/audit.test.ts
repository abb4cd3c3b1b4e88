import type { AuditEvent } from "@perennial/db";
import { createTestDatabase } from "@perennial/db/testing/vitest";
import { describe, expect, it } from "vitest";

import { startServer } from "./server.ts";
import { openTestApp, type TestApp } from "./testing/open-app.ts";
import { TestBrowser, overNetwork, resultOf } from "./testing/test-browser.ts";

const CRON_SECRET = "the-secret-of-the-scheduler-0123456789abcdef";
/** Where everybody comes from, as a proxy says that is trusted. */
const CLIENT = { "x-forwarded-for": "203.0.113.77" };

/** A house on the network, and what those who come to it must not find written down. */
type House = AsyncDisposable & {
  app: TestApp;
  browser(): TestBrowser;
  /** A request of other code, or of a scheduler; gives the status. */
  ask(path: string, secret: string, method?: string): Promise<number>;
  secrets: string[];
};

async function openHouse(databaseUrl: string | null): Promise<House> {
  const ofEngine = databaseUrl === null ? {} : { DATABASE_URL: databaseUrl };
  const app = await openTestApp({
    environment: { CRON_SECRET, TRUSTED_PROXIES: "127.0.0.1", ...ofEngine },
  });
  const server = await startServer(app.runtime, { webRoot: null, port: 0 });
  const answer = overNetwork(() => server.port, CLIENT);
  return {
    app,
    secrets: [CRON_SECRET],
    browser: () => new TestBrowser(answer, app.config.appUrl),
    ask: async (path, secret, method = "GET") => {
      const headers = { authorization: `Bearer ${secret}`, "x-request-id": "asked-by-code", ...CLIENT };
      const answered = await fetch(`http://127.0.0.1:${server.port}${path}`, { method, headers });
      await answered.arrayBuffer();
      return answered.status;
    },
    [Symbol.asyncDispose]: async () => {
      await server.stop();
      await app[Symbol.asyncDispose]();
    },
  };
}

async function call<T>(browser: TestBrowser, procedure: string, input: unknown = {}): Promise<T> {
  return await resultOf<T>(await browser.mutate(procedure, input));
}

type Key = { key: { id: string }; secret: string };

/** Makes a key, uses it four times, and revokes it. */
async function driveKey(house: House, browser: TestBrowser, connectionId: string): Promise<string> {
  const settings = { name: "Uploader", actions: ["read", "token"] };
  const { key, secret } = await call<Key>(browser, "keys.create", settings);
  for (let use = 0; use < 3; use += 1) expect(await house.ask("/v1/connections", secret)).toBe(200);
  expect(await house.ask(`/v1/connections/${connectionId}/token`, secret)).toBe(200);
  await call(browser, "keys.revoke", { id: key.id });
  house.secrets.push(secret);
  return key.id;
}

/** Brings a token, and says where another is read, then something else there, then nothing. */
async function driveTokens(house: House, browser: TestBrowser, connectionId: string): Promise<void> {
  const token = house.app.sim.issueLongLivedToken("north.roasters").value;
  await call(browser, "connections.importToken", { text: token });
  const settings = { kind: "webhook", url: "http://127.0.0.1:9/nobody" };
  const at = { connectionId, name: "Hook" };
  const made = { ...at, settings };
  const { sink, webhookSecret } = await call<{ sink: { id: string }; webhookSecret: string }>(
    browser,
    "sinks.save",
    made,
  );
  await call(browser, "sinks.save", { ...at, id: sink.id, name: "Hook again", settings: null });
  await call(browser, "sinks.remove", { id: sink.id });
  house.secrets.push(token, webhookSecret);
}

/** Follows the link that other code was given for a person. */
async function driveLink(house: House, userId: string, connectionId: string): Promise<void> {
  const { connections } = house.app.runtime;
  const settings = { name: "Linker", connectionIds: null, expiresAt: null, allowedAddresses: null };
  const { secret } = await connections.createApiKey({ userId, actions: ["refresh"], ...settings });
  const by = { secret, address: null, action: "refresh", requestId: null } as const;
  const visit = await connections.visits.toConnection({ ...by, connectionId });
  if (visit.kind !== "admitted") throw new Error("The key was refused.");
  const reconnectLink = new URL(await visit.reconnectUrl()).hash.slice(1);
  await call(house.browser(), "auth.begin", { reconnectLink });
  house.secrets.push(reconnectLink, secret);
}

/** Ends one session from a list, then all others, then this one. */
async function driveSessions(house: House, browser: TestBrowser, elsewhere: TestBrowser): Promise<void> {
  const sessions = await resultOf<{ id: string; isThisOne: boolean }[]>(await browser.query("auth.sessions"));
  await call(browser, "auth.revokeSession", { id: sessions.find(({ isThisOne }) => !isThisOne)?.id });
  await elsewhere.signIn(house.app, "acme.shop");
  await call(browser, "auth.revokeSession", { id: "others" });
  await call(browser, "auth.signOut");
  for (const cookie of [...browser.setCookies, ...elsewhere.setCookies])
    house.secrets.push(...(/=([^;]{20,})/.exec(cookie)?.slice(1) ?? []));
}

/** How often each kind is to be there, and who does it; the person, where nobody is named. */
const EXPECTED: Readonly<Record<string, { times: number; by?: string }>> = {
  "session.opened": { times: 4 },
  "connection.created": { times: 3 },
  "key.created": { times: 2 },
  "key.used": { times: 2, by: "key" },
  "key.revoked": { times: 1 },
  "token.imported": { times: 1 },
  "sink.saved": { times: 2 },
  "sink.removed": { times: 1 },
  "reconnect_link.used": { times: 1, by: "visitor" },
  "connection.disconnected": { times: 1 },
  "session.ended": { times: 2 },
  "session.all_ended": { times: 1 },
  "operator.refused": { times: 1, by: "visitor" },
  "sweep.requested": { times: 1, by: "operator" },
};

function countKinds(events: readonly AuditEvent[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of events) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

describe.each(["SQLite", "Postgres"])("the audit on %s", (engine) => {
  it("OB-03 misses nothing that a person, their code or an operator does over HTTP, and holds no secret", async () => {
    await using database = await createTestDatabase();
    await using house = await openHouse(engine === "SQLite" ? null : database.url);
    const { app, secrets } = house;
    const [browser, elsewhere] = [house.browser(), house.browser()];
    const { connectionId } = await browser.signIn(app, "acme.shop");
    await elsewhere.signIn(app, "acme.shop");
    const { user } = await resultOf<{ user: { id: string } }>(await browser.query("auth.session"));
    const linked = await browser.signIn(app, "lena.paints");
    const keyId = await driveKey(house, browser, connectionId);
    await driveTokens(house, browser, connectionId);
    await driveLink(house, user.id, connectionId);
    await call(browser, "connections.disconnect", { id: linked.connectionId });
    await driveSessions(house, browser, elsewhere);
    for (const wrong of [`${CRON_SECRET}x`, "guess"])
      expect(await house.ask("/cron/refresh", wrong, "POST")).toBe(401);
    for (let run = 0; run < 2; run += 1)
      expect(await house.ask("/cron/refresh", CRON_SECRET, "POST")).toBe(202);

    const { audit } = app.runtime.connections;
    const list = async () => await audit.list({ userId: null, before: null, limit: 99 });
    const times = Object.entries(EXPECTED).map(([kind, expected]) => [kind, expected.times]);
    // Some are written behind the answer.
    await expect.poll(async () => countKinds(await list())).toEqual(Object.fromEntries(times));

    const events = await list();
    const [byHttp, byTest] = [
      events.filter(({ requestId }) => requestId !== null),
      events.filter(({ requestId }) => requestId === null),
    ];
    expect(byTest.map(({ kind }) => kind).toSorted()).toEqual(["key.created", "key.used"]);
    expect(new Set(byHttp.map(({ clientNetwork }) => clientNetwork))).toEqual(new Set(["203.0.113.0/24"]));
    for (const { kind, actor } of byHttp) {
      const by = EXPECTED[kind]?.by ?? user.id;
      expect([kind, actor]).toEqual([kind, by === "key" ? keyId : by]);
    }
    expect(byHttp.find(({ kind }) => kind === "key.used")?.requestId).toBe("asked-by-code");
    const ended = events.find(({ kind }) => kind === "session.all_ended");
    expect(ended?.detail).toEqual({ isOneKept: true, sessions: 1 });

    const written = JSON.stringify(events);
    expect(secrets.length).toBeGreaterThan(8);
    expect(secrets.filter((text) => written.includes(text.slice(0, 40)))).toEqual([]);
    expect(written).not.toMatch(/203\.0\.113\.77|SIMTOK_|pnl_|whsec_|acme\.shop|lena\.paints/);
    const mine = await audit.activity({ userId: user.id, limit: 99 });
    expect(mine).toHaveLength(events.length - 2); // but for what is nobody's: the scheduler's
  });
});
