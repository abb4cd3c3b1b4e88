import { StoreError } from "@perennial/db";
import { runOn, startPostgresServer } from "@perennial/db/testing";
import { createTestDatabase } from "@perennial/db/testing/vitest";
import Database from "better-sqlite3";
import path from "node:path";
import { describe, expect, it } from "vitest";

import { MUTATIONS } from "./testing/procedures.ts";
import { openTestApp, type TestApp } from "./testing/open-app.ts";
import { errorOf, type TestBrowser } from "./testing/test-browser.ts";

const LIMIT_MS = 60_000;
const CONNECTION = "con_0000000000000000000000";
const INPUTS: Record<string, unknown> = {
  "account.erase": { typed: "acme.shop" },
  "auth.complete": { flavour: "instagram", query: "" },
  "auth.resume": { attemptId: "0000000000000000" },
  "connections.refresh": { id: CONNECTION },
  "connections.disconnect": { id: CONNECTION },
  "keys.create": { name: "Key", actions: ["token"] },
  "keys.revoke": { id: "key_0000000000000000000000" },
  "simulator.advance": { hours: 1 },
};
const QUERIES: [string, unknown?][] = [
  ["auth.session"],
  ["connections.list"],
  ["connections.get", { id: CONNECTION }],
  ["connections.history", { id: CONNECTION }],
];

/** A signed-in browser asks for everything at once; who waits for the database waits together. */
async function askEverything(browser: TestBrowser, search: string): Promise<[string, Response][]> {
  const inputs: Record<string, unknown> = {
    ...INPUTS,
    "auth.complete": { flavour: "instagram", query: search },
  };
  const batch = QUERIES.slice(0, 2).map(([name]) => name);
  const asked: [string, Promise<Response>][] = [
    ...MUTATIONS.map((name): [string, Promise<Response>] => [name, browser.mutate(name, inputs[name] ?? {})]),
    ...QUERIES.map(([name, input]): [string, Promise<Response>] => [name, browser.query(name, input)]),
    ["a batch", browser.request(`/trpc/${batch.join(",")}?batch=1&input=%7B%7D`)],
  ];
  return Promise.all(asked.map(async ([name, answer]): Promise<[string, Response]> => [name, await answer]));
}

async function expectUnavailable(answers: readonly [string, Response][]): Promise<void> {
  for (const [name, answer] of answers) {
    const told = [name, answer.status, Number(answer.headers.get("retry-after")) > 0];
    expect(told).toEqual([name, 503, true]);
    const body: unknown = await answer.json();
    for (const one of Array.isArray(body) ? (body as unknown[]) : [body]) {
      const data = { reason: "unavailable", retryable: true, httpStatus: 503 };
      expect(one).toMatchObject({ error: { data, message: expect.stringMatching(/^Perennial cannot/) } });
    }
    expect(answer.headers.getSetCookie()).toEqual([]);
  }
}

async function readiness(
  browser: TestBrowser,
): Promise<[status: number, retryAfter: string | null, code: string]> {
  const answer = await browser.request("/readyz");
  const { error } = (await answer.json()) as { error?: { code: string } };
  return [answer.status, answer.headers.get("retry-after"), error?.code ?? "ready"];
}

async function isAlive(browser: TestBrowser): Promise<boolean> {
  return (await browser.request("/healthz")).status === 200;
}

/** Signs in and begins another sign-in, so that each call gets as far as it can. */
async function signedIn(app: TestApp): Promise<{ browser: TestBrowser; search: string }> {
  const browser = app.newBrowser();
  await browser.signIn(app, "acme.shop");
  return { browser, search: (await browser.authorize(app, "acme.shop")).search };
}

