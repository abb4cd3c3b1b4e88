import { describe, expect, it } from "vitest";

import { openV1 } from "./testing/open-v1.ts";
import { connectionBody, connectionListBody, problemBody, refreshBody, tokenBody } from "./v1/schemas.ts";

const DAY_MS = 86_400_000;

describe("GET /v1/connections/{id}/token", () => {
  it("AK-07 HD-04 hands out the token with all that a caller needs to keep it for a while, by both ways in", async () => {
    await using v1 = await openV1();
    const { secret } = await v1.createKey({ actions: ["token"] });
    for (const ask of [v1.get, v1.overNetwork]) {
      const answer = await ask(`/v1/connections/${v1.connectionId}/token`, secret);
      expect(answer.status).toBe(200);
      const body = tokenBody.parse(await answer.json());
      expect(body).toMatchObject({ connection_id: v1.connectionId, max_cache_seconds: 300 });
      expect(body.account).toMatchObject({ username: "acme.shop", login: "instagram" });
      expect(body.access_token).toMatch(/^SIMTOK_/);
      expect(body.scopes).toContain("instagram_business_basic");
      expect(Date.parse(body.expires_at) - Date.parse(body.fetched_at)).toBeGreaterThan(59 * DAY_MS);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(answer.headers.get("x-max-cache-seconds")).toBe("300");
      expect(answer.headers.get("etag")).toMatch(/^W\/"\d+"$/);
      expect(answer.headers.get("content-security-policy")).toContain("default-src 'self'");
    }
  });

  it("answers 304 while the token is the one the caller has, and 200 once it is another", async () => {
    await using v1 = await openV1();
    const { secret } = await v1.createKey();
    const path = `/v1/connections/${v1.connectionId}/token`;
    for (const ask of [v1.get, v1.overNetwork]) {
      const etag = (await ask(path, secret)).headers.get("etag") ?? "";
      for (const tag of [etag, etag.slice(2), `"0", ${etag}`, "*"]) {
        const answer = await ask(path, secret, { headers: { "if-none-match": tag } });
        expect([tag, answer.status, await answer.text()]).toEqual([tag, 304, ""]);
        expect(answer.headers.get("x-max-cache-seconds")).toBe("300");
        expect(answer.headers.get("cache-control")).toBe("no-store");
      }
      await v1.advance(2 * DAY_MS);
      const refreshed = await ask(`/v1/connections/${v1.connectionId}/refresh`, secret, {
        method: "POST",
        body: '{"force":true}',
      });
      expect(refreshBody.parse(await refreshed.json()).result).toBe("refreshed");
      const changed = await ask(path, secret, { headers: { "if-none-match": etag } });
      expect(changed.status).toBe(200);
      expect(changed.headers.get("etag")).not.toBe(etag);
    }
  });

  it("AK-07 gives a token that is known to be dead to nobody: 409 with the reason, since when, and a link", async () => {
    await using v1 = await openV1();
    const { secret } = await v1.createKey();
    const path = `/v1/connections/${v1.connectionId}/token`;
    const etag = (await v1.get(path, secret)).headers.get("etag") ?? "";
    v1.sim.users.removeApp("acme.shop");
    await v1.advance(40 * DAY_MS);
    await v1.runtime.connections.refresh({
      connectionId: v1.connectionId,
      userId: null,
      trigger: "worker",
      force: true,
    });
    for (const ask of [v1.get, v1.overNetwork]) {
      for (const headers of [{}, { "if-none-match": etag }, { "if-none-match": "*" }]) {
        const answer = await ask(path, secret, { headers });
        expect(answer.status).toBe(409);
        const { error } = problemBody.parse(await answer.json());
        expect(error.code).toBe("token_revoked");
        expect(Date.parse(error.at ?? "")).toBeLessThanOrEqual(v1.runtime.clock.now().getTime());
        expect(error.reconnect_url).toMatch(/^http:\/\/localhost:5173\/reconnect#/);
        expect(JSON.stringify(error)).not.toContain("SIMTOK_");
      }
    }
  });

  it("AK-07 does not outlive the token's end, whoever is down", async () => {
    await using v1 = await openV1();
    const { secret } = await v1.createKey();
    v1.sim.faults.add({ at: "refresh", do: "status", with: { status: 503 } });
    const ask = () => v1.get(`/v1/connections/${v1.connectionId}/token`, secret);
    const { expires_at: expiresAt } = tokenBody.parse(await (await ask()).json());
    await v1.advance(Date.parse(expiresAt) - v1.runtime.clock.now().getTime() - 80_000);
    const last = tokenBody.parse(await (await ask()).json());
    expect(last).toMatchObject({ expires_at: expiresAt });
    expect(last.max_cache_seconds).toBeLessThanOrEqual(20);
    await v1.advance(80_000);
    const answer = await ask();
    expect(answer.status).toBe(409);
    const { error } = problemBody.parse(await answer.json());
    expect(error).toMatchObject({ code: "token_expired", at: last.expires_at });
  });

  it("refuses a token that has not the scopes the caller needs, and says which", async () => {
    await using v1 = await openV1();
    const { secret } = await v1.createKey();
    const path = `/v1/connections/${v1.connectionId}/token`;
    const fine = await v1.get(`${path}?scopes=instagram_business_basic`, secret);
    expect(fine.status).toBe(200);
    for (const ask of [v1.get, v1.overNetwork]) {
      const answer = await ask(`${path}?scopes=instagram_business_basic,ads_management%20pages_read`, secret);
      expect(answer.status).toBe(403);
      const { error } = problemBody.parse(await answer.json());
      expect(error).toMatchObject({
        code: "permission_missing",
        missing_scopes: ["ads_management", "pages_read"],
      });
      expect(error.reconnect_url).toMatch(/reconnect#/);
    }
  });

  it("refreshes an urgent token first: one upstream call for 1,000 requests at once", async () => {
    await using v1 = await openV1();
    const { secret } = await v1.createKey();
    await v1.advance(55 * DAY_MS);
    const refreshes = () => v1.sim.ledger().filter(({ endpoint }) => endpoint === "refresh").length;
    const before = refreshes();
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, () => v1.get(`/v1/connections/${v1.connectionId}/token`, secret)),
    );
    const tokens = new Set<string>();
    for (const answer of answers) tokens.add(tokenBody.parse(await answer.json()).access_token);
    expect(tokens.size).toBe(1);
    expect(refreshes() - before).toBe(1);
  });
});

