import { createTestDatabase } from "@perennial/db/testing/vitest";
import { freePort, startAppProcess } from "@perennial/runtime/testing";
import { describe, expect, it } from "vitest";

import { openV1 } from "./testing/open-v1.ts";
import { TestBrowser, overNetwork, resultOf } from "./testing/test-browser.ts";

/** How long every process goes on being asked after somebody was shut out. */
const WATCHED_MS = 250;
/** Between two questions to a process: four of them are asked 400 times in a second. */
const PAUSE_MS = 10;

/**
 * Asks every process again and again while somebody is shut out by one of them, and for a while after it has answered.
 * Counts who was let in although they asked after that answer.
 */
async function letInAfter(
  shutOut: () => Promise<unknown>,
  ports: readonly number[],
  ask: (port: number) => Promise<number>,
): Promise<{ letIn: number; refused: number }> {
  let answeredAt = Number.POSITIVE_INFINITY;
  const counts = { letIn: 0, refused: 0 };
  const askOn = async (port: number): Promise<void> => {
    while (performance.now() < answeredAt + WATCHED_MS) {
      const isAfter = performance.now() > answeredAt;
      const status = await ask(port);
      if (status === 401) counts.refused += 1;
      else if (isAfter) counts.letIn += 1;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  expect(await Promise.all(ports.map(ask))).toEqual(ports.map(() => 200));
  const asking = ports.map(askOn);
  await shutOut();
  answeredAt = performance.now();
  await Promise.all(asking);
  return counts;
}

describe.each([
  { count: 2, engine: "SQLite" },
  { count: 4, engine: "Postgres" },
])("$count api processes on $engine", ({ count, engine }) => {
  it("RL-01 AK-03 SE-04 SE-06 give out exactly the limit together, and let nobody in after a revocation, a sign-out or an erasure", async () => {
    await using database = await createTestDatabase();
    const ofEngine = engine === "SQLite" ? {} : { DATABASE_URL: database.url };
    const limit = 60;
    await using v1 = await openV1({ environment: { ...ofEngine, API_REQUESTS_PER_MINUTE: String(limit) } });
    const ports = await Promise.all(Array.from({ length: count }, () => freePort()));
    await using stack = new AsyncDisposableStack();
    const processes = ports.map((port) =>
      stack.use(startAppProcess("api", { ...v1.environment, API_PORT: String(port), LOG_LEVEL: "info" })),
    );
    await Promise.all(processes.map((api) => api.lineWith("api.listening")));
    const askWithKey = async (port: number, secret: string): Promise<number> => {
      const answer = await fetch(`http://127.0.0.1:${port}/v1/connections/${v1.connectionId}/token`, {
        headers: { authorization: `Bearer ${secret}` },
      });
      await answer.arrayBuffer();
      return answer.status;
    };
    /** The same browser, whichever process it is led to. */
    let browserPort = ports[0] ?? 0;
    const browser = new TestBrowser(
      overNetwork(() => browserPort),
      v1.config.appUrl,
    );
    const askWithSession = async (port: number, cookie: string): Promise<number> => {
      const answer = await fetch(`http://127.0.0.1:${port}/trpc/connections.list`, { headers: { cookie } });
      await answer.arrayBuffer();
      return answer.status;
    };

    const counted = await v1.createKey();
    const statuses: number[] = [];
    for (let index = 0; index < limit + 1; index += 1)
      statuses.push(await askWithKey(ports[index % count] ?? 0, counted.secret));
    expect(statuses.filter((status) => status === 200)).toHaveLength(limit);
    expect(statuses.at(-1)).toBe(429);

    const { key, secret } = await v1.createKey();
    const revoked = await letInAfter(
      () => v1.runtime.connections.revokeApiKey({ userId: v1.userId, id: key.id }),
      ports,
      (port) => askWithKey(port, secret),
    );
    expect(revoked).toEqual({ letIn: 0, refused: expect.any(Number) });
    expect(revoked.refused).toBeGreaterThanOrEqual(ports.length);

    await browser.signIn(v1, "acme.shop");
    const cookie = `perennial_session=${browser.cookies.get("perennial_session") ?? ""}`;
    browserPort = ports[1] ?? 0;
    const signedOut = await letInAfter(
      () => browser.mutate("auth.signOut"),
      ports,
      (port) => askWithSession(port, cookie),
    );
    expect(signedOut).toEqual({ letIn: 0, refused: expect.any(Number) });
    expect(signedOut.refused).toBeGreaterThanOrEqual(ports.length);

    const ways: ((port: number) => Promise<number>)[] = [];
    for (let session = 0; session < 5; session += 1) {
      browser.cookies.clear();
      await browser.signIn(v1, "acme.shop");
      const own = `perennial_session=${browser.cookies.get("perennial_session") ?? ""}`;
      ways.push((port) => askWithSession(port, own));
    }
    for (let index = 0; index < 3; index += 1) {
      const { secret: own } = await v1.createKey();
      ways.push((port) => askWithKey(port, own));
    }
    let asked = 0;
    const erased = await letInAfter(
      async () => await resultOf(await browser.mutate("account.erase", { typed: "acme.shop" })),
      ports,
      async (port) => (await ways[(asked += 1) % ways.length]?.(port)) ?? 0,
    );
    expect(erased).toEqual({ letIn: 0, refused: expect.any(Number) });
    const after = await Promise.all(ports.flatMap((port) => ways.map(async (way) => await way(port))));
    expect(new Set(after)).toEqual(new Set([401]));
  }, 60_000);
});
