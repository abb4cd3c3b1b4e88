import { openStore } from "@perennial/db";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";

import { openV1, type TestV1 } from "./testing/open-v1.ts";
import { problemBody, tokenBody } from "./v1/schemas.ts";

const DAY_MS = 86_400_000;
const MANY = { API_REQUESTS_PER_MINUTE: "100000" };

/** Counts how often the database was read for a caller: a hand-out that is ready needs no look. */
async function openCounting() {
  let looks = 0;
  const v1 = await openV1({
    environment: MANY,
    decorateStore: (store) => ({
      ...store,
      findApiKeyWithConnection: (input) => {
        looks += 1;
        return store.findApiKeyWithConnection(input);
      },
    }),
  });
  return { v1, looks: () => looks };
}

const tokenPath = (v1: TestV1): string => `/v1/connections/${v1.connectionId}/token`;

/** Asks until permits are at hand in numbers, so that what follows commits nothing for a while. */
async function askOften(v1: TestV1, secret: string, path = tokenPath(v1)): Promise<void> {
  for (let batch = 0; batch < 12; batch += 1) {
    const answers = await Promise.all(Array.from({ length: 40 }, () => v1.get(path, secret)));
    for (const answer of answers) expect(answer.status).toBe(200);
  }
}

describe("a hand-out that is asked for again and again", () => {
  it("is looked up once in a while, and answers the same by both ways in", async () => {
    const { v1, looks } = await openCounting();
    await using _ = v1;
    const { secret } = await v1.createKey();
    const first = tokenBody.parse(await (await v1.get(tokenPath(v1), secret)).json());
    await askOften(v1, secret);
    const before = looks();
    for (const ask of [v1.get, v1.overNetwork]) {
      for (let batch = 0; batch < 10; batch += 1) {
        const answers = await Promise.all(Array.from({ length: 10 }, () => ask(tokenPath(v1), secret)));
        for (const answer of answers) {
          const { fetched_at: fetchedAt, ...body } = tokenBody.parse(await answer.json());
          expect({ ...body, fetched_at: first.fetched_at }).toEqual(first);
          expect(Date.parse(fetchedAt)).toBeGreaterThanOrEqual(Date.parse(first.fetched_at));
          expect(answer.headers.get("etag")).toMatch(/^W\/"\d+"$/);
          expect(answer.headers.get("cache-control")).toBe("no-store");
        }
      }
    }
    expect(looks() - before).toBeLessThan(150); // of 200: now and then permits are fetched, which is a commit
    const handedOut = v1.logLines.filter((line) => line.includes("token.handed_out"));
    expect(handedOut).toHaveLength(1 + 12 * 40 + 200);
    const unchanged = await v1.get(tokenPath(v1), secret, { headers: { "if-none-match": "*" } });
    expect(unchanged.status).toBe(304);
  });

  it("AK-03 ends with the key, with the connection and with the token, whoever in whatever process ends them", async () => {
    const { v1 } = await openCounting();
    await using _ = v1;
    await using other = await openStore(v1.config.databaseUrl);
    const ask = async (secret: string) => {
      const answer = await v1.get(tokenPath(v1), secret);
      return answer.ok ? answer.status : problemBody.parse(await answer.json()).error.code;
    };

    const first = await v1.createKey();
    await askOften(v1, first.secret);
    await other.revokeApiKey({ id: first.key.id, userId: v1.userId, wallNow: new Date() });
    await turn();
    expect(await ask(first.secret)).toBe("key_revoked");

    const second = await v1.createKey();
    await askOften(v1, second.secret);
    await v1.runtime.connections.revokeApiKey({ userId: v1.userId, id: second.key.id });
    expect(await ask(second.secret)).toBe("key_revoked");

    const third = await v1.createKey();
    await askOften(v1, third.secret);
    const token = async () =>
      tokenBody.parse(await (await v1.get(tokenPath(v1), third.secret)).json()).access_token;
    const before = await token();
    await v1.advance(2 * DAY_MS);
    const { connectionId, userId } = v1;
    await v1.runtime.connections.refresh({ connectionId, userId: null, trigger: "worker", force: true });
    expect(await token()).not.toBe(before);

    await askOften(v1, third.secret);
    await other.disconnect({ userId, connectionId, now: new Date() });
    await turn();
    expect(await ask(third.secret)).toBe("connection_not_found");
  });

  it("is looked up each time while the token is urgent, or was not proved since it came from a backup", async () => {
    const { v1, looks } = await openCounting();
    await using _ = v1;
    const { secret } = await v1.createKey();
    v1.sim.faults.add({ at: "refresh", do: "status", with: { status: 503 } });
    const asked = async () => {
      const before = looks();
      await askOften(v1, secret);
      return looks() - before;
    };
    const sqlite = new Database(v1.config.databaseUrl.replace(/^file:/, ""));
    sqlite.prepare("UPDATE connections SET attempt_sent_at = ?, proved_at = NULL").run(Date.now());
    expect(await asked()).toBe(12 * 40);
    sqlite.prepare("UPDATE connections SET attempt_sent_at = NULL").run();
    sqlite.close();
    expect(await asked()).toBeLessThan(12 * 40);
    await v1.advance(55 * DAY_MS);
    expect(await asked()).toBe(12 * 40);
  });

  it("AK-05 AK-07 opens for nobody else, for nothing else, and not past its time", async () => {
    const { v1 } = await openCounting();
    await using _ = v1;
    const { secret } = await v1.createKey();
    const elsewhere = await v1.createKey({ allowedAddresses: ["192.0.2.0/24"] });
    const another = await v1.connectAnother("lena.paints");
    const onlyAnother = await v1.createKey({ connectionIds: [another] });
    await askOften(v1, secret);
    const codeOf = async (path: string, key: string | null) => {
      const answer = await v1.get(path, key);
      return [answer.status, problemBody.parse(await answer.json()).error.code];
    };
    expect(await codeOf(tokenPath(v1), elsewhere.secret)).toEqual([403, "key_address_refused"]);
    expect(await codeOf(tokenPath(v1), onlyAnother.secret)).toEqual([403, "key_connection_refused"]);
    expect(await codeOf(tokenPath(v1), null)).toEqual([401, "key_missing"]);
    expect(await codeOf(tokenPath(v1), `${secret}x`)).toEqual([401, "key_invalid"]);
    expect(await codeOf(`${tokenPath(v1)}?scopes=ads_management`, secret)).toEqual([
      403,
      "permission_missing",
    ]);
    expect(await codeOf(`${tokenPath(v1)}?scopes=`, secret)).toEqual([400, "bad_request"]);
    const { access_token: ofAnother } = tokenBody.parse(
      await (await v1.get(`/v1/connections/${another}/token`, secret)).json(),
    );
    const { access_token: ofFirst, expires_at: expiresAt } = tokenBody.parse(
      await (await v1.get(tokenPath(v1), secret)).json(),
    );
    expect(ofAnother).not.toBe(ofFirst);

    v1.sim.faults.add({ at: "refresh", do: "status", with: { status: 503 } });
    await v1.advance(Date.parse(expiresAt) - v1.runtime.clock.now().getTime() - 1_000);
    const last = tokenBody.parse(await (await v1.get(tokenPath(v1), secret)).json());
    expect(last.max_cache_seconds).toBe(0);
    await v1.advance(1_000);
    expect(await codeOf(tokenPath(v1), secret)).toEqual([409, "token_expired"]);
  });
});

/** What others commit is seen from the next turn of the event loop on. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