describe("the other routes of /v1", () => {
  it("show the connections a key may see, and hold no token", async () => {
    await using v1 = await openV1();
    const { secret } = await v1.createKey({ actions: ["read"] });
    const list = await (await v1.get("/v1/connections", secret)).text();
    const one = await (await v1.get(`/v1/connections/${v1.connectionId}`, secret)).text();
    const { connections } = connectionListBody.parse(JSON.parse(list));
    expect(connections).toEqual([connectionBody.parse(JSON.parse(one))]);
    expect(connections[0]).toMatchObject({ id: v1.connectionId, state: "healthy", problem: null });
    expect(list + one).not.toMatch(/SIMTOK_|v1\.dev\./);
  });

  it("refresh when it is due, and say why not otherwise", async () => {
    await using v1 = await openV1();
    const { secret } = await v1.createKey();
    const refresh = async (body?: string) => {
      const init = body === undefined ? { method: "POST" } : { method: "POST", body };
      const answer = await v1.get(`/v1/connections/${v1.connectionId}/refresh`, secret, init);
      return [answer.status, await answer.json()] as const;
    };
    expect((await refresh())[1]).toMatchObject({ result: "too_young" });
    await v1.advance(DAY_MS + 60_000); // no longer: a few connections are due on their second day
    expect((await refresh("{}"))[1]).toMatchObject({ result: "not_due" });
    expect((await refresh('{"force":true}'))[1]).toMatchObject({ result: "refreshed" });
    for (const body of ["{", "[]", '{"force":1}', '{"userId":"usr_x"}', "null"])
      expect([body, (await refresh(body))[0]]).toEqual([body, 400]);
    v1.sim.faults.add({ at: "refresh", do: "status", with: { status: 503 } });
    await v1.advance(2 * DAY_MS);
    const [status, failed] = await refresh('{"force":true}');
    expect([status, problemBody.parse(failed).error.code]).toEqual([502, "transient"]);
    v1.sim.faults.clear();
    v1.sim.users.removeApp("acme.shop");
    await v1.advance(2 * DAY_MS);
    const [refused, dead] = await refresh('{"force":true}');
    expect([refused, problemBody.parse(dead).error]).toMatchObject([409, { code: "token_revoked" }]);
  });

  it("are described by OpenAPI 3.1 from the schemas they answer by, with a page to read it", async () => {
    await using v1 = await openV1();
    const description = (await (await v1.get("/openapi.json", null)).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
    };
    expect(description.openapi).toBe("3.1.0");
    expect(Object.keys(description.paths)).toEqual([
      "/v1/connections",
      "/v1/connections/{id}",
      "/v1/connections/{id}/token",
      "/v1/connections/{id}/refresh",
    ]);
    const statuses = Object.keys(description.paths["/v1/connections/{id}/token"]?.["get"]?.responses ?? {});
    expect(statuses).toEqual(["200", "304", "400", "401", "403", "404", "409", "429", "503"]);
    const page = await v1.get("/v1/docs", null);
    const html = await page.text();
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(html).toContain("/v1/connections/{id}/token");
    expect(html).not.toMatch(/<script|style="|undefined|\[object/);
    expect((await v1.get("/v1/docs.css", null)).headers.get("content-type")).toContain("text/css");
  });

  it("refuse methods and parameters that they do not take", async () => {
    await using v1 = await openV1();
    const { secret } = await v1.createKey();
    const token = `/v1/connections/${v1.connectionId}/token`;
    for (const path of [
      `${token}?x=1`,
      `${token}?scopes=a&scopes=b`,
      `${token}?scopes=%00`,
      "/v1/connections?a=1",
    ])
      expect([path, (await v1.get(path, secret)).status]).toEqual([path, 400]);
    for (const method of ["POST", "PUT", "DELETE", "PATCH"])
      expect([method, (await v1.get(token, secret, { method })).status]).toEqual([method, 405]);
    expect((await v1.get("/v1/nothing", secret)).status).toBe(404);
  });
});

describe("X-Request-Id", () => {
  it("is taken over where it is sane, and made anew where it is not", async () => {
    await using v1 = await openV1();
    const path = `/v1/connections/${v1.connectionId}/token`;
    for (const ask of [v1.get, v1.overNetwork]) {
      for (const sane of ["trace-0001", "4bf92f3577b34da6a3ce929d0e0e4736", "0195.a_b-c.d"]) {
        const answer = await ask(path, null, { headers: { "x-request-id": sane } });
        expect(answer.headers.get("x-request-id")).toBe(sane);
        expect(problemBody.parse(await answer.json()).error.request_id).toBe(sane);
      }
      for (const hostile of [
        "short",
        "x".repeat(65),
        'a"b{}cdefgh',
        "<script>x</script>",
        "../../etc/passwd",
        "a b c d e f g h",
      ]) {
        const answer = await ask(path, null, { headers: { "x-request-id": hostile } });
        expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
        expect(await answer.text()).not.toContain(hostile);
      }
    }
  });
});
