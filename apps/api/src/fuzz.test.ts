import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { describe, expect, it } from "vitest";

import { startServer } from "./server.ts";
import { openTestApp } from "./testing/open-app.ts";
import { createRandomRequests, type RandomRequest } from "./testing/random-requests.ts";
import { seededRandom } from "./testing/random.ts";

const REQUESTS = Number(process.env["FUZZ_REQUESTS"] ?? 5_000);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_122);
/** The memory is settled by then: caches are full, and code is compiled. */
const SETTLED_AFTER = 0.4;
const IN_PARALLEL = 8;
const HOUR_MS = 3_600_000;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapMiB(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

describe("any request whatever, to every route", () => {
  it(
    `IN-01 is answered without a failure 500 in ${REQUESTS} seeded requests, and nothing of it is kept (seed ${SEED})`,
    async () => {
      await using app = await openTestApp({
        // The doors stay open: what is turned away there tests nothing behind it.
        decorateStore: (store) => ({
          ...store,
          takePermits: async ({ wanted }) =>
            await Promise.resolve({
              granted: wanted,
              left: 1e9,
              windowEndsAt: new Date(Date.now() + HOUR_MS),
              endsInMs: HOUR_MS,
            }),
        }),
      });
      const server = await startServer(app.runtime, { webRoot: null, port: 0 });
      const browser = app.newBrowser();
      const { connectionId } = await browser.signIn(app, "acme.shop");
      const cookie = (): string => `perennial_session=${browser.cookies.get("perennial_session") ?? ""}`;
      const { user } = (
        (await (await browser.query("auth.session")).json()) as { result: { data: { user: { id: string } } } }
      ).result.data;
      const { secret: keySecret } = await app.runtime.connections.createApiKey({
        userId: user.id,
        name: "Fuzz",
        actions: ["read", "token", "refresh"],
        connectionIds: null,
        expiresAt: null,
        allowedAddresses: null,
      });
      const cronSecret = app.config.cronSecrets[0] ?? "";
      const next = createRandomRequests(seededRandom(SEED), { connectionId, keySecret, cronSecret });
      const statuses = new Map<number, number>();
      const failures: string[] = [];

      const send = async ({ path, method, headers, body, credentials }: RandomRequest): Promise<void> => {
        const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
          method,
          headers: {
            "sec-fetch-site": "same-origin",
            "x-perennial-client": "web",
            ...headers,
            ...(credentials.session ? { cookie: cookie() } : {}),
            ...(credentials.key ? { authorization: `Bearer ${keySecret}` } : {}),
            ...(credentials.cron ? { authorization: `Bearer ${cronSecret}` } : {}),
          },
          ...(method === "GET" || method === "HEAD" ? {} : { body }),
          redirect: "manual",
          signal: AbortSignal.timeout(10_000),
        });
        const isStream = answer.headers.get("content-type")?.includes("event-stream") === true;
        const text = isStream ? await firstOf(answer) : await answer.text();
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        if (answer.status >= 500 || /"httpStatus":500|node:internal|\.ts:\d/.test(text))
          failures.push(
            `${answer.status} ${method} ${path.slice(0, 80)} ${body?.slice(0, 120)} ${text.slice(0, 120)}`,
          );
      };

      /** Some requests do what they say: without a session or a connection the rest would be turned away. */
      const recover = async (): Promise<void> => {
        const answer = await browser.query("connections.list");
        const { result } = (await answer.json()) as {
          result?: { data: { connections: { state: string }[] } };
        };
        if (result?.data.connections[0]?.state !== "healthy") await browser.signIn(app, "acme.shop");
        app.logLines.length = 0; // the test's own memory is no part of this
      };

      let settledMiB = 0;
      for (let sent = 0; sent < REQUESTS; sent += IN_PARALLEL) {
        if (settledMiB === 0 && sent >= REQUESTS * SETTLED_AFTER) settledMiB = heapMiB();
        if (sent % (10 * IN_PARALLEL) === 0) await recover();
        await Promise.all(Array.from({ length: IN_PARALLEL }, async () => await send(next())));
      }
      const growth = heapMiB() / settledMiB;
      process.stdout.write(
        `${REQUESTS} requests, seed ${SEED}: ${[...statuses].map(([status, count]) => `${status} × ${count}`).join(", ")}; heap ${settledMiB.toFixed(1)} MiB, × ${growth.toFixed(3)}\n`,
      );
      expect(failures).toEqual([]);
      expect(statuses.size).toBeGreaterThan(6); // they were not all refused at one door
      expect(growth).toBeLessThan(1.1);
      expect((await fetch(`http://127.0.0.1:${server.port}/readyz`)).status).toBe(200);
      await server.stop();
    },
    60_000 + REQUESTS * 20,
  );
});

/** The first of what a stream says; the rest would never end. */
async function firstOf(answer: Response): Promise<string> {
  const reader = answer.body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  await reader?.cancel();
  return value === undefined ? "" : new TextDecoder().decode(value);
}
