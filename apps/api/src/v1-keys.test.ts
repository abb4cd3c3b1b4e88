import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { connect } from "@perennial/runtime/testing";
import { describe, expect, it } from "vitest";

import { openV1, type AskV1, type TestV1 } from "./testing/open-v1.ts";
import { seededRandom } from "./testing/random.ts";
import { connectionListBody, problemBody } from "./v1/schemas.ts";

const tokenPath = (v1: TestV1): string => `/v1/connections/${v1.connectionId}/token`;

async function codeOf(answer: Response): Promise<[status: number, code: string]> {
  return [answer.status, problemBody.parse(await answer.json()).error.code];
}

async function bothWays(v1: TestV1, ask: (ask: AskV1) => Promise<void>): Promise<void> {
  for (const way of [v1.get, v1.overNetwork]) await ask(way);
}

describe("an API key", () => {
  it("AK-02 of any length and any bytes is a 401 and never an error of ours", async () => {
    await using v1 = await openV1({ environment: { API_REQUESTS_PER_MINUTE: "100000" } });
    const { secret } = await v1.createKey();
    const random = seededRandom(20_261_128);
    const statuses = new Set<number>();
    for (let length = 0; length <= 4_096; length += 1 + Math.floor(random() * 40)) {
      const mangled = (secret.slice(0, Math.floor(random() * 42)) + "x".repeat(length)).slice(0, length);
      const answer = await v1.get(tokenPath(v1), mangled);
      statuses.add(answer.status);
      await answer.arrayBuffer();
    }
    expect([...statuses].filter((status) => status !== 401 && status !== 429)).toEqual([]);
    for (const wrong of [`${secret}x`, secret.slice(0, -1), secret.toLowerCase(), `${secret.slice(0, -1)}!`])
      expect([wrong === secret, (await v1.get(tokenPath(v1), wrong)).ok]).toEqual([false, false]);
    expect((await v1.get(tokenPath(v1), secret)).status).toBe(200); // guesses from here do not shut others out
  });

  it("AK-05 opens nothing outside its actions, connections, addresses and time, in 40 tries", async () => {
    await using v1 = await openV1();
    const other = "con_0000000000000000000000";
    const refresh = { method: "POST" };
    const tries: [Parameters<TestV1["createKey"]>[0], string, object, number, string][] = [];
    const routes = [
      ["read", "/v1/connections", {}],
      ["read", `/v1/connections/${v1.connectionId}`, {}],
      ["token", tokenPath(v1), {}],
      ["refresh", `/v1/connections/${v1.connectionId}/refresh`, refresh],
    ] as const;
    for (const [action, route, init] of routes) {
      for (const actions of [
        ["read"],
        ["token"],
        ["refresh"],
        ["read", "refresh"],
        ["token", "refresh"],
      ] as const)
        if (!(actions as readonly string[]).includes(action))
          tries.push([{ actions }, route, init, 403, "key_action_refused"]);
      tries.push([{ allowedAddresses: ["192.0.2.0/24"] }, route, init, 403, "key_address_refused"]);
      tries.push([
        { allowedAddresses: ["2001:db8::/32", "10.0.0.1"] },
        route,
        init,
        403,
        "key_address_refused",
      ]);
    }
    for (const [key, route, init, status, code] of tries) {
      const { secret } = await v1.createKey(key);
      await bothWays(v1, async (ask) => {
        expect([route, ...(await codeOf(await ask(route, secret, init)))]).toEqual([route, status, code]);
      });
    }
    const missing = await v1.createKey();
    expect(await codeOf(await v1.get(`/v1/connections/${other}/token`, missing.secret))).toEqual([
      404,
      "connection_not_found",
    ]);
    expect(tries.length * 2).toBeGreaterThanOrEqual(38);
    const second = await v1.connectAnother("lena.paints");
    const narrow = await v1.createKey({ connectionIds: [v1.connectionId] });
    for (const [suffix, init] of [
      ["", {}],
      ["/token", {}],
      ["/refresh", refresh],
    ] as const)
      await bothWays(v1, async (ask) => {
        const answer = await ask(`/v1/connections/${second}${suffix}`, narrow.secret, init);
        expect([suffix, ...(await codeOf(answer))]).toEqual([suffix, 403, "key_connection_refused"]);
      });
    const idsFor = async (secret: string) => {
      const { connections } = connectionListBody.parse(
        await (await v1.get("/v1/connections", secret)).json(),
      );
      return connections.map(({ id }) => id).toSorted();
    };
    expect(await idsFor(narrow.secret)).toEqual([v1.connectionId]);
    expect(await idsFor(missing.secret)).toEqual([v1.connectionId, second].toSorted());
    const near = await v1.createKey({ allowedAddresses: ["127.0.0.0/8"] });
    expect((await v1.overNetwork(tokenPath(v1), near.secret)).status).toBe(200);
    const forged = { headers: { "x-forwarded-for": "192.0.2.7" } };
    const far = await v1.createKey({ allowedAddresses: ["192.0.2.0/24"] });
    expect((await v1.overNetwork(tokenPath(v1), far.secret, forged)).status).toBe(403); // HD-05
  });

  it("AK-05 is refused once it has expired or was revoked, and says since when", async () => {
    await using v1 = await openV1();
    const soon = new Date(Date.now() + 150);
    const short = await v1.createKey({ expiresAt: soon });
    const revoked = await v1.createKey();
    expect((await v1.get(tokenPath(v1), short.secret)).status).toBe(200);
    expect((await v1.get(tokenPath(v1), revoked.secret)).status).toBe(200);
    await v1.runtime.connections.revokeApiKey({ userId: v1.userId, id: revoked.key.id });
    await bothWays(v1, async (ask) => {
      const answer = await ask(tokenPath(v1), revoked.secret);
      const { error } = problemBody.parse(await answer.json());
      expect([answer.status, error.code]).toEqual([401, "key_revoked"]);
      expect(Math.abs(Date.parse(error.at ?? "") - Date.now())).toBeLessThan(10_000);
      expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="perennial", error="invalid_token"');
    });
    let answer = await v1.get(tokenPath(v1), short.secret);
    while (answer.status === 200) answer = await v1.get(tokenPath(v1), short.secret);
    const { error } = problemBody.parse(await answer.json());
    expect([answer.status, error.code, error.at]).toEqual([401, "key_expired", soon.toISOString()]);
  });

  it("AK-06 RF-05 counts in the Authorization header only, and is logged nowhere", async () => {
    await using v1 = await openV1();
    const { secret } = await v1.createKey();
    await bothWays(v1, async (ask) => {
      const elsewhere: [string, Parameters<AskV1>[2]][] = [
        [`${tokenPath(v1)}?access_token=${secret}`, {}],
        [`${tokenPath(v1)}?api_key=${secret}&key=${secret}`, {}],
        [tokenPath(v1), { headers: { cookie: `perennial_session=${secret}; key=${secret}` } }],
        [tokenPath(v1), { headers: { "x-api-key": secret } }],
        [tokenPath(v1), { headers: { authorization: secret } }],
        [tokenPath(v1), { headers: { authorization: `Basic ${btoa(`key:${secret}`)}` } }],
        [
          `/v1/connections/${v1.connectionId}/refresh`,
          { method: "POST", body: JSON.stringify({ key: secret }) },
        ],
      ];
      for (const [route, init] of elsewhere)
        expect([route.length, ...(await codeOf(await ask(route, null, init)))]).toEqual([
          route.length,
          401,
          "key_missing",
        ]);
    });
    await v1.overNetwork(tokenPath(v1), secret);
    const told = [
      ...v1.logLines,
      ...readdirSync(v1.folder).map((name) => readFileSync(path.join(v1.folder, name), "latin1")),
    ];
    expect(told.filter((text) => text.includes(secret.slice(4, 16)))).toEqual([]);
    expect(v1.logLines.join("")).toContain("token.handed_out");
    expect(v1.logLines.join("")).not.toMatch(/SIMTOK_/);
  });

  it("AK-09 tells another person's connection from none by nothing", async () => {
    await using v1 = await openV1();
    const { secret } = await v1.createKey();
    const { connectionId: foreign } = await connect(v1, "lena.paints");
    for (const [suffix, init] of [
      ["", {}],
      ["/token", {}],
      ["/refresh", { method: "POST" }],
    ] as const) {
      const answers = [
        foreign,
        "con_0000000000000000000000",
        "x",
        "%00",
        "con_'; DROP TABLE api_keys; --",
      ].map(async (id) => {
        const answer = await v1.get(`/v1/connections/${encodeURIComponent(id)}${suffix}`, secret, {
          ...init,
          headers: { "x-request-id": "the-same-id" },
        });
        return [answer.status, await answer.text(), [...answer.headers].toString()];
      });
      const [first, ...rest] = await Promise.all(answers);
      expect(first?.[0]).toBe(404);
      for (const other of rest) expect(other).toEqual(first);
    }
  });

  it("IN-06 and every other text of a request reach the database as values", async () => {
    await using v1 = await openV1();
    const { secret } = await v1.createKey({ name: "'; DROP TABLE api_keys; --" });
    const injections = [
      "' OR 1=1 --",
      '" OR ""="',
      "'; DELETE FROM users; --",
      "\\'; --",
      "%27%20OR%201=1",
      "1) UNION SELECT 1 --",
    ];
    for (const text of injections) {
      for (const route of [
        `/v1/connections/${encodeURIComponent(text)}/token`,
        `${tokenPath(v1)}?scopes=${encodeURIComponent(text)}`,
      ]) {
        expect([400, 404]).toContain((await v1.get(route, secret)).status);
        expect((await v1.get(route, encodeURIComponent(text))).status).toBe(401);
      }
    }
    expect((await v1.runtime.connections.listApiKeys(v1.userId))[0]?.name).toBe("'; DROP TABLE api_keys; --");
    expect((await v1.get(tokenPath(v1), secret)).status).toBe(200);
  });
});