// Side by side, as most of the time passes in waiting for a database that is not there.
describe.concurrent("while the database is away or busy", { timeout: LIMIT_MS }, () => {
  it("DB-08 every call is a 503 with Retry-After, and so is readiness, while Postgres is stopped", async () => {
    await using server = await startPostgresServer();
    await using app = await openTestApp({ environment: { DATABASE_URL: await server.createDatabase() } });
    const { browser, search } = await signedIn(app);
    await server.stop();
    const [answers, ready] = await Promise.all([askEverything(browser, search), readiness(browser)]);
    await expectUnavailable(answers);
    expect(ready).toEqual([503, "2", "database_unavailable"]);
    expect(await isAlive(browser)).toBe(true);
    expect(app.logLines.filter((line) => line.includes('"api.failed"'))).toEqual([]);
  });

  it("DB-08 every call that writes is a 503 with Retry-After while somebody keeps SQLite's lock", async () => {
    await using app = await openTestApp();
    const { browser, search } = await signedIn(app);
    const other = new Database(path.join(app.folder, "perennial.db"));
    other.exec("BEGIN EXCLUSIVE");
    const writes = ["auth.begin", "auth.signOut", "auth.complete"].map(
      async (name): Promise<[string, Response]> => [
        name,
        await browser.mutate(name, name === "auth.complete" ? { flavour: "instagram", query: search } : {}),
      ],
    );
    const [answers, ready] = await Promise.all([Promise.all(writes), readiness(browser)]);
    await expectUnavailable(answers);
    expect(ready).toEqual([503, "2", "database_unavailable"]);
    expect((await browser.query("connections.list")).status).toBe(200); // who only reads is not held up
    expect(await isAlive(browser)).toBe(true);
    other.close();
    expect(await readiness(browser)).toEqual([200, null, "ready"]);
  });

  it("a stream tells it as a fault that passes, so that the page comes again", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    await browser.signIn(app, "acme.shop");
    const fail = { next: () => Promise.reject(new StoreError("unavailable", "The database is gone.")) };
    const watch = { value: () => ({ [Symbol.asyncIterator]: () => fail }) };
    Object.defineProperty(app.runtime.connections, "watch", watch);
    const stream = await browser.request("/trpc/connections.watch", {
      headers: { accept: "text/event-stream" },
    });
    expect(await stream.text()).toContain('"httpStatus":503');
  });

  it("what is no fault of the database's stays a 500", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    Object.defineProperty(app.runtime.connections, "beginSignIn", {
      value: () => Promise.reject(new TypeError("a fault of ours")),
    });
    const answer = await browser.mutate("auth.begin");
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([500, null]);
    expect((await errorOf(answer)).data.reason).toBe("internal");
  });
});

describe("OB-05 readiness", () => {
  const JOURNALS = { sqlite: "__drizzle_migrations", postgres: "public.__drizzle_migrations" } as const;

  async function openOn(engine: keyof typeof JOURNALS, stack: AsyncDisposableStack) {
    const database = engine === "postgres" ? stack.use(await createTestDatabase()) : null;
    const environment = database === null ? {} : { DATABASE_URL: database.url };
    const app = stack.use(await openTestApp({ environment }));
    const change = async (statement: string): Promise<void> => {
      if (database !== null) await runOn(database.url, statement);
      else {
        const other = new Database(path.join(app.folder, "perennial.db"));
        other.exec(statement);
        other.close();
      }
    };
    return { app, browser: app.newBrowser(), change };
  }

  it.each(["sqlite", "postgres"] as const)(
    "is lost without a migration of this version, or with other keys, and not by what a newer version adds: %s",
    async (engine) => {
      await using stack = new AsyncDisposableStack();
      const { browser, change } = await openOn(engine, stack);
      const journal = JOURNALS[engine];
      expect(await readiness(browser)).toEqual([200, null, "ready"]);

      await change(`INSERT INTO ${journal} (hash, created_at) VALUES ('later', 4102444800000)`);
      await change("INSERT INTO key_checks (key_id, sealed) VALUES ('later', 'sealed')");
      expect(await readiness(browser)).toEqual([200, null, "ready"]);

      await change(`UPDATE ${journal} SET created_at = created_at - 1 WHERE hash <> 'later'`);
      expect(await readiness(browser)).toEqual([503, "2", "database_unavailable"]);
      await change(`UPDATE ${journal} SET created_at = created_at + 1 WHERE hash <> 'later'`);
      expect(await readiness(browser)).toEqual([200, null, "ready"]);

      await change("UPDATE key_checks SET sealed = 'of another key' WHERE key_id = 'dev'");
      expect(await readiness(browser)).toEqual([503, "2", "not_ready"]);
      await change("DELETE FROM key_checks");
      expect(await readiness(browser)).toEqual([503, "2", "not_ready"]);
      expect(await isAlive(browser)).toBe(true);
    },
  );

  it("is lost where Postgres takes no writes", async () => {
    await using stack = new AsyncDisposableStack();
    const { app, browser, change } = await openOn("postgres", stack);
    const name = new URL(app.config.databaseUrl).pathname.slice(1);
    await change(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await change(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    expect(await readiness(browser)).toEqual([503, "2", "database_unavailable"]);
    expect((await browser.mutate("auth.begin")).status).toBe(503);
    expect((await browser.query("auth.session")).status).toBe(200);
  });

  it("has nothing to do with Instagram", async () => {
    await using app = await openTestApp();
    await app.sim.close();
    expect(await readiness(app.newBrowser())).toEqual([200, null, "ready"]);
  });
});