describe("limits", () => {
  it("AK-08 are exact: of 1,000 requests at once with a quota of 100, 100 are answered", async () => {
    await using v1 = await openV1({ environment: { API_REQUESTS_PER_MINUTE: "100" } });
    const { secret } = await v1.createKey();
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => v1.get(tokenPath(v1), secret)));
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([count(200), count(429)]).toEqual([100, 900]);
    const refused = answers.find(({ status }) => status === 429);
    const retryAfter = Number(refused?.headers.get("retry-after"));
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(60);
    const { error } = problemBody.parse(await refused?.json());
    expect(error).toMatchObject({
      code: "too_many_requests",
      retryable: true,
      retry_after_seconds: retryAfter,
    });
  });

  it("RL-02 hold for sign-ins and changes on the web too, with the time to come again", async () => {
    await using v1 = await openV1({ environment: { SIGN_INS_PER_MINUTE: "5" } });
    const ask = async () =>
      fetch(`http://127.0.0.1:${v1.port}/trpc/auth.begin`, {
        method: "POST",
        body: "{}",
        headers: {
          "content-type": "application/json",
          "sec-fetch-site": "same-origin",
          origin: v1.config.appUrl,
          "x-perennial-client": "web",
        },
      });
    const answers = await Promise.all(Array.from({ length: 12 }, ask));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200, 200, 200, 200, 200, 429, 429, 429, 429, 429, 429, 429,
    ]);
    const refused = answers.find(({ status }) => status === 429);
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
    const { error } = JSON.parse((await refused?.text()) ?? "") as {
      error: { data: { reason: string; retryAfterSeconds: number } };
    };
    expect(error.data.reason).toBe("too_many_requests");
    expect(error.data.retryAfterSeconds).toBeGreaterThan(0);
  });
});
